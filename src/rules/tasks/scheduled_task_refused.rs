//! A schedule or an event whose task does not start.

use crate::diagnostics::Severity;
use crate::model::glob::Pattern;
use crate::model::{Cluster, Field, Model, Node, ResourceId, Role, TaskDefinition, View as _, may_have_more};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1424", "scheduled-task-refused", Error {
        pitfalls: [],
        summary: "A schedule or a rule of EventBridge whose task does not start, or has a public address",
        why: "EventBridge runs a task by a role, which may run its definition and pass the roles of the task on to ECS. Tasks in \
              a network of their own need subnets, and without a launch type they wait for instances. Nobody sees that nothing \
              was run: the deployment succeeds all the same.",
        example: "Resources:
  Cluster: { Type: AWS::ECS::Cluster }
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: '256'
      Memory: '512'
      ContainerDefinitions: [{ Name: export, Image: export }]
  Nightly:
    Type: AWS::Events::Rule
    Properties:
      ScheduleExpression: rate(1 day)
      Targets: [{ Id: export, Arn: !GetAtt Cluster.Arn, RoleArn: 'arn:aws:iam::111122223333:role/starter', EcsParameters: { TaskDefinitionArn: !Ref Task, LaunchType: FARGATE } }]
",
        instead: "Resources:
  Cluster: { Type: AWS::ECS::Cluster }
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: '256'
      Memory: '512'
      ContainerDefinitions: [{ Name: export, Image: export }]
  Nightly:
    Type: AWS::Events::Rule
    Properties:
      ScheduleExpression: rate(1 day)
      Targets:
        - Id: export
          Arn: !GetAtt Cluster.Arn
          RoleArn: 'arn:aws:iam::111122223333:role/starter'
          EcsParameters:
            TaskDefinitionArn: !Ref Task
            LaunchType: FARGATE
            NetworkConfiguration: { AwsVpcConfiguration: { Subnets: [subnet-0123456789abcdef0], AssignPublicIp: DISABLED } }
",
        source: "Amazon ECS developer guide, Amazon ECS EventBridge IAM role; Amazon EventBridge API reference, EcsParameters; \
                 Amazon EventBridge Scheduler API reference, EcsParameters",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    // The two spell the same thing in two ways.
    for (type_name, key, network) in [
        ("AWS::Events::Rule", "Targets", "AwsVpcConfiguration"),
        ("AWS::Scheduler::Schedule", "Target", "AwsvpcConfiguration"),
    ] {
        for id in model.of_type(type_name) {
            let targets = model.property(id, key);
            for (index, target) in targets.known_items().iter().enumerate() {
                let place = if targets.is_list() { format!("{key}/{index}") } else { key.to_owned() };
                if !target.get("EcsParameters").is_absent() {
                    Target { model, id, place, node: target }.judge(network, findings);
                }
            }
        }
    }
}

/// A target that is a task.
struct Target<'t, 'a> {
    model: &'a Model<'a>,
    id: ResourceId,
    place: String,
    node: &'t Node<'a>,
}

