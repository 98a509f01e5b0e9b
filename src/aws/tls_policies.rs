//! The security policies of TLS listeners: which versions of TLS each lets clients use.

/// A version of TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TlsVersion {
    /// TLS 1.0, deprecated by RFC 8996.
    Tls10,
    /// TLS 1.1, deprecated by RFC 8996.
    Tls11,
    /// TLS 1.2.
    Tls12,
    /// TLS 1.3.
    Tls13,
}

impl TlsVersion {
    /// Its name for people, such as `TLS 1.2`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tls10 => "TLS 1.0",
            Self::Tls11 => "TLS 1.1",
            Self::Tls12 => "TLS 1.2",
            Self::Tls13 => "TLS 1.3",
        }
    }
}

use TlsVersion::{Tls10, Tls11, Tls12, Tls13};

/// A predefined security policy.
#[derive(Debug, PartialEq, Eq)]
pub struct TlsPolicy {
    /// Its name, such as `ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09`.
    pub name: &'static str,
    /// The oldest version that a client may use.
    pub oldest: TlsVersion,
    /// The newest version that a client may use.
    pub newest: TlsVersion,
}

impl TlsPolicy {
    /// Whether its cryptography is that of a FIPS 140 module.
    #[must_use]
    pub fn is_fips(&self) -> bool {
        self.name.contains("-FIPS-")
    }

    /// Whether it offers a hybrid post-quantum key exchange (ML-KEM) beside the classical one.
    #[must_use]
    pub fn is_post_quantum(&self) -> bool {
        self.name.contains("-PQ-")
    }

    /// The policy of connections from the load balancer to targets with TLS, which cannot be chosen. Source:
    /// `elasticloadbalancing/latest/network/describe-ssl-policies` (2026), "Backend connections".
    #[must_use]
    pub fn backend_policy(&self) -> &'static str {
        match (self.is_fips(), self.is_post_quantum(), self.newest) {
            (true, true, _) => "ELBSecurityPolicy-TLS13-1-0-FIPS-PQ-2025-09",
            (true, false, _) => "ELBSecurityPolicy-TLS13-1-0-FIPS-2023-04",
            (false, true, _) => "ELBSecurityPolicy-TLS13-1-0-PQ-2025-09",
            (false, false, Tls13) => "ELBSecurityPolicy-TLS13-1-0-2021-06",
            (false, false, _) => DEFAULT,
        }
    }
}

/// The policy of a listener that names none, in templates and in the API. It lets clients use TLS 1.0. Source:
/// `elasticloadbalancing/latest/network/describe-ssl-policies` (2026).
pub const DEFAULT: &str = "ELBSecurityPolicy-2016-08";

/// The policy that AWS recommends and its console chooses: TLS 1.2 and 1.3 without CBC ciphers, and post-quantum. Same
/// source.
pub const RECOMMENDED: &str = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09";

/// The oldest version that no standard has deprecated.
pub const OLDEST_SOUND: TlsVersion = Tls12;

const fn policy(name: &'static str, oldest: TlsVersion, newest: TlsVersion) -> TlsPolicy {
    TlsPolicy { name, oldest, newest }
}

