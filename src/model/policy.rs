//! Policy documents: their statements, and what they allow, as far as it is known.
//!
//! Every answer is three-valued ([`Truth`]): a parameter in an ARN may be anything, and a condition may or may not hold.
//! What counts as a match, and how statements are weighed, follows the policy evaluation logic of the IAM user guide.

use std::rc::Rc;

use super::glob::{self, Pattern};
use super::{Because, Field, Model, Node};
use crate::cfn::{Gather as _, GatherMore as _};

/// Whether something is so, as far as that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth<'a> {
    /// It is not.
    No,
    /// It may be, and what cannot be read, if that is the reason. Without one, it is so for a part of what was asked for,
    /// or on a condition.
    Maybe(Option<Because<'a>>),
    /// It is.
    Yes,
}

impl<'a> Truth<'a> {
    /// Whether it is so for sure.
    #[must_use]
    pub fn is_yes(self) -> bool {
        self == Self::Yes
    }

    /// Whether it is not so for sure.
    #[must_use]
    pub fn is_no(self) -> bool {
        self == Self::No
    }

    /// Whether both are so.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, rest) | (rest, Self::Yes) => rest,
            (Self::Maybe(because), Self::Maybe(other)) => Self::Maybe(because.or(other)),
        }
    }

    /// Whether one of both is so.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        (!(!self).and(!other)).because(other)
    }

    /// Keeps a reason that was lost.
    fn because(self, other: Self) -> Self {
        match (self, other) {
            (Self::Maybe(None), Self::Maybe(because)) => Self::Maybe(because),
            _ => self,
        }
    }
}

impl std::ops::Not for Truth<'_> {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Yes => Self::No,
            maybe @ Self::Maybe(_) => maybe,
        }
    }
}

impl From<bool> for Truth<'_> {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller<'c> {
    /// The role, user or group to which the policy is attached: it has no principals.
    Attached,
    /// A service of AWS, such as `vpce.amazonaws.com`.
    Service(&'c str),
    /// A role or user of an account, not known which.
    Somebody,
}

/// What a statement says of something: that it is, or is not, one of these.
#[derive(Clone, Debug)]
pub struct Clause<'a> {
    /// The key under which they stand, such as `NotAction`.
    pub key: &'static str,
    /// Whether it is about everything but these.
    pub is_negated: bool,
    /// The patterns with their places, such as `Action/0`; nothing when the statement has no such clause.
    pub patterns: Field<'a, Vec<(Place, Pattern<'a>)>>,
}

/// Where an element of a clause stands in its statement, such as `Action/0`; a single one stands at the key itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    key: &'static str,
    index: Option<usize>,
}

impl std::fmt::Display for Place {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.key)?;
        self.index.map_or(Ok(()), |index| write!(formatter, "/{index}"))
    }
}

/// One of the principals of a statement.
#[derive(Clone, Debug)]
pub struct Principal<'a> {
    /// `AWS`, `Service`, `Federated` or `CanonicalUser`; empty for `*` alone.
    pub kind: &'a str,
    /// Who it is.
    pub name: Pattern<'a>,
    /// Where it stands in the statement, such as `Principal/Service/0`.
    pub place: String,
}

/// One comparison of a condition.
#[derive(Clone, Debug)]
pub struct Condition<'a> {
    /// How it compares, such as `StringEquals`.
    pub operator: &'a str,
    /// The key that is compared, such as `aws:SourceAccount`.
    pub key: &'a str,
    /// What it is compared with.
    pub values: Node<'a>,
}

/// A statement.
#[derive(Clone, Debug)]
pub struct Statement<'a> {
    /// Where it stands in the document, such as `Statement/0`.
    pub place: String,
    /// Its name.
    pub sid: Field<'a, String>,
    /// Whether it allows; otherwise it denies.
    pub allows: Truth<'a>,
    /// `Action` or `NotAction`.
    pub actions: Clause<'a>,
    /// `Resource` or `NotResource`.
    pub resources: Clause<'a>,
    /// Whether it is about all principals but these.
    pub excepts_principals: bool,
    /// `Principal` or `NotPrincipal`.
    pub principals: Field<'a, Vec<Principal<'a>>>,
    /// All comparisons, which must all hold.
    pub conditions: Field<'a, Vec<Condition<'a>>>,
}

