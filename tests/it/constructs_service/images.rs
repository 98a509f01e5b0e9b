//! Images: where they are pulled from, what that needs, and those that are built.

use ringfence::cfn::Value;
use ringfence::constructs::Stack;

use crate::building::{at, errors, findings, property};

use super::tasks::{flat, main_container};
use super::{Built, build};

fn with_image(image: &str, more: &str) -> Built {
    build(&format!("services: {{ api: {{ image: {image}, port: 8080, {more} }} }}"))
}

/// The repositories from which the execution role may pull.
fn repositories(stack: &Stack) -> String {
    flat(property(at(stack, "api/Task/ExecutionRole"), "Policies/0/PolicyDocument/Statement/1/Resource"))
}

#[test]
fn an_image_leads_to_its_repository_in_roles_and_endpoints_alike() {
    let built = build("{}");
    let repository = "arn:<AWS::Partition>:ecr:eu-west-1:111122223333:repository/api";
    assert_eq!(repositories(&built.stack), repository);
    for endpoint in ["ecr.api", "ecr.dkr"] {
        let statements = built.needs.limits(endpoint).expect("limits");
        let resources: Vec<String> = statements
            .iter()
            .map(|one| Value::from(one.clone()))
            .map(|one| flat(one.get("Resource").expect("a resource")))
            .collect();
        assert_eq!(resources, ["*", repository], "{endpoint}");
    }
}

#[test]
fn an_image_of_another_account_is_pulled_from_there() {
    let built = with_image("\"222233334444.dkr.ecr.eu-west-1.amazonaws.com/team/api:1\"", "");
    assert_eq!(findings(&built.stack), [] as [&str; 0]);
    assert_eq!(repositories(&built.stack), "arn:<AWS::Partition>:ecr:eu-west-1:222233334444:repository/team/api");
}

#[test]
fn the_repository_is_read_off_what_is_known_of_an_image() {
    let forms = [
        "{ 'Fn::Sub': '${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/api:1' }",
        "{ 'Fn::Join': ['', [{ Ref: 'AWS::AccountId' }, .dkr.ecr., { Ref: 'AWS::Region' }, ., { Ref: 'AWS::URLSuffix' }, '/api:1']] }",
    ];
    for form in forms {
        let built = with_image(form, "");
        assert_eq!(findings(&built.stack), [] as [&str; 0]);
        assert_eq!(
            repositories(&built.stack),
            "arn:<AWS::Partition>:ecr:<AWS::Region>:<AWS::AccountId>:repository/api",
            "{form}"
        );
    }
    let named = with_image("{ 'Fn::Sub': '111122223333.dkr.ecr.eu-west-1.amazonaws.com/${Repository}:1' }", "");
    assert_eq!(repositories(&named.stack), "arn:<AWS::Partition>:ecr:eu-west-1:111122223333:repository/<Repository>");
}

#[test]
fn an_image_that_is_known_at_deployment_only_needs_its_repository() {
    let image = "{ 'Fn::ImportValue': Image }";
    assert_eq!(errors(&with_image(image, "").stack), ["RF0205"]);
    let repository = "arn:aws:ecr:eu-west-1:111122223333:repository/api";
    let built = with_image(image, &format!("repository: \"{repository}\""));
    assert_eq!(findings(&built.stack), [] as [&str; 0]);
    assert_eq!(repositories(&built.stack), repository);
}

