//! Containers: several of them, what they wait for, what they may write, what they are told.

use ringfence::cfn::Value;

use crate::building::{errors, findings, json};

use super::build;
use super::tasks::{api, main_container, task};

const HOST: &str = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";

/// A service with a sidecar `log` that has these members, and with these members of its own.
fn with_log(log: &str, own: &str) -> String {
    api(&format!("sidecars: {{ log: {{ image: \"{HOST}/log:1\", {log} }} }}, {own}"))
}

fn texts(value: &Value) -> Vec<String> {
    value
        .as_list()
        .expect("a list")
        .iter()
        .map(|item| item.as_str().map_or_else(|| json(item), str::to_owned))
        .collect()
}

#[test]
fn the_root_file_system_is_read_only_and_each_container_has_folders_of_its_own() {
    let built = build(&with_log("writablePaths: [/tmp, /var/log/x]", ""));
    assert_eq!(main_container(&built, "ReadonlyRootFilesystem"), &Value::from(true));
    let sources = |index: usize| -> Vec<String> {
        let mounts = task(&built, &format!("ContainerDefinitions/{index}/MountPoints")).as_list().expect("mounts");
        mounts.iter().filter_map(|mount| mount.get("SourceVolume")?.as_str().map(str::to_owned)).collect()
    };
    assert_eq!(sources(0), ["api-tmp"]);
    assert_eq!(sources(1), ["log-tmp", "log-var-log-x"]);
    let volumes = task(&built, "Volumes").as_list().expect("volumes");
    assert_eq!(volumes.len(), 3);
}

#[test]
fn folders_whose_names_look_alike_are_not_shared() {
    let built = build(&api("writablePaths: [/a/b, /a-b]"));
    let mounts = json(main_container(&built, "MountPoints"));
    assert!(mounts.contains("\"api-a-b\"") && mounts.contains("\"api-a-b-2\""), "{mounts}");
}

#[test]
fn a_root_file_system_that_can_be_written_needs_no_volumes() {
    let built = build(&api("readOnlyRootFilesystem: false"));
    assert_eq!(main_container(&built, "ReadonlyRootFilesystem"), &Value::from(false));
    let definition = crate::building::at(&built.stack, "api/Task/Definition");
    assert!(definition.resource.property("Volumes").is_none());
}

#[test]
fn folders_that_cannot_be_mounted_are_refused() {
    let built = build(&api("writablePaths: [tmp, /, /a/../b, /c, /c/, //]"));
    insta::assert_snapshot!(findings(&built.stack).join("\n"));
}

#[test]
fn a_health_check_says_who_runs_its_command() {
    let command = |command: &str| {
        let built = build(&api(&format!("containerHealth: {{ command: {command} }}")));
        texts(main_container(&built, "HealthCheck/Command"))
    };
    assert_eq!(command("[curl -f localhost || exit 1]"), ["CMD-SHELL", "curl -f localhost || exit 1"]);
    assert_eq!(command("[/check, --fast]"), ["CMD", "/check", "--fast"]);
    assert_eq!(command("[CMD, /check]"), ["CMD", "/check"]);
    assert_eq!(command("[CMD-SHELL, exit 0]"), ["CMD-SHELL", "exit 0"]);
}

#[test]
fn a_health_check_without_a_command_is_refused() {
    for command in ["[]", "[CMD]", "[CMD-SHELL]"] {
        assert_eq!(errors(&build(&api(&format!("containerHealth: {{ command: {command} }}"))).stack), ["RF0217"]);
    }
}

#[test]
fn containers_wait_for_each_other_in_the_words_of_ecs() {
    let built = build(&with_log("health: { command: [\"true\"] }", "dependsOn: { log: healthy }"));
    assert_eq!(findings(&built.stack), [] as [&str; 0]);
    assert_eq!(main_container(&built, "DependsOn/0/ContainerName"), &Value::from("log"));
    assert_eq!(main_container(&built, "DependsOn/0/Condition"), &Value::from("HEALTHY"));
}