/// A policy document.
#[derive(Clone, Debug)]
pub struct PolicyDocument<'a> {
    /// Its statements.
    pub statements: Field<'a, Rc<[Rc<Statement<'a>>]>>,
}

impl<'a> PolicyDocument<'a> {
    /// Reads a document. One that was read before is given again.
    #[must_use]
    pub fn read(model: &'a Model<'a>, document: &Node<'a>) -> Self {
        match document.written() {
            // Whatever stands at one place of a template is the same all through a world.
            Some(value) => {
                let place = u64::try_from(std::ptr::from_ref(value).addr()).unwrap_or_default();
                model.documents.get_or(place, || Self::read_again(model, document))
            }
            None => Self::read_again(model, document),
        }
    }

    fn read_again(model: &'a Model<'a>, document: &Node<'a>) -> Self {
        let statements = elements(&document.get("Statement"), "Statement").map(|statements| {
            statements.into_iter().map(|(place, node)| Rc::new(Statement::read(model, place, &node))).collect()
        });
        Self { statements }
    }

    /// A document that allows actions on everything.
    #[must_use]
    pub fn allowing(actions: &[&str]) -> Self {
        let listed = |key: &'static str, names: &[&str]| Clause {
            key,
            is_negated: false,
            patterns: Field::Known(
                names.iter().map(|name| (Place { key, index: None }, Pattern::literal(name))).gather(),
            ),
        };
        let statement = Statement {
            place: String::new(),
            sid: Field::Absent,
            allows: Truth::Yes,
            actions: listed("Action", actions),
            resources: listed("Resource", &["*"]),
            excepts_principals: false,
            principals: Field::Absent,
            conditions: Field::Absent,
        };
        Self { statements: Field::Known(Rc::new([Rc::new(statement)])) }
    }

    /// Its statements, as far as they are known.
    pub fn known_statements(&self) -> impl Iterator<Item = &Statement<'a>> {
        self.shared_statements().iter().map(|statement| &**statement)
    }

    /// The same to keep.
    #[must_use]
    pub fn shared_statements(&self) -> &[Rc<Statement<'a>>] {
        match &self.statements {
            Field::Known(statements) => statements,
            _ => &[],
        }
    }

    /// Whether a caller may do something with something, as far as this document says.
    #[must_use]
    pub fn allows(&self, caller: Caller<'_>, action: &str, resource: &Pattern<'a>) -> Truth<'a> {
        self.grants(caller, action, resource).and(!self.denies(caller, action, resource))
    }

    /// Whether it does not allow something for sure: the first statement that may allow it is enough to say no.
    #[must_use]
    pub fn refuses(&self, caller: Caller<'_>, action: &str, resource: &Pattern<'a>) -> bool {
        let may_allow =
            |statement: &Statement<'a>| !statement.allows.and(statement.applies(caller, action, resource)).is_no();
        let is_granted = match &self.statements {
            Field::Known(statements) => statements.iter().any(|statement| may_allow(statement)),
            unknown => unknown.is_unknown(),
        };
        !is_granted || self.denies(caller, action, resource).is_yes()
    }

    /// Whether a statement allows it, leaving aside whether another one denies it.
    #[must_use]
    pub fn grants(&self, caller: Caller<'_>, action: &str, resource: &Pattern<'a>) -> Truth<'a> {
        self.any(|statement| statement.allows, caller, action, resource)
    }

    /// Whether a statement denies it.
    #[must_use]
    pub fn denies(&self, caller: Caller<'_>, action: &str, resource: &Pattern<'a>) -> Truth<'a> {
        self.any(|statement| !statement.allows, caller, action, resource)
    }

    /// Whether one of the statements with an effect is about this.
    fn any(
        &self,
        effect: fn(&Statement<'a>) -> Truth<'a>,
        caller: Caller<'_>,
        action: &str,
        resource: &Pattern<'a>,
    ) -> Truth<'a> {
        match &self.statements {
            Field::Absent => Truth::No,
            Field::Unknown(because) => Truth::Maybe(Some(*because)),
            Field::Known(statements) => {
                let fitting = statements.iter().filter(|statement| !effect(statement).is_no());
                one_of(fitting.map(|statement| effect(statement).and(statement.applies(caller, action, resource))))
            }
        }
    }
}

