//! What ECS allows for tasks on Fargate: sizes, storage, timeouts, health checks, platform versions, capacity providers.

use std::ops::RangeInclusive;

/// One CPU size of a Fargate task with the memory that goes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// CPU units; 1024 are one vCPU.
    pub cpu: u32,
    memory: Memory,
    /// Whether it needs platform version 1.4.0 or later.
    pub needs_platform_1_4: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Memory {
    /// From, to and step, in MiB.
    Steps(u32, u32, u32),
    /// Each value, in MiB.
    Values(&'static [u32]),
}

const GIB: u32 = 1024;

const fn steps(cpu: u32, from: u32, to: u32, step: u32) -> Size {
    Size { cpu, memory: Memory::Steps(from * GIB, to * GIB, step * GIB), needs_platform_1_4: cpu >= 8192 }
}

/// The sizes of Linux tasks, from small to big.
///
/// Source: `AmazonECS/latest/developerguide/task_definition_parameters` (2026) and the schema
/// `aws_ecs_taskdefinition/fargate_cpu_memory.json` of cfn-lint 1.58.0, which agree. The 32 vCPU size is in both but not in
/// the text of botocore 1.44.5.
pub const SIZES: &[Size] = &[
    Size { cpu: 256, memory: Memory::Values(&[512, GIB, 2 * GIB]), needs_platform_1_4: false },
    steps(512, 1, 4, 1),
    steps(1024, 2, 8, 1),
    steps(2048, 4, 16, 1),
    steps(4096, 8, 30, 1),
    steps(8192, 16, 60, 4),
    steps(16384, 32, 120, 8),
    Size { cpu: 32768, memory: Memory::Values(&[60 * GIB, 120 * GIB, 244 * GIB]), needs_platform_1_4: true },
];

/// Why a pair of CPU and memory is not a size of Fargate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SizeError {
    /// No size has this number of CPU units; the nearest that has.
    Cpu {
        /// CPU units.
        nearest: u32,
    },
    /// The CPU size exists but not with this memory; the nearest that does.
    Memory {
        /// MiB, with the same CPU.
        nearest: u32,
        /// The smallest CPU size, in units, that takes the memory as it is, if any does.
        cpu_for_memory: Option<u32>,
    },
}

impl Size {
    /// The size with so many CPU units.
    #[must_use]
    pub fn with_cpu(cpu: u32) -> Option<&'static Self> {
        SIZES.iter().find(|size| size.cpu == cpu)
    }

    /// The memory sizes, in MiB, that go with this CPU, from small to big.
    pub fn memory(&self) -> impl Iterator<Item = u32> {
        let (steps, values) = match self.memory {
            Memory::Steps(from, to, step) => (Some((from..=to).step_by(step as usize)), None),
            Memory::Values(values) => (None, Some(values.iter().copied())),
        };
        steps.into_iter().flatten().chain(values.into_iter().flatten())
    }

    /// Whether it takes so many MiB of memory.
    #[must_use]
    pub fn takes(&self, memory: u32) -> bool {
        self.memory().any(|size| size == memory)
    }
}

/// Whether a task may have so many CPU units and MiB of memory.
///
/// # Errors
///
/// What does not fit, with the nearest that does. Of two that are equally near, the bigger one.
pub fn check_size(cpu: u32, memory: u32) -> Result<&'static Size, SizeError> {
    let Some(size) = Size::with_cpu(cpu) else {
        let nearest = nearest(cpu, SIZES.iter().map(|size| size.cpu));
        return Err(SizeError::Cpu { nearest });
    };
    if size.takes(memory) {
        return Ok(size);
    }
    let cpu_for_memory = SIZES.iter().find(|size| size.takes(memory)).map(|size| size.cpu);
    Err(SizeError::Memory { nearest: nearest(memory, size.memory()), cpu_for_memory })
}

fn nearest(wanted: u32, candidates: impl Iterator<Item = u32>) -> u32 {
    candidates.min_by_key(|candidate| (candidate.abs_diff(wanted), u32::MAX - candidate)).unwrap_or(wanted)
}

/// CPU units written as a task definition may have them: `1024`, `1 vCPU` or `.5 vcpu`.
///
/// Source: the patterns of cfn-lint 1.58.0 and the text of botocore 1.44.5, shape `RegisterTaskDefinitionRequest`.
#[must_use]
pub fn parse_cpu(text: &str) -> Option<u32> {
    parse_quantity(text, "vcpu")
}

/// Memory in MiB written as a task definition may have it: `2048`, `2 GB` or `0.5GB`. A GB here is 1024 MiB. Same source.
#[must_use]
pub fn parse_memory(text: &str) -> Option<u32> {
    parse_quantity(text, "gb")
}