impl<'a> Target<'_, 'a> {
    fn judge(&self, network: &str, findings: &mut Findings<'_>) {
        let parameters = self.node.get("EcsParameters");
        let Some(definition) = parameters.get("TaskDefinitionArn").resource() else { return };
        let Some(definition) = self.model.view::<TaskDefinition<'a>>(definition) else { return };
        self.network(&parameters.get("NetworkConfiguration"), network, definition, findings);
        self.launch_type(&parameters, definition, findings);
        let role = self.node.get("RoleArn").resource().and_then(|id| self.model.view::<Role<'a>>(id));
        if let Some(role) = role {
            self.role(role, &parameters, definition, findings);
        }
    }

    fn place(&self, key: &str) -> String {
        format!("{}/{key}", self.place)
    }

    fn network(&self, given: &Node<'a>, key: &str, definition: TaskDefinition<'a>, findings: &mut Findings<'_>) {
        let has_own_network = definition.property("NetworkMode").text().is_known_and(|mode| mode == "awsvpc");
        let place = self.place("EcsParameters/NetworkConfiguration");
        // Macros may add what is not here, and so may a loop.
        let Field::Known(entries) = given.entries() else {
            if given.is_absent() && has_own_network {
                findings
                    .report(
                        self.id,
                        self.place("EcsParameters"),
                        "the task has a network of its own, and no subnets to run in",
                    )
                    .help(format!("set `NetworkConfiguration` with `{key}` and its `Subnets`"))
                    .mention(definition.id(), "NetworkMode", "this says so");
            }
            return;
        };
        if let Some((other, _)) = entries.iter().find(|(other, _)| other.eq_ignore_ascii_case(key) && *other != key) {
            findings
                .report(self.id, place.clone(), format!("this has no `{other}`"))
                .help(format!("write `{key}` here"));
        }
        if given.get(key).get("AssignPublicIp").text().is_known_and(|setting| setting == "ENABLED") {
            findings
                .report(self.id, place, "the task is given a public address")
                .help("set `AssignPublicIp: DISABLED`, and give the subnets endpoints for the AWS services that the task needs")
                .severity(Severity::Warning);
        }
    }

    fn launch_type(&self, parameters: &Node<'a>, definition: TaskDefinition<'a>, findings: &mut Findings<'_>) {
        let kinds = definition.compatibilities();
        let is_for_fargate = |kind: &Node<'a>| kind.text().is_known_and(|kind| kind == "FARGATE");
        let says_where =
            !parameters.get("LaunchType").is_absent() || !parameters.get("CapacityProviderStrategy").is_absent();
        // The cluster may say it for all of its tasks.
        let cluster = self.node.get("Arn").resource().and_then(|id| self.model.view::<Cluster<'a>>(id));
        let is_left_open = cluster.is_some_and(|cluster| {
            cluster.property("DefaultCapacityProviderStrategy").is_absent()
                && self.model.of_type("AWS::ECS::ClusterCapacityProviderAssociations").next().is_none()
                && !may_have_more(self.model, cluster.id())
        });
        if is_left_open && !says_where && !kinds.is_empty() && kinds.iter().all(is_for_fargate) {
            findings
                .report(
                    self.id,
                    self.place("EcsParameters"),
                    "nothing says that the task runs on Fargate, and it waits for instances",
                )
                .help("set `LaunchType: FARGATE`, or `CapacityProviderStrategy`")
                .mention(definition.id(), "RequiresCompatibilities", "it is for Fargate alone")
                .severity(Severity::Warning);
        }
    }

    fn role(&self, role: Role<'a>, parameters: &Node<'a>, definition: TaskDefinition<'a>, findings: &mut Findings<'_>) {
        let permissions = role.permissions();
        let named = parameters.get("TaskDefinitionArn");
        let mut wanted = Vec::new();
        if let Some(attribute) = named.attribute() {
            wanted.push(("ecs:RunTask", attribute, "run the task definition"));
        }
        for key in ["ExecutionRoleArn", "TaskRoleArn"] {
            if let Some(attribute) = definition.property(key).attribute().filter(|attribute| attribute.name == "Arn") {
                wanted.push(("iam:PassRole", attribute, "pass the roles of the task on"));
            }
        }
        wanted.retain(|(action, attribute, _)| {
            permissions.allow(action, &Pattern::of_attribute(self.model, *attribute)).is_no()
        });
        wanted.dedup_by(|next, first| next.0 == first.0);
        for (action, attribute, what) in wanted {
            findings
                .report(self.id, self.place("RoleArn"), format!("the role may not {what}, and no task starts"))
                .help(format!("allow the role `{action}` on it"))
                .mention(role.id(), "", "this is the role")
                .mention(attribute.resource, "", "this is what it may not");
        }
    }
}