/// Whether one of several is so: nothing is looked at after the first that is.
fn one_of<'a>(truths: impl Iterator<Item = Truth<'a>>) -> Truth<'a> {
    let mut found = Truth::No;
    for truth in truths {
        found = found.or(truth);
        if found.is_yes() {
            break;
        }
    }
    found
}

impl<'a> Statement<'a> {
    fn read(model: &'a Model<'a>, place: String, node: &Node<'a>) -> Self {
        let is_negated = !node.get("NotPrincipal").is_absent();
        let principals = principals(model, node, if is_negated { "NotPrincipal" } else { "Principal" });
        Self {
            place,
            sid: node.get("Sid").text().map(std::borrow::Cow::into_owned),
            allows: match node.get("Effect").text() {
                Field::Known(effect) => (effect == "Allow").into(),
                Field::Unknown(because) => Truth::Maybe(Some(because)),
                Field::Absent => Truth::No,
            },
            actions: clause(model, node, "Action", "NotAction"),
            resources: clause(model, node, "Resource", "NotResource"),
            excepts_principals: is_negated,
            principals,
            conditions: conditions(&node.get("Condition")),
        }
    }

    /// Whether it is about this: by its principals, actions, resources and conditions.
    #[must_use]
    pub fn applies(&self, caller: Caller<'_>, action: &str, resource: &Pattern<'a>) -> Truth<'a> {
        let about = self.is_about_action(action).and(self.is_about_caller(caller));
        if about.is_no() {
            return about;
        }
        about.and(self.resources.covers(resource, false)).and(self.holds())
    }

    /// Whether it is about an action.
    #[must_use]
    pub fn is_about_action(&self, action: &str) -> Truth<'a> {
        self.actions.covers_text(action)
    }

    /// Whether it is about a caller.
    #[must_use]
    pub fn is_about_caller(&self, caller: Caller<'_>) -> Truth<'a> {
        let principals = match &self.principals {
            Field::Absent => return Truth::Yes,
            Field::Unknown(because) => return Truth::Maybe(Some(*because)),
            Field::Known(principals) => principals,
        };
        let named = principals.iter().fold(Truth::No, |truth, principal| truth.or(principal.is(caller)));
        if self.excepts_principals { !named } else { named }
    }

    /// Whether its conditions hold: for sure only when there are none.
    fn holds(&self) -> Truth<'a> {
        match &self.conditions {
            Field::Absent => Truth::Yes,
            Field::Known(conditions) => {
                if conditions.is_empty() {
                    Truth::Yes
                } else {
                    Truth::Maybe(None)
                }
            }
            Field::Unknown(because) => Truth::Maybe(Some(*because)),
        }
    }

    /// The comparisons with a key, in any case.
    pub fn conditions_on<'s>(&'s self, key: &'s str) -> impl Iterator<Item = &'s Condition<'a>> {
        let all = match &self.conditions {
            Field::Known(conditions) => conditions.as_slice(),
            _ => &[],
        };
        all.iter().filter(move |condition| condition.key.eq_ignore_ascii_case(key))
    }

    /// Whether it is known to have no condition.
    #[must_use]
    pub fn is_unconditional(&self) -> bool {
        self.holds().is_yes()
    }
}

impl<'a> Clause<'a> {
    /// Whether it is about all of what a pattern stands for. `fold` takes capital letters for small ones, as in actions.
    #[must_use]
    pub fn covers(&self, subject: &Pattern<'a>, fold: bool) -> Truth<'a> {
        let patterns = match &self.patterns {
            Field::Absent => return Truth::Yes,
            Field::Unknown(because) => return Truth::Maybe(Some(*because)),
            Field::Known(patterns) => patterns,
        };
        // Of a long list mostly one element alone is about the subject, and the others leave that open.
        let named = if patterns.iter().any(|(_, pattern)| pattern.covers_at_once(subject)) {
            Truth::Yes
        } else {
            one_of(patterns.iter().map(|(_, pattern)| pattern.covers(subject, fold)))
        };
        if self.is_negated { !named } else { named }
    }

    /// Whether it is about an action, capital letters and small ones alike.
    fn covers_text(&self, text: &str) -> Truth<'a> {
        let patterns = match &self.patterns {
            Field::Absent => return Truth::Yes,
            Field::Unknown(because) => return Truth::Maybe(Some(*because)),
            Field::Known(patterns) => patterns,
        };
        let named = one_of(patterns.iter().map(|(_, pattern)| pattern.covers_text(text, true)));
        if self.is_negated { !named } else { named }
    }