#[test]
fn what_can_never_start_is_refused() {
    let specs = [
        with_log("", "dependsOn: { lgo: start }"),
        with_log("", "dependsOn: { nothing: start }"),
        with_log("", "dependsOn: { log: healthy }"),
        with_log("", "dependsOn: { log: success }"),
        with_log("", "dependsOn: { log: complete }"),
        with_log("dependsOn: { api: healthy }", ""),
        with_log("dependsOn: { api: start }", "dependsOn: { log: start }"),
        with_log("dependsOn: { log: start }", ""),
        with_log("dependsOn: { log: start }", "dependsOn: { log: start }"),
    ];
    let said: Vec<String> = specs.iter().flat_map(|spec| findings(&build(spec).stack)).collect();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_job_that_must_succeed_first_is_not_essential() {
    let built = build(&with_log("essential: false", "dependsOn: { log: success }"));
    assert_eq!(findings(&built.stack), [] as [&str; 0]);
}

#[test]
fn containers_do_not_share_a_name_a_port_or_a_variable() {
    let image = format!("image: \"{HOST}/log:1\"");
    assert_eq!(errors(&build(&api(&format!("sidecars: {{ api: {{ {image} }} }}"))).stack), ["RF0210"]);
    assert_eq!(errors(&build(&with_log("port: 8080", "")).stack), ["RF0214"]);
    assert_eq!(
        errors(&build(&api("environment: { A: x }, secrets: { A: prod/a }, parameters: { A: /a }")).stack),
        ["RF0215", "RF0215"]
    );
    assert_eq!(errors(&build(&api("environment: { \"A=B\": x }")).stack), ["RF0215"]);
}

#[test]
fn tcp_and_udp_on_one_port_are_two_things() {
    let spec = format!(
        "services: {{ api: {{ image: \"{HOST}/api:1\", sidecars: {{ a: {{ image: \"{HOST}/a:1\", port: 53 }} }}, port: 53, protocol: udp }} }}"
    );
    assert!(!errors(&build(&spec).stack).contains(&"RF0214"));
}

#[test]
fn what_sidecars_reserve_fits_into_the_task() {
    assert_eq!(errors(&build(&with_log("cpu: 256, memory: 512", "")).stack), [] as [&str; 0]);
    assert_eq!(errors(&build(&with_log("cpu: 257, memory: 513", "")).stack), ["RF0209", "RF0209"]);
}

#[test]
fn an_init_process_runs_where_sessions_are_opened_unless_the_spec_says() {
    let init = |members: &str| {
        let built = build(&api(members));
        let container = task(&built, "ContainerDefinitions/0").get("LinuxParameters").cloned();
        container.and_then(|linux| linux.get("InitProcessEnabled").and_then(Value::as_bool))
    };
    assert_eq!(init(""), None);
    assert_eq!(init("exec: true"), Some(true));
    assert_eq!(init("initProcess: true"), Some(true));
    assert_eq!(init("exec: true, initProcess: false"), None);
}

#[test]
fn time_to_stop_is_long_enough_for_the_load_balancer_to_notice() {
    assert_eq!(main_container(&build("{}"), "StopTimeout"), &Value::from(120));
}

#[test]
fn tokens_go_through_untouched() {
    let token = "\"${Token[TOKEN.12]}\"";
    let built = build(&api(&format!(
        "environment: {{ A: {token} }}, command: [{token}], user: {token}, stopTimeout: -1.8881545897087846e+289"
    )));
    assert_eq!(findings(&built.stack), [] as [&str; 0]);
    for path in ["Environment/0/Value", "Command/0", "User"] {
        assert_eq!(main_container(&built, path), &Value::from("${Token[TOKEN.12]}"), "{path}");
    }
    assert_eq!(main_container(&built, "StopTimeout"), &Value::from(-1.888_154_589_708_784_6e289));
}
