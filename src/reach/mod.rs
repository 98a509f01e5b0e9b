//! What traffic passes between the things of a model, hop by hop, and what is in its way.
//!
//! Every hop says of a set of [`Headers`] two things: what *may* pass, which is never too little, and what *must* pass, which
//! is never too much. Traffic is [admitted](Answer::Admitted) when all of it must pass, [blocked](Answer::Blocked) when none
//! of it may, and [unknown](Answer::Unknown) otherwise, with what it depends on. So an answer that is not unknown holds for
//! every deployment of the templates, and what passes in fact can be bounded from both sides over all packets at once.
//!
//! The rules of the semantics are named by letter and number where they are written down: `G` for security groups, `N` for
//! network ACLs, `R` for routes, `L` for load balancers, `P` for endpoints, `F` for tasks.

mod answer;
mod databases;
mod endpoints;
mod exposure;
mod headers;
mod identity;
mod load_balancers;
mod network_acls;
mod open_ways;
mod parties;
mod party;
mod path;
mod policies;
mod query;
mod routes;
mod security_groups;
mod static_targets;
mod transit;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

pub use answer::{Answer, Blocker, Cause, Doubt, End, Reason};
pub use headers::{Addresses, Axis, Block, Family, Headers, Range};
pub use load_balancers::{Registration, protocols_of};
pub use parties::Known;
pub use party::{Groups, Party, Protocol, Traffic, client_ports};
pub use path::{Path, Step};
pub use query::{BalancerLeg, TargetTraffic, TaskLeg};
pub use security_groups::Direction;
pub use static_targets::StaticLeg;

use crate::model::policy::Truth;
use crate::model::{Identity, Kept, Model, OrderedMap};

/// What can be asked about traffic in one world. It works out what it is asked for and keeps what it worked out.
#[derive(Debug)]
pub struct Reach<'a> {
    model: &'a Model<'a>,
    /// Whether what is seen of AWS counts where nothing is documented.
    takes_experience: bool,
    groups: RefCell<OrderedMap<Identity<'a>, Rc<security_groups::Group<'a>>>>,
    acls: RefCell<OrderedMap<Identity<'a>, Rc<network_acls::Acl<'a>>>>,
    tables: RefCell<OrderedMap<Identity<'a>, Rc<routes::Table<'a>>>>,
    tables_of_subnets: RefCell<OrderedMap<Identity<'a>, Rc<routes::OfSubnet<'a>>>>,
    vpcs: RefCell<OrderedMap<Identity<'a>, Rc<endpoints::Vpc<'a>>>>,
    open_ways: RefCell<open_ways::OpenWays<'a>>,
    legs: query::Kept<'a>,
    /// Whether something was more intricate than is looked at.
    is_exhausted: Cell<bool>,
    /// What stands in a subnet, and the network interfaces of tasks, load balancers and endpoints.
    subnets: RefCell<OrderedMap<Identity<'a>, Rc<Party<'a>>>>,
    parties: Kept<Known<'a>>,
    /// The network ACLs of subnets.
    acls_of_subnets: RefCell<OrderedMap<Identity<'a>, Rc<network_acls::OfSubnet<'a>>>>,
    /// What the policies of endpoints allow, by purpose and, where it matters, subnet.
    allowed: RefCell<OrderedMap<policies::Asked<'a>, Truth<'a>>>,
}

impl<'a> Reach<'a> {
    /// What can be asked of a model.
    #[must_use]
    pub fn new(model: &'a Model<'a>) -> Self {
        Self {
            model,
            takes_experience: false,
            groups: RefCell::default(),
            acls: RefCell::default(),
            tables: RefCell::default(),
            tables_of_subnets: RefCell::default(),
            vpcs: RefCell::default(),
            open_ways: RefCell::default(),
            legs: query::Kept::default(),
            is_exhausted: Cell::new(false),
            subnets: RefCell::default(),
            parties: Kept::default(),
            acls_of_subnets: RefCell::default(),
            allowed: RefCell::default(),
        }
    }

    /// The same, where what everybody sees of AWS counts as much as what is documented: good enough for advice, and not for
    /// a proof.
    #[must_use]
    pub fn by_experience(model: &'a Model<'a>) -> Self {
        Self { takes_experience: true, ..Self::new(model) }
    }

    /// Whether an answer was unknown because a budget was used up.
    #[must_use]
    pub fn is_exhausted(&self) -> bool {
        self.is_exhausted.get()
    }

    /// The answer of a path, when it was within the budgets.
    fn answer_of(&self, path: &Path<'a>) -> Answer<'a> {
        let answer = path.answer();
        let is_limit = |doubt: &Doubt<'a>| doubt.reason == Reason::Limit;
        if matches!(&answer, Answer::Unknown(doubts) if doubts.iter().any(is_limit)) {
            self.is_exhausted.set(true);
        }
        answer
    }

    /// The model.
    #[must_use]
    pub fn model(&self) -> &'a Model<'a> {
        self.model
    }
}

/// What is kept under an identity, worked out when it is asked for first.
fn kept<'a, T>(
    known: &RefCell<OrderedMap<Identity<'a>, Rc<T>>>,
    identity: &Identity<'a>,
    work_out: impl FnOnce() -> T,
) -> Rc<T> {
    if let Some(found) = known.borrow().get(identity) {
        return Rc::clone(found);
    }
    let made = Rc::new(work_out());
    known.borrow_mut().insert(identity.clone(), Rc::clone(&made));
    made
}