    /// Its patterns with their places, as far as they are known and not negated.
    #[must_use]
    pub fn listed(&self) -> &[(Place, Pattern<'a>)] {
        match &self.patterns {
            Field::Known(patterns) if !self.is_negated => patterns,
            _ => &[],
        }
    }
}

impl<'a> Principal<'a> {
    /// Whether it is everybody.
    #[must_use]
    pub fn is_everybody(&self) -> bool {
        matches!(self.kind, "" | "AWS") && self.name.is_anything()
    }

    fn is(&self, caller: Caller<'_>) -> Truth<'a> {
        match (caller, self.kind) {
            (Caller::Attached, _) => Truth::Maybe(None),
            (Caller::Service(_), "") => Truth::from(self.name.is_anything()),
            (Caller::Service(name), "Service") => self.name.covers_text(name, true),
            (Caller::Somebody, "" | "AWS") if self.name.is_anything() => Truth::Yes,
            (Caller::Somebody, "" | "AWS" | "Federated") => Truth::Maybe(None),
            _ => Truth::No,
        }
    }
}

/// The elements of a list with their places under a key. A single value stands at the key itself.
fn elements<'a>(node: &Node<'a>, key: &str) -> Field<'a, Vec<(String, Node<'a>)>> {
    if node.is_list() {
        return node
            .items()
            .map(|items| items.into_iter().enumerate().map(|(index, item)| (format!("{key}/{index}"), item)).gather());
    }
    node.items().map(|items| items.into_iter().map(|item| (key.to_owned(), item)).gather())
}

fn clause<'a>(model: &'a Model<'a>, node: &Node<'a>, key: &'static str, negated: &'static str) -> Clause<'a> {
    let is_negated = node.get(key).is_absent() && !node.get(negated).is_absent();
    let key = if is_negated { negated } else { key };
    let node = node.get(key);
    let place = |index| Place { key, index: node.is_list().then_some(index) };
    let read = |items: Vec<Node<'a>>| {
        items.iter().enumerate().map(|(index, item)| (place(index), glob::pattern(model, item))).gather()
    };
    Clause { key, is_negated, patterns: node.items().map(read) }
}

fn principals<'a>(model: &'a Model<'a>, node: &Node<'a>, key: &str) -> Field<'a, Vec<Principal<'a>>> {
    let node = node.get(key);
    let kinds = match node.entries() {
        Field::Absent => return Field::Absent,
        Field::Known(kinds) => kinds,
        Field::Unknown(_) if node.text().is_known() => {
            let name = glob::pattern(model, &node);
            return Field::Known(vec![Principal { kind: "", name, place: key.to_owned() }]);
        }
        Field::Unknown(because) => return Field::Unknown(because),
    };
    let mut principals = Vec::new();
    for (kind, names) in kinds {
        match elements(&names, &format!("{key}/{kind}")) {
            Field::Absent => {}
            Field::Unknown(because) => return Field::Unknown(because),
            Field::Known(names) => principals.gather_more(names.into_iter().map(|(place, name)| Principal {
                kind,
                name: glob::pattern(model, &name),
                place,
            })),
        }
    }
    Field::Known(principals)
}

