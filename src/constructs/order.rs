//! In which order CloudFormation makes the resources of a stack: what refers to what, the longest chain, and cycles.

use crate::cfn::Gather as _;
use crate::cfn::{OrderedMap, OrderedSet, Value, each_reference};

use super::{Stack, StackResource};

/// The names to which `value` refers by `Ref`, `Fn::GetAtt` and `Fn::Sub`: resources, parameters and pseudo parameters.
#[must_use]
pub fn references(value: &Value) -> OrderedSet<String> {
    let mut names = OrderedSet::new();
    each_reference(value, &mut |name| names.extend([name.to_owned()]));
    names
}

/// What must exist before a resource, by name.
fn needed_by(resource: &StackResource) -> OrderedSet<String> {
    let mut names = OrderedSet::new();
    for (_, value) in resource.resource.properties().iter() {
        each_reference(value, &mut |name| names.extend([name.to_owned()]));
    }
    names.extend(resource.depends_on.iter().map(|id| id.as_str().to_owned()));
    names
}

/// How far each resource has been followed.
enum Mark {
    Open,
    Done(usize),
}

/// The resources of a stack and what each needs.
struct Graph {
    needs: OrderedMap<String, OrderedSet<String>>,
    marks: OrderedMap<String, Mark>,
    /// Those that were followed to the end, each behind all that it needs.
    followed: Vec<String>,
}

impl Graph {
    fn of(stack: &Stack) -> Self {
        let needs = stack.resources().iter().map(|resource| (resource.logical_id.to_string(), needed_by(resource)));
        Self { needs: needs.gather(), marks: OrderedMap::new(), followed: Vec::new() }
    }

    /// The length of the longest chain that ends at `name`; nothing when it goes round in a circle.
    fn depth(&mut self, name: &str) -> Option<usize> {
        match self.marks.get(name) {
            Some(Mark::Done(depth)) => return Some(*depth),
            Some(Mark::Open) => return None,
            None => {}
        }
        let Some(needs) = self.needs.get(name).cloned() else { return Some(0) };
        self.marks.insert(name.to_owned(), Mark::Open);
        let mut deepest = 0;
        for need in needs.iter().filter(|need| *need != name) {
            deepest = deepest.max(self.depth(need)?);
        }
        self.marks.insert(name.to_owned(), Mark::Done(deepest + 1));
        self.followed.push(name.to_owned());
        Some(deepest + 1)
    }
}

/// How many resources the longest chain has that must be made one after another; nothing when resources wait for each
/// other in a circle, which CloudFormation refuses.
#[must_use]
pub fn longest_chain(stack: &Stack) -> Option<usize> {
    let mut graph = Graph::of(stack);
    let names: Vec<String> = graph.needs.keys().cloned().gather();
    names.iter().map(|name| graph.depth(name)).try_fold(0, |longest, depth| Some(longest.max(depth?)))
}

/// The names of the resources in an order in which they can be made: each behind all that it needs, and otherwise as they
/// were added. Those that wait for each other in a circle are left out.
#[must_use]
pub fn buildable(stack: &Stack) -> Vec<String> {
    let mut graph = Graph::of(stack);
    for resource in stack.resources() {
        graph.depth(resource.logical_id.as_str());
    }
    graph.followed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constructs::StackProps;
    use crate::resources::{Builder, ec2};

    #[test]
    fn substitutions_are_references() {
        let value = Value::sub("arn:${AWS::Partition}:x:${Role.Arn}:${!Literal}");
        assert_eq!(references(&value), ["AWS::Partition".to_owned(), "Role".to_owned()].into());
    }

    #[test]
    fn a_chain_counts_what_waits() {
        let mut stack = Stack::new("S", StackProps::default());
        let mut scope = stack.scope();
        let vpc = scope.add("Vpc", ec2::Vpc::new());
        scope.add("Table", ec2::RouteTable::new().with("VpcId", vpc.reference()));
        assert_eq!(longest_chain(&stack), Some(2));
    }

    #[test]
    fn a_circle_has_no_chain() {
        let mut stack = Stack::new("S", StackProps::default());
        let mut scope = stack.scope();
        let vpc = scope.add("Vpc", ec2::Vpc::new());
        let table = scope.add("Table", ec2::RouteTable::new().with("VpcId", vpc.reference()));
        scope.depend(&vpc, [&table]);
        assert_eq!(longest_chain(&stack), None);
    }
}