/// A plain number, or a number with up to three decimals times 1024 before `unit`.
fn parse_quantity(text: &str, unit: &str) -> Option<u32> {
    let text = text.trim().to_ascii_lowercase();
    let Some(number) = text.strip_suffix(unit) else { return parse_digits(&text) };
    let (whole, decimals) = number.trim_end().split_once('.').unwrap_or((number.trim_end(), ""));
    if (whole.is_empty() && decimals.is_empty()) || decimals.len() > 3 {
        return None;
    }
    let whole = if whole.is_empty() { 0 } else { parse_digits(whole)? };
    let thousandths = if decimals.is_empty() { 0 } else { parse_digits(&format!("{decimals:0<3}"))? };
    let units = u64::from(whole) * 1024 * 1000 + u64::from(thousandths) * 1024;
    if units % 1000 == 0 { u32::try_from(units / 1000).ok() } else { None }
}

fn parse_digits(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// How many containers a task definition has at most. Source: Amazon ECS developer guide, service quotas.
pub const MOST_CONTAINERS: usize = 10;

/// How many subnets a service can have. Source: botocore 1.44.5, shape `AwsVpcConfiguration`.
pub const SUBNETS_PER_SERVICE: usize = 16;

/// How many security groups a service can have. Same source.
pub const SECURITY_GROUPS_PER_SERVICE: usize = 5;

/// Ephemeral storage of a task, in GiB, when it is set at all. Source: botocore 1.44.5, shape `EphemeralStorage`.
pub const EPHEMERAL_STORAGE: RangeInclusive<u32> = 21..=200;

/// Ephemeral storage of a task, in GiB, when it is not set; the value itself cannot be set. Source:
/// `AmazonECS/latest/developerguide/fargate-task-storage`.
pub const EPHEMERAL_STORAGE_DEFAULT: u32 = 20;

/// Seconds between `SIGTERM` and `SIGKILL`. Source: botocore 1.44.5, shape `ContainerDefinition`.
pub const STOP_TIMEOUT: RangeInclusive<u32> = 2..=120;

/// Seconds between `SIGTERM` and `SIGKILL` when not set. Same source.
pub const STOP_TIMEOUT_DEFAULT: u32 = 30;

/// Seconds to wait for a container that another one depends on. Same source.
pub const START_TIMEOUT: RangeInclusive<u32> = 2..=120;

/// The limits of a container's health check. Source: botocore 1.44.5, shape `HealthCheck` of ECS.
pub mod health_check {
    use std::ops::RangeInclusive;

    /// Seconds between checks.
    pub const INTERVAL: RangeInclusive<u32> = 5..=300;
    /// Seconds between checks when not set.
    pub const INTERVAL_DEFAULT: u32 = 30;
    /// Seconds until a check has failed.
    pub const TIMEOUT: RangeInclusive<u32> = 2..=60;
    /// Seconds until a check has failed when not set.
    pub const TIMEOUT_DEFAULT: u32 = 5;
    /// Failures in a row until the container is unhealthy.
    pub const RETRIES: RangeInclusive<u32> = 1..=10;
    /// Failures in a row until the container is unhealthy when not set.
    pub const RETRIES_DEFAULT: u32 = 3;
    /// Seconds after the start in which failures do not count. Off when not set.
    pub const START_PERIOD: RangeInclusive<u32> = 0..=300;
    /// The first word of its command: the rest is a command with arguments, or one line for the container's shell.
    pub const COMMANDS: &[&str] = &["CMD", "CMD-SHELL"];
}

/// The limits of a container's restart policy. Source: botocore 1.44.5, shape `ContainerRestartPolicy`.
pub mod restart_policy {
    use std::ops::RangeInclusive;

    /// Seconds that a container must have run before it is started again.
    pub const ATTEMPT_PERIOD: RangeInclusive<u32> = 60..=1800;
    /// The same when not set.
    pub const ATTEMPT_PERIOD_DEFAULT: u32 = 300;
    /// How many exit codes may be ignored.
    pub const MOST_IGNORED_EXIT_CODES: usize = 50;
}

/// The platform versions of Linux tasks that can be asked for; `LATEST` is 1.4.0. Source: the enumeration
/// `FargatePlatformVersion` of aws-cdk-lib 2.276.0.
pub const PLATFORM_VERSIONS: &[&str] = &["LATEST", "1.4.0", "1.3.0", "1.2.0", "1.1.0", "1.0.0"];

/// The CPU architectures. `X86_64` when not set; `ARM64` only for Linux. Source:
/// `AmazonECS/latest/developerguide/task_definition_parameters` (2026).
pub const CPU_ARCHITECTURES: &[&str] = &["X86_64", "ARM64"];

/// The operating system families that run on Fargate. Values for Windows Server 2025 exist in the API, but the platform
/// version page does not list them. Source: `AmazonECS/latest/developerguide/platform-windows-fargate` (2026).
pub const OPERATING_SYSTEMS: &[&str] = &[
    "LINUX",
    "WINDOWS_SERVER_2019_FULL",
    "WINDOWS_SERVER_2019_CORE",
    "WINDOWS_SERVER_2022_FULL",
    "WINDOWS_SERVER_2022_CORE",
];

/// The log drivers that Fargate has. Source: botocore 1.44.5, shape `LogConfiguration` of ECS.
pub const LOG_DRIVERS: &[&str] = &["awslogs", "splunk", "awsfirelens"];

/// The capacity providers of Fargate. They exist without being made; a cluster must be associated with them. Source:
/// `AmazonECS/latest/developerguide/fargate-capacity-providers`.
pub const CAPACITY_PROVIDERS: &[&str] = &["FARGATE", "FARGATE_SPOT"];

/// Seconds of notice that a Spot task has before it is interrupted. Same source.
pub const SPOT_NOTICE: u32 = 120;

/// Tasks of a capacity provider strategy to be placed on one provider first; only one provider of a strategy may have
/// any. Source: botocore 1.44.5, shape `CapacityProviderStrategyItem`.
pub const CAPACITY_PROVIDER_BASE: RangeInclusive<u32> = 0..=100_000;

/// Share of the tasks beyond the base. At least one provider of a strategy must have more than 0. Same source.
pub const CAPACITY_PROVIDER_WEIGHT: RangeInclusive<u32> = 0..=1000;

/// How many providers a strategy may have. Source: botocore 1.44.5, shape `CreateServiceRequest`.
pub const MOST_CAPACITY_PROVIDERS: usize = 20;

/// How many subnets a service may have. Source: botocore 1.44.5, shape `AwsVpcConfiguration`.
pub const MOST_SUBNETS: usize = 16;

/// How many security groups a service may have. Same source.
pub const MOST_SECURITY_GROUPS: usize = 5;

/// Whether `name` can be the name of a container or the family of a task definition: 1 to 255 letters, digits,
/// underscores and hyphens. Source: botocore 1.44.5, shapes `ContainerDefinition` and `RegisterTaskDefinitionRequest`.
#[must_use]
pub fn is_name(name: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=255).contains(&name.len()) && name.bytes().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_memory_of_each_size_is_what_the_table_of_aws_says() {
        let counts: Vec<_> = SIZES.iter().map(|size| (size.cpu, size.memory().count())).collect();
        let expected = [(256, 3), (512, 4), (1024, 7), (2048, 13), (4096, 23), (8192, 12), (16384, 12), (32768, 3)];
        assert_eq!(counts, expected);
        let last: Vec<_> = SIZES.iter().filter_map(|size| size.memory().last()).collect();
        assert_eq!(last, [2048, 4096, 8192, 16384, 30720, 61440, 122_880, 249_856]);
    }

    #[test]
    fn a_size_that_exists_is_taken() {
        assert!(check_size(256, 512).is_ok());
        assert!(check_size(8192, 20480).unwrap().needs_platform_1_4);
        assert!(!check_size(4096, 30720).unwrap().needs_platform_1_4);
    }

    #[test]
    fn what_does_not_fit_has_a_nearest() {
        assert_eq!(check_size(300, 512), Err(SizeError::Cpu { nearest: 256 }));
        assert_eq!(check_size(384, 512), Err(SizeError::Cpu { nearest: 512 }));
        assert_eq!(check_size(256, 4096), Err(SizeError::Memory { nearest: 2048, cpu_for_memory: Some(512) }));
        assert_eq!(check_size(8192, 17408), Err(SizeError::Memory { nearest: 16384, cpu_for_memory: Some(4096) }));
        assert_eq!(check_size(256, 1536), Err(SizeError::Memory { nearest: 2048, cpu_for_memory: None }));
        assert_eq!(check_size(0, 0), Err(SizeError::Cpu { nearest: 256 }));
        assert_eq!(check_size(u32::MAX, 0), Err(SizeError::Cpu { nearest: 32768 }));
    }

    #[test]
    fn quantities_are_read_as_ecs_reads_them() {
        for (text, cpu) in [("1024", 1024), (".25 vCPU", 256), ("0.5vcpu", 512), ("16 vCPU", 16384), ("1 VCPU", 1024)] {
            assert_eq!(parse_cpu(text), Some(cpu), "{text}");
        }
        for (text, memory) in [("512", 512), ("0.5GB", 512), ("4 GB", 4096), ("244 gb", 249_856)] {
            assert_eq!(parse_memory(text), Some(memory), "{text}");
        }
        for text in ["", "vcpu", ". vCPU", "-1", "+1", "1.2.3 vCPU", "1e3", "0.0001 vCPU", "0.3 vCPU", "99999999999"] {
            assert_eq!(parse_cpu(text), None, "{text}");
        }
    }

    #[test]
    fn names_are_letters_digits_underscores_and_hyphens() {
        assert!(is_name("api_1-b"));
        assert!(!is_name("") && !is_name("a.b") && !is_name("é") && !is_name(&"a".repeat(256)));
    }

    proptest! {
        #[test]
        fn what_is_suggested_is_a_size(cpu in 0_u32..70_000, memory in 0_u32..300_000) {
            match check_size(cpu, memory) {
                Ok(size) => prop_assert!(size.cpu == cpu && size.takes(memory)),
                Err(SizeError::Cpu { nearest }) => prop_assert!(Size::with_cpu(nearest).is_some()),
                Err(SizeError::Memory { nearest, cpu_for_memory }) => {
                    prop_assert!(check_size(cpu, nearest).is_ok());
                    prop_assert!(cpu_for_memory.is_none_or(|cpu| check_size(cpu, memory).is_ok()));
                }
            }
        }
    }
}
