//! The construct tree of an app, as tools show it.

use crate::cfn::{Map, OrderedMap, Text, Value};

use super::WrittenStack;

/// A construct with what is below it.
#[derive(Default)]
struct Node {
    class: Option<Text>,
    resource_type: Option<Text>,
    children: OrderedMap<String, Node>,
}

impl Node {
    fn at(&mut self, path: &str) -> &mut Self {
        path.split('/').fold(self, |node, id| node.children.or_default(id.to_owned()))
    }

    fn into_value(self, id: &str, path: &str) -> Value {
        let mut node = Map::with_capacity(5);
        node.push("id", id.to_owned());
        node.push("path", path.to_owned());
        if !self.children.is_empty() {
            let mut children = Map::with_capacity(self.children.len());
            for (child_id, child) in self.children {
                let child_path = if path.is_empty() { child_id.clone() } else { [path, "/", &child_id].concat() };
                let value = child.into_value(&child_id, &child_path);
                children.push(child_id, value);
            }
            node.push("children", children);
        }
        if let Some(resource_type) = self.resource_type {
            node.push("attributes", Value::map([("aws:cdk:cloudformation:type", resource_type)]));
        }
        let class = self.class.unwrap_or(Text::Borrowed("constructs.Construct"));
        node.push("constructInfo", construct_info(class));
        node.into()
    }
}

fn construct_info(class: Text) -> Value {
    Value::map([("fqn", Value::from(class)), ("version", Value::from(crate::VERSION))])
}

/// The tree of an app.
pub(super) fn of(stacks: &[WrittenStack<'_>]) -> Value {
    let mut root = Node { class: Some("ringfence.App".into()), ..Node::default() };
    for written in stacks {
        let stack = written.stack;
        let node = root.at(stack.id());
        node.class = Some("ringfence.Stack".into());
        for construct in stack.constructs() {
            node.at(&construct.path).class = Some(construct.class.into());
        }
        for record in stack.records() {
            let resource = node.at(&record.path);
            resource.class = Some(l1_class(&record.type_name).into());
            resource.resource_type = Some(record.type_name.clone());
        }
    }
    Value::map([("version", Value::from("tree-0.1")), ("tree", root.into_value("App", ""))])
}

/// The class that CDK has for a resource type: `aws-cdk-lib.aws_ec2.CfnVPC` for `AWS::EC2::VPC`.
fn l1_class(resource_type: &str) -> String {
    let mut parts = resource_type.split("::").skip(1);
    match (parts.next(), parts.next()) {
        (Some(service), Some(name)) => ["aws-cdk-lib.aws_", &service.to_ascii_lowercase(), ".Cfn", name].concat(),
        _ => "aws-cdk-lib.CfnResource".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::l1_class;

    #[test]
    fn classes_are_those_of_cdk() {
        assert_eq!(l1_class("AWS::EC2::VPC"), "aws-cdk-lib.aws_ec2.CfnVPC");
        assert_eq!(l1_class("Custom::Thing"), "aws-cdk-lib.CfnResource");
    }
}
