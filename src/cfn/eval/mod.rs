//! What the values of templates come to: parameters, conditions, mappings and functions, in one world at a time.
//!
//! A *world* fixes what a deployment may choose: the values of the parameters that conditions compare, and the truth of
//! what nobody can know. In one world every condition is true or false, so that whoever reads a template sees plain values,
//! [absent](Field::Absent) ones and [unknown](Field::Unknown) ones, never an `Fn::If`. What holds in every world of an
//! [`App`] holds for every deployment; see [`worlds`].
//!
//! ```
//! use ringfence::cfn::eval::{App, Evaluation, Field, Template, worlds};
//! use ringfence::cfn::{Format, SourceText, read};
//!
//! let text = "Parameters: { Port: { Type: Number, Default: 8080 } }
//! Resources: { Group: { Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: { Port: !Ref Port } } }";
//! let document = read(&SourceText::new("template.yaml", text), Format::Yaml).unwrap();
//! let app = App::new(vec![Template::new(&document.value)]);
//! let worlds = worlds(&app);
//! let evaluation = Evaluation::new(&app, &worlds.all[0]);
//! let group = evaluation.resources().next().unwrap();
//! assert_eq!(evaluation.property(group, "Port").int(), Field::Known(8080));
//! ```

mod app;
mod condition;
mod evaluation;
mod field;
mod for_each;
mod functions;
mod node;
mod pieces;
mod template;
mod world;

pub use app::{App, ResourceId};
pub use evaluation::Evaluation;
pub use field::{Because, Field};
pub use for_each::{Expansion, expand};
pub(crate) use node::first_step;
pub use node::{Attribute, Identity, Node};
pub use pieces::Piece;
pub use template::{Environment, Output, Parameter, Resource, Template, is_custom_type};
pub use world::{World, Worlds, worlds};