#[test]
fn images_that_no_endpoint_leads_to_are_refused() {
    let images = [
        "nginx:1.27",
        "docker.io/library/nginx:1.27",
        "ghcr.io/example/api:1",
        "quay.io/example/api:1",
        "public.ecr.aws/nginx/nginx:1.27",
        "localhost:5000/api:1",
        "111122223333.dkr-ecr.eu-west-1.on.aws/api:1",
        "111122223333.dkr.ecr-fips.us-east-1.amazonaws.com/api:1",
        "111122223333.dkr.ecr.us-east-1.amazonaws.com/api:1",
        "111122223333.dkr.ecr.eu-west-1.amazonaws.com/API:1",
        "11112222333.dkr.ecr.eu-west-1.amazonaws.com/api:1",
    ];
    let said: Vec<String> =
        images.iter().flat_map(|image| findings(&with_image(&format!("\"{image}\""), "").stack)).collect();
    assert_eq!(said.len(), images.len());
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn the_region_of_an_image_is_not_judged_when_the_stack_can_go_anywhere() {
    let built = build(
        "env: {}\nservices: { api: { image: \"111122223333.dkr.ecr.us-east-1.amazonaws.com/api:1\", port: 8080 } }",
    );
    assert_eq!(findings(&built.stack), [] as [&str; 0]);
}

#[test]
fn sidecars_are_pulled_too_and_each_repository_is_named_once() {
    let host = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";
    let built = with_image(
        &format!("\"{host}/api:1\""),
        &format!("sidecars: {{ a: {{ image: \"{host}/tool:1\" }}, b: {{ image: \"{host}/tool:2\" }} }}"),
    );
    let resources =
        property(at(&built.stack, "api/Task/ExecutionRole"), "Policies/0/PolicyDocument/Statement/1/Resource");
    assert_eq!(resources.as_list().expect("a list").len(), 2);
}

#[test]
fn an_image_that_is_built_comes_from_the_repository_of_the_bootstrapped_environment() {
    let built = build(
        "services: { api: { build: { context: docker, target: app, args: { V: '1' } }, port: 8080, architecture: arm64 } }",
    );
    assert_eq!(findings(&built.stack), [] as [&str; 0]);
    let [asset] = built.stack.images() else { panic!("one image: {:?}", built.stack.images()) };
    assert_eq!(
        (asset.directory.as_str(), asset.dockerfile.as_str(), asset.platform),
        ("docker", "Dockerfile", "linux/arm64")
    );
    assert_eq!(asset.hash.len(), 64);
    let repository = "cdk-hnb659fds-container-assets-${AWS::AccountId}-${AWS::Region}";
    let uri = format!("${{AWS::AccountId}}.dkr.ecr.${{AWS::Region}}.${{AWS::URLSuffix}}/{repository}:{}", asset.hash);
    assert_eq!(main_container(&built, "Image"), &Value::sub(uri));
    let role = at(&built.stack, "api/Task/ExecutionRole");
    let arn = format!("arn:${{AWS::Partition}}:ecr:${{AWS::Region}}:${{AWS::AccountId}}:repository/{repository}");
    assert_eq!(property(role, "Policies/0/PolicyDocument/Statement/1/Resource"), &Value::sub(arn));
}

#[test]
fn whatever_decides_what_a_build_gives_is_in_its_hash() {
    let hash = |build_settings: &str, more: &str| {
        let built = build(&format!(
            "services: {{ api: {{ build: {{ context: docker, {build_settings} }}, port: 8080, {more} }} }}"
        ));
        built.stack.images().first().map(|image| image.hash.clone()).expect("an image")
    };
    let hashes = [
        hash("", ""),
        hash("dockerfile: Other", ""),
        hash("target: a", ""),
        hash("args: { A: '1' }", ""),
        hash("args: { A: '2' }", ""),
        hash("args: { A1: '' }", ""),
        hash("", "architecture: arm64"),
    ];
    let different: std::collections::BTreeSet<&String> = hashes.iter().collect();
    assert_eq!(different.len(), hashes.len());
    assert_eq!(hash("", ""), hash("", ""));
}

#[test]
fn a_build_needs_a_bootstrapped_environment_and_a_folder_that_is_known() {
    let service = "services: { api: { build: { context: docker }, port: 8080 } }";
    assert_eq!(errors(&build(&format!("stack: {{ synthesizer: bootstrapless }}\n{service}")).stack), ["RF0206"]);
    assert_eq!(errors(&build(&service.replace("docker", "elsewhere")).stack), ["RF0207"]);
}

#[test]
fn an_image_and_a_build_exclude_each_other() {
    let built = with_image("\"111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:1\"", "build: { context: docker }");
    assert_eq!(errors(&built.stack), ["RF0201"]);
    assert_eq!(errors(&build("services: { api: { port: 8080 } }").stack), ["RF0201"]);
}
