//! CloudFormation as values.
//!
//! [`Template`] is what is written, read, checked and compared: plain data in the order of the
//! file. [`Builder`] is how a model makes one: declaring a parameter, condition, mapping or
//! resource gives a handle, and only a handle makes a reference, so that a reference to nothing
//! or of the wrong type does not compile.
//!
//! Reference: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html>

mod argument;
mod attribute;
pub mod boot;
mod builder;
mod condition;
mod custom_attribute;
mod deciding;
mod declaration;
mod difference;
mod each;
mod evaluate;
mod handle;
mod include;
pub mod init;
mod integrity;
mod intrinsic;
mod json;
mod known;
mod mapping;
mod node;
pub mod normal;
mod ordered;
mod parameter;
mod part;
mod path;
mod pattern;
pub mod place;
mod read;
pub mod reference;
mod resource;
mod scenario;
mod section;
mod sub;
mod suppression;
mod template;
pub mod text;
mod trail;
mod value;
mod write;

pub use attribute::{CreationPolicy, DeletionPolicy, UpdatePolicy, UpdateReplacePolicy};
pub use builder::{BuildError, Builder, Output};
pub use condition::{Condition, ConditionHandle, and, equals, if_else, not, or};
pub use custom_attribute::CustomAttribute;
pub use declaration::{Properties, ResourceType};
pub use difference::differences;
pub use evaluate::{Evaluation, Resolved};
pub use handle::{Dependency, Handle};
pub use include::expand;
pub use integrity::{Outcome, TemplateError};
pub use intrinsic::{Intrinsic, RuleFunction};
pub use json::{Document, IntoDocument, function, untyped};
pub use known::{Evaluator, Pseudo};
pub use mapping::{Mapping, MappingHandle, find_in_map};
pub use node::{Map, Node};
pub use ordered::{IndexMap, IndexSet};
pub use parameter::{
    Number, Parameter, ParameterDeclaration, ParameterHandle, ParameterType, ParameterValue,
};
pub use path::Path;
pub use pattern::Pattern;
pub use place::Places;
pub use read::{ReadError, from_tree, read, read_of_others, read_value};
pub use reference::{Reference, Target, references};
pub use resource::Resource;
pub use scenario::{Scenario, Scenarios};
pub use sub::{Piece, Sub, SubError, pieces, sub};
pub use suppression::Suppression;
pub use template::{Export, Template, TemplateOutput, Transform};
pub use trail::{Step, Trail};
pub use value::{
    Json, List, MapOf, Value, base64, cidr, get_azs, import_value, join, pseudo, select, split,
};
pub use write::{Header, write};

pub use crate::{json, resource_type};