fn conditions<'a>(node: &Node<'a>) -> Field<'a, Vec<Condition<'a>>> {
    let operators = match node.entries() {
        Field::Absent => return Field::Absent,
        Field::Unknown(because) => return Field::Unknown(because),
        Field::Known(operators) => operators,
    };
    let mut conditions = Vec::new();
    for (operator, keys) in operators {
        match keys.entries() {
            Field::Absent => {}
            Field::Unknown(because) => return Field::Unknown(because),
            Field::Known(keys) => {
                conditions.gather_more(keys.into_iter().map(|(key, values)| Condition { operator, key, values }));
            }
        }
    }
    Field::Known(conditions)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cfn::eval::{App, Evaluation, Template, worlds};
    use crate::cfn::{Format, SourceText, read};
    use crate::model::RolePolicy;

    const TEXT: &str = "
Resources:
  One: { Type: AWS::SecretsManager::Secret, Properties: { Name: prod/db } }
  Other: { Type: AWS::SecretsManager::Secret }
  Bucket: { Type: AWS::S3::Bucket }
  Policy:
    Type: AWS::IAM::RolePolicy
    Properties:
      RoleName: caller
      PolicyDocument:
        Statement:
          - { Effect: Allow, Action: 'secretsmanager:Get*', Resource: !Ref One }
          - { Effect: Allow, Action: ['s3:GetObject'], Resource: [!Sub '${Bucket.Arn}/*'] }
          - { Effect: Allow, NotAction: 'iam:*', Resource: '*', Condition: { Bool: { 'aws:SecureTransport': 'true' } } }
          - { Effect: Deny, Action: 's3:*', Resource: !Sub 'arn:${AWS::Partition}:s3:::${Bucket}/secret/*' }
          - { Effect: Deny, Action: '*', NotResource: '*' }
          - Effect: Allow
            Principal: { Service: vpce.amazonaws.com, AWS: '*' }
            Action: 'SNS:Publish'
            Resource: '*'
";

    fn with(check: impl Fn(&Model<'_>, &PolicyDocument<'_>, &dyn Fn(&str, &str) -> String)) {
        let document = read(&SourceText::new("template.yaml", TEXT), Format::Yaml).unwrap();
        let app = App::new(vec![Template::new(&document.value)]);
        let worlds = worlds(&app);
        let evaluation = Evaluation::new(&app, &worlds.all[0]);
        let model = Model::new(&evaluation);
        let policy = model.all::<RolePolicy<'_>>().next().unwrap();
        let document = PolicyDocument::read(&model, &policy.document());
        let ask = |action: &str, resource: &str| {
            let of = |logical_id: &str| {
                let all = model.resources();
                all.into_iter().find(|id| model.logical_id(*id) == logical_id).map(|id| crate::model::Attribute {
                    resource: id,
                    name: if logical_id == "Bucket" { "Arn" } else { "" },
                })
            };
            let (head, rest) = resource.split_once('/').unwrap_or((resource, ""));
            let pattern = match of(head) {
                Some(attribute) => {
                    let mut pattern = Pattern::of_attribute(&model, attribute);
                    pattern.append(&if rest.is_empty() { String::new() } else { format!("/{rest}") });
                    pattern
                }
                None => Pattern::literal(resource),
            };
            match document.allows(Caller::Attached, action, &pattern) {
                Truth::Yes => "yes".to_owned(),
                Truth::No => "no".to_owned(),
                Truth::Maybe(_) => "maybe".to_owned(),
            }
        };
        check(&model, &document, &ask);
    }

    #[test]
    fn resources_are_told_apart_by_what_they_are() {
        with(|_, _, ask| {
            assert_eq!(ask("secretsmanager:GetSecretValue", "One"), "yes");
            assert_eq!(ask("secretsmanager:PutSecretValue", "One"), "maybe");
            assert_eq!(ask("iam:PassRole", "Other"), "no");
            assert_eq!(ask("s3:GetObject", "Bucket/key"), "yes");
            assert_eq!(ask("s3:GetObject", "Bucket/secret/key"), "no");
            assert_eq!(ask("s3:PutObject", "Bucket/key"), "maybe");
        });
    }

    #[test]
    fn principals_and_places_are_read() {
        with(|_, document, _| {
            let statements: Vec<_> = document.known_statements().collect();
            assert_eq!(statements[1].actions.listed()[0].0.to_string(), "Action/0");
            assert_eq!(statements[0].actions.listed()[0].0.to_string(), "Action");
            let last = statements[5];
            assert_eq!(last.is_about_caller(Caller::Service("vpce.amazonaws.com")), Truth::Yes);
            assert_eq!(last.is_about_caller(Caller::Service("s3.amazonaws.com")), Truth::No);
            assert_eq!(last.is_about_caller(Caller::Somebody), Truth::Yes);
            assert_eq!(statements[2].conditions_on("AWS:SecureTransport").count(), 1);
        });
    }

    #[test]
    fn truth_is_weighed_as_in_logic() {
        let all = [Truth::No, Truth::Maybe(None), Truth::Yes];
        for one in all {
            for other in all {
                assert_eq!(!(one.and(other)), (!one).or(!other));
                assert_eq!(one.and(other), other.and(one));
            }
        }
    }
}