/// All policies for Network Load Balancers, sorted by name.
///
/// Source: `elasticloadbalancing/latest/network/describe-ssl-policies` (2026), "Protocols by policy". The page leaves
/// `ELBSecurityPolicy-TLS-1-0-2015-04` out, which aws-cdk-lib 2.276.0 has in its enumeration for all listeners; it is
/// here so that a template with it is understood.
pub static TLS_POLICIES: &[TlsPolicy] = &[
    policy("ELBSecurityPolicy-2015-05", Tls10, Tls12),
    policy("ELBSecurityPolicy-2016-08", Tls10, Tls12),
    policy("ELBSecurityPolicy-FS-1-1-2019-08", Tls11, Tls12),
    policy("ELBSecurityPolicy-FS-1-2-2019-08", Tls12, Tls12),
    policy("ELBSecurityPolicy-FS-1-2-Res-2019-08", Tls12, Tls12),
    policy("ELBSecurityPolicy-FS-1-2-Res-2020-10", Tls12, Tls12),
    policy("ELBSecurityPolicy-FS-2018-06", Tls10, Tls12),
    policy("ELBSecurityPolicy-TLS-1-0-2015-04", Tls10, Tls12),
    policy("ELBSecurityPolicy-TLS-1-1-2017-01", Tls11, Tls12),
    policy("ELBSecurityPolicy-TLS-1-2-2017-01", Tls12, Tls12),
    policy("ELBSecurityPolicy-TLS-1-2-Ext-2018-06", Tls12, Tls12),
    policy("ELBSecurityPolicy-TLS13-1-0-2021-06", Tls10, Tls13),
    policy("ELBSecurityPolicy-TLS13-1-0-FIPS-2023-04", Tls10, Tls13),
    policy("ELBSecurityPolicy-TLS13-1-0-FIPS-PQ-2025-09", Tls10, Tls13),
    policy("ELBSecurityPolicy-TLS13-1-0-PQ-2025-09", Tls10, Tls13),
    policy("ELBSecurityPolicy-TLS13-1-1-2021-06", Tls11, Tls13),
    policy("ELBSecurityPolicy-TLS13-1-1-FIPS-2023-04", Tls11, Tls13),
    policy("ELBSecurityPolicy-TLS13-1-2-2021-06", Tls12, Tls13),
    policy("ELBSecurityPolicy-TLS13-1-2-Ext0-FIPS-2023-04", Tls12, Tls13),
    policy("ELBSecurityPolicy-TLS13-1-2-Ext0-FIPS-PQ-2025-09", Tls12, Tls13),
    policy("ELBSecurityPolicy-TLS13-1-2-Ext1-2021-06", Tls12, Tls13),
    policy("ELBSecurityPolicy-TLS13-1-2-Ext1-FIPS-2023-04", Tls12, Tls13),
    policy("ELBSecurityPolicy-TLS13-1-2-Ext1-FIPS-PQ-2025-09", Tls12, Tls13),
    policy("ELBSecurityPolicy-TLS13-1-2-Ext1-PQ-2025-09", Tls12, Tls13),
    policy("ELBSecurityPolicy-TLS13-1-2-Ext2-2021-06", Tls12, Tls13),
    policy("ELBSecurityPolicy-TLS13-1-2-Ext2-FIPS-2023-04", Tls12, Tls13),
    policy("ELBSecurityPolicy-TLS13-1-2-Ext2-FIPS-PQ-2025-09", Tls12, Tls13),
    policy("ELBSecurityPolicy-TLS13-1-2-Ext2-PQ-2025-09", Tls12, Tls13),
    policy("ELBSecurityPolicy-TLS13-1-2-FIPS-2023-04", Tls12, Tls13),
    policy("ELBSecurityPolicy-TLS13-1-2-FIPS-PQ-2025-09", Tls12, Tls13),
    policy("ELBSecurityPolicy-TLS13-1-2-PQ-2025-09", Tls12, Tls13),
    policy("ELBSecurityPolicy-TLS13-1-2-Res-2021-06", Tls12, Tls13),
    policy("ELBSecurityPolicy-TLS13-1-2-Res-FIPS-2023-04", Tls12, Tls13),
    policy("ELBSecurityPolicy-TLS13-1-2-Res-FIPS-PQ-2025-09", Tls12, Tls13),
    policy("ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", Tls12, Tls13),
    policy("ELBSecurityPolicy-TLS13-1-3-2021-06", Tls13, Tls13),
    policy("ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04", Tls13, Tls13),
    policy("ELBSecurityPolicy-TLS13-1-3-FIPS-PQ-2025-09", Tls13, Tls13),
    policy("ELBSecurityPolicy-TLS13-1-3-PQ-2025-09", Tls13, Tls13),
];

/// The policy with this name.
#[must_use]
pub fn tls_policy(name: &str) -> Option<&'static TlsPolicy> {
    let index = TLS_POLICIES.binary_search_by(|policy| policy.name.cmp(name)).ok()?;
    TLS_POLICIES.get(index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_every_policy_is_found() {
        assert!(TLS_POLICIES.is_sorted_by(|left, right| left.name < right.name));
        assert!(TLS_POLICIES.iter().all(|policy| tls_policy(policy.name) == Some(policy)));
        assert_eq!(tls_policy("ELBSecurityPolicy-TLS13-1-2"), None);
    }

    #[test]
    fn the_versions_are_those_that_the_name_says() {
        for policy in TLS_POLICIES {
            assert!(policy.oldest <= policy.newest);
            assert_eq!(policy.newest == Tls13, policy.name.contains("-TLS13-"), "{}", policy.name);
            for (mark, oldest) in [("13-1-1-", Tls11), ("13-1-2-", Tls12), ("13-1-3-", Tls13), ("13-1-0-", Tls10)] {
                assert!(!policy.name.contains(mark) || policy.oldest == oldest, "{}", policy.name);
            }
        }
    }

    #[test]
    fn what_is_recommended_is_sound_and_the_default_is_not() {
        assert!(
            tls_policy(RECOMMENDED).is_some_and(|policy| policy.oldest >= OLDEST_SOUND && policy.is_post_quantum())
        );
        assert!(tls_policy(DEFAULT).is_some_and(|policy| policy.oldest < OLDEST_SOUND));
    }

    #[test]
    fn backend_connections_follow_the_policy_of_the_listener() {
        for policy in TLS_POLICIES {
            let backend = tls_policy(policy.backend_policy()).unwrap();
            assert_eq!(backend.is_fips(), policy.is_fips(), "{}", policy.name);
            assert_eq!(backend.is_post_quantum(), policy.is_post_quantum(), "{}", policy.name);
            assert_eq!(backend.newest, policy.newest, "{}", policy.name);
        }
    }
}
