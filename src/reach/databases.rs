//! Databases whose passwords are rotated.

use super::parties::Interfaces;
use super::{Answer, Reach, Traffic};
use crate::model::{Field, Gather as _, Identity, Node, ResourceId, RotationSchedule, View};

/// What a secret is attached to, and the port by which the engine is reached. Source: the Amazon RDS user guide (2026).
const PORTS: &[(&str, u16)] = &[
    ("aurora-mysql", 3306),
    ("aurora-postgresql", 5432),
    ("mariadb", 3306),
    ("mysql", 3306),
    ("oracle-", 1521),
    ("postgres", 5432),
    ("sqlserver-", 1433),
];

impl<'a> Reach<'a> {
    /// The database whose password a schedule rotates, and whether the function that does it reaches it; nothing when one
    /// of them is not known.
    #[must_use]
    pub fn rotation_to_database(&self, schedule: RotationSchedule<'a>) -> Option<(ResourceId, Answer<'a>)> {
        let functions = self.rotation_parties(schedule)?.ok()?;
        let database = self.rotated_database(schedule)?;
        let property = |name: &str| self.model.property(database, name);
        let groups = ["VPCSecurityGroups", "VpcSecurityGroupIds"].map(property);
        let groups = groups.iter().find(|groups| !groups.is_absent())?;
        let subnets = self.model.property(property("DBSubnetGroupName").resource()?, "SubnetIds");
        let engine = property("Engine").text().known()?;
        let port = match property("Port").int() {
            Field::Known(port) => u16::try_from(port).ok()?,
            Field::Absent => PORTS.iter().find(|(name, _)| engine.starts_with(name)).map(|(_, port)| *port)?,
            Field::Unknown(_) => return None,
        };
        let interfaces = Interfaces {
            resource: database,
            subnets: Field::Known(identities(&subnets)?),
            vpc: None,
            groups: Field::Known(identities(groups)?),
            has_default_group: true,
        };
        let targets = self.interfaces(&interfaces).ok()?;
        let pairs = functions.iter().flat_map(|from| targets.iter().map(move |to| (from, to)));
        let answer = pairs.map(|(from, to)| self.between(from, to, Traffic::tcp(port))).reduce(Answer::or)?;
        Some((database, answer))
    }

    /// What the secret of a schedule is attached to.
    fn rotated_database(&self, schedule: RotationSchedule<'a>) -> Option<ResourceId> {
        let named = schedule.property("SecretId").resource()?;
        let secret_of = |attachment: ResourceId| self.model.property(attachment, "SecretId").resource();
        let mut attachments = self.model.of_type("AWS::SecretsManager::SecretTargetAttachment");
        let attachment = attachments.find(|id| *id == named || secret_of(*id) == Some(named))?;
        self.model.property(attachment, "TargetId").resource()
    }
}

/// What a list refers to, when all of it is known.
fn identities<'a>(list: &Node<'a>) -> Option<Vec<Identity<'a>>> {
    list.items().known()?.iter().map(|item| item.identity().known()).gather()
}
