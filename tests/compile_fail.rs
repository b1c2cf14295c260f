//! What must not compile: references made of text, properties and attributes a type doesn't have.

#[test]
fn mistakes_in_a_model_do_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
