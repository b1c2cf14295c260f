//! A template that does not hold together is refused, with every reason.

use compute_catalog::cfn::{
    Builder, Mapping, Outcome, Output, ParameterDeclaration, Sub, Value, equals, find_in_map,
    pseudo, read,
};

compute_catalog::resource_type! {
    /// A resource for tests: one free property.
    struct Thing = "Custom::Thing";
}

fn thing<T>(value: impl Into<Value<T>>) -> Thing {
    Thing::bare().with("Value", value.into())
}

fn reasons(builder: Builder) -> Vec<String> {
    let error = builder.build().unwrap_err();
    error
        .0
        .iter()
        .map(|defect| format!("{}: {}", defect.at, defect.message))
        .collect()
}

#[test]
fn names_declared_twice_are_refused() {
    let mut builder = Builder::new("test");
    builder.resource("A", thing::<String>("1"));
    builder.resource("A", thing::<String>("2"));
    builder.parameter("B", ParameterDeclaration::string());
    builder.resource("B", thing::<String>("3"));
    builder.resource("C-D", thing::<String>("4"));
    assert_eq!(
        reasons(builder),
        [
            "Resources.A: is declared twice",
            "Resources.B: is also in Parameters",
            "Resources.C-D: a logical name is 1 to 255 letters and digits",
        ]
    );
}

#[test]
fn sub_text_binds_every_variable_and_uses_every_binding() {
    let mut builder = Builder::new("test");
    builder.resource("Unbound", thing(Sub::new("${name}")));
    builder.resource(
        "Unused",
        thing(Sub::new("text").with("name", pseudo::region())),
    );
    builder.resource("Broken", thing(Sub::new("${HOME:-/root}")));
    assert_eq!(
        reasons(builder),
        [
            "Resources.Unbound.Properties.Value: `name` is no parameter, resource or pseudo-parameter",
            "Resources.Unused.Properties.Value: the text does not use the variable `name`",
            "Resources.Broken.Properties.Value: `${HOME:-/root}` is no variable; a shell variable is written `${!HOME:-/root}`",
        ]
    );
}

#[test]
fn mapping_keys_are_there_for_every_value_a_parameter_can_have() {
    let with_row = |second: &str| {
        let mut builder = Builder::new("test");
        let size = builder.parameter(
            "Size",
            ParameterDeclaration::string()
                .allowed_values(["small", "large"])
                .default("small"),
        );
        let mut mapping = Mapping::<String>::new();
        mapping.set("small", "memory", "1024");
        let mapping = builder.mapping("Sizes", mapping);
        builder.resource("A", thing(find_in_map(&mapping, &size, "memory")));
        builder.resource("B", thing(find_in_map(&mapping, "small", second)));
        builder
    };
    // What a choice of the form meets is told by `check`; what every launch meets is no template.
    let some = with_row("memory").build().unwrap().defects();
    assert_eq!(some[0].outcome, Outcome::SomeLaunchesFail);
    assert_eq!(some[0].message, "the mapping `Sizes` has no key `large`");
    assert_eq!(
        reasons(with_row("cpu")),
        ["Resources.B.Properties.Value: the mapping `Sizes` has no key `cpu` under `small`"]
    );
}

#[test]
fn conditions_and_resources_keep_to_their_functions() {
    let text = "Conditions:\n  C: !Equals [!Ref R, x]\n  D: !Equals [!ImportValue x, y]\nResources:\n  R:\n    Type: Custom::Thing\n    Condition: E\n    Properties:\n      V: !Equals [a, b]\n";
    let shown: Vec<String> = read(text)
        .unwrap()
        .defects()
        .iter()
        .map(|defect| format!("{}: {}", defect.at, defect.message))
        .collect();
    assert_eq!(
        shown,
        [
            "Resources.R.Condition: `E` is no condition of this template",
            "Conditions.C.Equals.0: conditions can't refer to the resource `R`",
            "Conditions.D.Equals.0: `ImportValue` can't stand in a condition",
            "Resources.R.Properties.V: `Equals` stands in conditions only",
        ]
    );
}

#[test]
fn resources_that_wait_for_each_other_are_refused() {
    let text = "Resources:\n  A:\n    Type: Custom::Thing\n    DependsOn: B\n  B:\n    Type: Custom::Thing\n    Properties:\n      V: !Sub 'x-${C.Arn}'\n  C:\n    Type: Custom::Thing\n    Properties:\n      V: !Ref A\n";
    let defects = read(text).unwrap().defects();
    assert_eq!(defects.len(), 1);
    assert_eq!(defects[0].message, "wait for each other: A → B → C");
}

#[test]
fn a_sound_template_builds() {
    let mut builder = Builder::new("test");
    let name = builder.parameter("Name", ParameterDeclaration::string().default(""));
    let has_name = builder.condition("HasName", equals::<String>(&name, ""));
    let resource = builder.resource("A", thing(Value::<String>::from(&name).when(&has_name)));
    builder.output("Id", Output::new(&resource, "Its id"));
    assert!(builder.build().is_ok());
}
