//! What the values of templates come to, world by world.

use ringfence::cfn::eval::{App, Because, Environment, Evaluation, Field, Identity, Template, expand, worlds};
use ringfence::cfn::{Document, Format, SourceText, read, to_yaml};

fn document(text: &str) -> Document {
    read(&SourceText::new("template.yaml", text), Format::Yaml).expect("the template reads")
}

/// The text of the property `Value` of the resource `Thing`, world by world; `-` when it is absent, `?` when it is unknown.
fn values(text: &str) -> Vec<String> {
    let document = document(text);
    let app = App::new(vec![Template::new(&document.value)]);
    let worlds = worlds(&app);
    assert!(worlds.complete);
    let shown = |world| {
        let evaluation = Evaluation::new(&app, world);
        let thing =
            evaluation.resources().find(|id| evaluation.resource(*id).is_some_and(|found| found.logical_id == "Thing"));
        let Some(thing) = thing else { return "not made".to_owned() };
        let node = evaluation.property(thing, "Value");
        match node.text() {
            Field::Absent => "-".to_owned(),
            Field::Known(text) => text.into_owned(),
            Field::Unknown(because) => format!("? {because}"),
        }
    };
    worlds.all.iter().map(shown).collect()
}

fn value(text: &str) -> String {
    let mut values = values(text);
    assert_eq!(values.len(), 1, "{values:?}");
    values.remove(0)
}

fn of_expression(expression: &str) -> String {
    value(&format!(
        "Parameters:
  Port: {{ Type: Number, Default: 8080 }}
  Names: {{ Type: CommaDelimitedList, Default: 'a, b,c' }}
  Open: {{ Type: String }}
Mappings: {{ Sizes: {{ small: {{ cpu: 256 }} }} }}
Resources:
  Other: {{ Type: AWS::EC2::VPC, Properties: {{ CidrBlock: 10.0.0.0/16 }} }}
  Thing: {{ Type: T, Properties: {{ Value: {expression} }} }}"
    ))
}

#[test]
fn functions_give_what_cloudformation_gives() {
    let cases = [
        ("!Ref Port", "8080"),
        ("!Sub 'x-${Port}-${!Port}'", "x-8080-${Port}"),
        ("!Sub ['${a}/${Port}', { a: !Ref Port }]", "8080/8080"),
        ("!Join ['-', [a, !Ref Port]]", "a-8080"),
        ("!Join ['+', !Ref Names]", "a+b+c"),
        ("!Select [1, !Ref Names]", "b"),
        ("!Select [2, !Split ['/', 10.0.0.0/16/x]]", "x"),
        ("!Select [1, !Split [',', !Sub '${Other},b']]", "b"),
        ("!Select [0, !Split [',', !Join [', ', [a, !Ref Other]]]]", "a"),
        ("{ Ref: !Sub 'Port' }", "8080"),
        ("!GetAtt [!Sub 'Other', CidrBlock]", "10.0.0.0/16"),
        ("!FindInMap [Sizes, small, cpu]", "256"),
        ("!FindInMap [Sizes, large, cpu, { DefaultValue: 9 }]", "9"),
        ("!Select [1, !Cidr [10.0.0.0/16, 4, 8]]", "10.0.1.0/24"),
        ("!GetAtt Other.CidrBlock", "10.0.0.0/16"),
        ("!Ref AWS::NoValue", "-"),
        ("!Ref Open", "? parameter `Open` has no value here"),
        ("!Sub 'a${Open}'", "? parameter `Open` has no value here"),
        ("!Ref Other", "? AWS names it at deployment"),
        ("!Ref Nothing", "? `Nothing` is not in the template"),
        ("'{{resolve:ssm:/x}}'", "? CloudFormation looks it up at deployment"),
        ("'${Token[TOKEN.1]}'", "? the CDK resolves it at synthesis"),
        ("!ImportValue vpc", "? the export `vpc` is not here"),
    ];
    for (expression, wanted) in cases {
        assert_eq!(of_expression(expression), wanted, "{expression}");
    }
}

#[test]
fn a_parameter_that_a_condition_compares_makes_a_world_for_each_outcome() {
    let text = "Parameters: { Stage: { Type: String, Default: dev } }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsTest: !Equals [!Ref Stage, test]
Resources:
  Thing:
    Type: T
    Properties: { Value: !If [IsProd, large, !If [IsTest, !Ref AWS::NoValue, small]] }";
    assert_eq!(values(text), ["small", "large", "-"]);
}

#[test]
fn a_parameter_without_a_default_is_another_value_in_one_world() {
    let text = "Parameters: { Stage: { Type: String } }
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsHere: !Equals [eu-west-1, !Ref AWS::Region]
Resources:
  Thing:
    Type: T
    Properties: { Value: !If [IsProd, large, small], Place: !If [IsHere, here, there] }";
    let mut values = values(text);
    values.sort();
    assert_eq!(values, ["large", "large", "small", "small"]);
}

#[test]
fn conditions_that_decide_about_nothing_make_no_worlds() {
    let text = "Parameters: { Stage: { Type: String, Default: dev } }
Conditions: { IsProd: !Equals [!Ref Stage, prod] }
Resources: { Thing: { Type: T, Properties: { Value: 1 } } }";
    assert_eq!(value(text), "1");
}

#[test]
fn allowed_values_that_no_condition_names_share_a_world() {
    let text = "Parameters: { Stage: { Type: String, AllowedValues: [dev, test, prod] } }
Conditions: { IsProd: !Equals [!Ref Stage, prod] }
Resources: { Thing: { Type: T, Condition: IsProd, Properties: { Value: !Ref Stage } } }";
    assert_eq!(values(text), ["not made", "prod"]);
}

#[test]
fn a_parameter_without_a_default_by_which_a_mapping_is_read_makes_a_world_for_each_value() {
    let text = |default: &str| {
        format!(
            "Parameters: {{ Size: {{ Type: String, AllowedValues: [small, middle, large]{default} }} }}
Mappings: {{ Sizes: {{ small: {{ cpu: 256 }}, middle: {{ cpu: 512 }}, large: {{ cpu: 1024 }} }} }}
Resources: {{ Thing: {{ Type: T, Properties: {{ Value: !FindInMap [Sizes, !Ref Size, cpu] }} }} }}"
        )
    };
    let mut all = values(&text(""));
    all.sort();
    assert_eq!(all, ["1024", "256", "512"]);
    assert_eq!(values(&text(", Default: small")), ["256"]);
}

#[test]
fn a_parameter_that_no_mapping_is_read_by_makes_no_worlds() {
    let text = "Parameters: { Size: { Type: String, AllowedValues: [small, large] } }
Resources: { Thing: { Type: T, Properties: { Value: !Ref Size } } }";
    assert_eq!(values(text).len(), 1);
}

#[test]
fn what_cannot_be_taken_apart_holds_in_one_world_and_not_in_another() {
    let text = "Parameters: { Name: { Type: String, Default: x } }
Conditions: { Named: !Not [!Equals [!Join ['', [!Ref Name]], '']] }
Resources: { Thing: { Type: T, Properties: { Value: !If [Named, a, b] } } }";
    let mut values = values(text);
    values.sort();
    assert_eq!(values, ["a", "b"]);
}

#[test]
fn many_conditions_end_as_incomplete() {
    let conditions: Vec<String> = (0..40).map(|index| format!("  C{index}: !Equals [!Ref P{index}, 'yes']")).collect();
    let parameters: Vec<String> =
        (0..40).map(|index| format!("  P{index}: {{ Type: String, Default: 'no' }}")).collect();
    let uses: Vec<String> = (0..40).map(|index| format!("      P{index}: !If [C{index}, 1, 2]")).collect();
    let text = format!(
        "Parameters:\n{}\nConditions:\n{}\nResources:\n  Thing:\n    Type: T\n    Properties:\n{}\n",
        parameters.join("\n"),
        conditions.join("\n"),
        uses.join("\n")
    );
    let document = document(&text);
    let app = App::new(vec![Template::new(&document.value)]);
    let worlds = worlds(&app);
    assert!(!worlds.complete);
    assert_eq!(worlds.all.len(), 64);
    let first: Vec<_> = worlds.all[0].settings().map(|(_, value)| value).collect();
    assert!(first.iter().all(|value| value.as_deref() == Some("no")), "{first:?}");
}

#[test]
fn exports_reach_other_stacks_and_parameters_reach_nested_ones() {
    let network = document(
        "Resources: { Vpc: { Type: AWS::EC2::VPC } }
Outputs: { Vpc: { Value: !Ref Vpc, Export: { Name: !Sub '${AWS::StackName}-vpc' } } }",
    );
    let outer = document(
        "Resources:
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties: { TemplateURL: x, Parameters: { Vpc: !ImportValue net-vpc } }
  Thing: { Type: T, Properties: { Value: !GetAtt Inner.Outputs.Answer } }",
    );
    let inner = document(
        "Parameters: { Vpc: { Type: String } }
Resources: { Group: { Type: AWS::EC2::SecurityGroup, Properties: { VpcId: !Ref Vpc } } }
Outputs: { Answer: { Value: 42 } }",
    );
    let named = Environment { stack_name: Some("net".to_owned()), ..Environment::default() };
    let mut app = App::new(vec![
        Template::new(&network.value).in_environment(named),
        Template::new(&outer.value),
        Template::new(&inner.value),
    ]);
    app.nest(1, "Inner", 2);
    let worlds = worlds(&app);
    let evaluation = Evaluation::new(&app, &worlds.all[0]);
    let ids: Vec<_> = evaluation.resources().collect();
    let [vpc, _, thing, group] = ids.as_slice() else { panic!("{ids:?}") };
    assert_eq!(evaluation.property(*group, "VpcId").identity(), Field::Known(Identity::Resource(*vpc)));
    assert_eq!(evaluation.property(*thing, "Value").int(), Field::Known(42));
}

#[test]
fn exports_in_a_circle_come_to_an_end() {
    let one = document("Outputs: { A: { Value: !ImportValue b, Export: { Name: a } } }");
    let other = document(
        "Resources: { Thing: { Type: T, Properties: { Value: !ImportValue a } } }
Outputs: { B: { Value: !Join ['', [!ImportValue a, !ImportValue a]], Export: { Name: b } } }",
    );
    let app = App::new(vec![Template::new(&one.value), Template::new(&other.value)]);
    let worlds = worlds(&app);
    let evaluation = Evaluation::new(&app, &worlds.all[0]);
    let thing = evaluation.resources().next().unwrap();
    assert_eq!(evaluation.property(thing, "Value").text(), Field::Unknown(Because::Limit));
}

#[test]
fn loops_are_written_out() {
    let text = "Transform: AWS::LanguageExtensions
Parameters: { Zones: { Type: CommaDelimitedList, Default: 'eu-west-1a,eu-west-1b' } }
Resources:
  Vpc: { Type: AWS::EC2::VPC }
  Fn::ForEach::Subnets:
    - Zone
    - !Ref Zones
    - Subnet&{Zone}:
        Type: AWS::EC2::Subnet
        Properties:
          VpcId: !Ref Vpc
          AvailabilityZone: !Ref Zone
          Tags: [{ Key: Name, Value: !Sub 'in ${Zone}' }]
";
    let document = document(text);
    let expansion = expand(&document.value).unwrap();
    assert!(expansion.complete);
    let ids: Vec<_> = expansion.origins.iter().map(|(id, steps)| (id.as_str(), steps.join("/"))).collect();
    let place = "Fn::ForEach::Subnets/2/Subnet&{Zone}".to_owned();
    assert_eq!(ids, [("Subneteuwest1a", place.clone()), ("Subneteuwest1b", place)]);
    insta::assert_snapshot!(to_yaml(expansion.value.get("Resources").unwrap()));
}

#[test]
fn a_loop_over_what_nobody_knows_is_told() {
    let text = "Transform: AWS::LanguageExtensions
Parameters: { Zones: { Type: CommaDelimitedList } }
Resources: { 'Fn::ForEach::A': [Zone, !Ref Zones, { 'S${Zone}': { Type: T } }] }";
    assert!(!expand(&document(text).value).unwrap().complete);
}

#[test]
fn loops_in_loops_end() {
    let many: Vec<String> = (0..100).map(|number| number.to_string()).collect();
    let many = many.join(", ");
    let text = format!(
        "Transform: AWS::LanguageExtensions\nResources: {{ 'Fn::ForEach::A': [A, [{many}], {{ 'Fn::ForEach::B': [B, [{many}], {{ 'Fn::ForEach::C': [C, [{many}], {{ 'R${{A}}x${{B}}x${{C}}': {{ Type: T }} }}] }}] }}] }}"
    );
    assert!(!expand(&document(&text).value).unwrap().complete);
}

#[test]
fn resources_of_inner_loops_are_found_where_they_are_written() {
    let text = "Transform: AWS::LanguageExtensions
Resources: { 'Fn::ForEach::A': [A, [x, y], { 'Fn::ForEach::B': [B, [z], { 'R${A}${B}': { Type: T } }] }] }";
    let origins = expand(&document(text).value).unwrap().origins;
    let steps = ["Fn::ForEach::A", "2", "Fn::ForEach::B", "2", "R${A}${B}"].map(str::to_owned).to_vec();
    assert_eq!(origins, [("Rxz".to_owned(), steps.clone()), ("Ryz".to_owned(), steps)]);
}

#[test]
fn loops_that_make_nothing_end() {
    let items: Vec<String> = (0..100).map(|number| number.to_string()).collect();
    let loops = |top: &str| {
        let body = ('A'..='F').fold("{}".to_owned(), |body, name| {
            format!("{{ 'Fn::ForEach::{name}': [{name}, [{}], {body}] }}", items.join(", "))
        });
        expand(&document(&format!("Transform: AWS::LanguageExtensions\n{top}: {body}")).value).unwrap()
    };
    assert!(!loops("Resources").complete);
    assert!(!loops("Outputs").complete);
}

#[test]
fn loops_with_much_in_them_stop_going_round() {
    let items: Vec<String> = (0..2_000).map(|number| number.to_string()).collect();
    let body = |entry: &dyn Fn(usize) -> String| (0..2_000).map(entry).collect::<Vec<_>>().join(", ");
    let resources = body(&|number| format!("'R${{A}}x{number}': {{ Type: T }}"));
    let idle = body(&|number| format!("'Fn::ForEach::B{number}': [B, [], {{}}]"));
    for body in [resources, idle] {
        let text = format!(
            "Transform: AWS::LanguageExtensions\nResources: {{ 'Fn::ForEach::A': [A, [{}], {{ {body} }}] }}",
            items.join(", ")
        );
        let expansion = expand(&document(&text).value).unwrap();
        assert!(!expansion.complete);
        assert!(expansion.origins.len() <= 50_000, "{} resources", expansion.origins.len());
    }
}

#[test]
fn loops_over_long_texts_end() {
    let items: Vec<String> = (0..1_000).map(|number| number.to_string()).collect();
    let text = format!(
        "Transform: AWS::LanguageExtensions\nResources: {{ 'Fn::ForEach::A': [A, [{}], {{ 'R${{A}}': {{ Type: '{}' }} }}] }}",
        items.join(", "),
        "x".repeat(100_000)
    );
    let expansion = expand(&document(&text).value).unwrap();
    assert!(!expansion.complete);
    assert!(to_yaml(&expansion.value).len() < 60_000_000);
}

#[test]
fn elements_of_a_list_that_is_not_known_are_told_apart() {
    let document = document(
        "Parameters: { Subnets: { Type: 'List<AWS::EC2::Subnet::Id>' } }
Resources:
  Thing: { Type: T, Properties: { One: !Select [0, !Ref Subnets], Same: !Select [0, !Ref Subnets], Other: !Select [1, !Ref Subnets] } }",
    );
    let app = App::new(vec![Template::new(&document.value)]);
    let worlds = worlds(&app);
    let evaluation = Evaluation::new(&app, &worlds.all[0]);
    let thing = evaluation.resources().next().expect("a resource");
    let identity = |key| evaluation.property(thing, key).identity();
    assert_eq!(identity("One"), identity("Same"));
    assert_ne!(identity("One"), identity("Other"));
}

#[test]
fn what_another_stack_exports_under_its_own_name_is_found_when_only_one_could_be_meant() {
    let exporter = |suffix: &str| {
        document(&format!(
            "Resources: {{ A: {{ Type: T }}, B: {{ Type: T }} }}
Outputs: {{ Ids: {{ Value: !Join [',', [!Ref A, !Ref B]], Export: {{ Name: !Sub '${{AWS::StackName}}-{suffix}' }} }} }}"
        ))
    };
    let importer = document(
        "Parameters: { Base: { Type: String, Default: shared } }
Resources:
  Thing: { Type: T, Properties: { Value: !Split [',', { 'Fn::ImportValue': !Sub '${Base}-Subnets' }] } }",
    );
    let count = |exporters: &[&Document]| {
        let mut templates: Vec<_> = exporters.iter().map(|document| Template::new(&document.value)).collect();
        templates.push(Template::new(&importer.value));
        let app = App::new(templates);
        let worlds = worlds(&app);
        let evaluation = Evaluation::new(&app, &worlds.all[0]);
        let thing = evaluation.resources().last().expect("a resource");
        evaluation.property(thing, "Value").items().known().map(|items| items.len())
    };
    let (subnets, others) = (exporter("Subnets"), exporter("PublicSubnets"));
    assert_eq!(count(&[&subnets]), Some(2));
    assert_eq!(count(&[&subnets, &others]), Some(2), "the whole rest of the name has to be the same");
    assert_eq!(count(&[&subnets, &subnets]), None, "it could be either");
    assert_eq!(count(&[&others]), None);
}

#[test]
fn stacks_of_one_environment_are_given_the_same_parameters() {
    let exporter = |parameter: &str| {
        document(&format!(
            "Parameters: {{ {parameter}: {{ Type: String }} }}
Resources: {{ A: {{ Type: T }} }}
Outputs: {{ Id: {{ Value: !GetAtt A.Name, Export: {{ Name: !Sub '${{{parameter}}}:Id' }} }} }}"
        ))
    };
    let importer = document(
        "Parameters: { Stage: { Type: String } }
Resources: { Thing: { Type: T, Properties: { Value: { 'Fn::ImportValue': !Sub '${Stage}:Id' } } } }",
    );
    let is_found = |exporters: &[&Document]| {
        let mut templates: Vec<_> = exporters.iter().map(|document| Template::new(&document.value)).collect();
        templates.push(Template::new(&importer.value));
        let app = App::new(templates);
        let worlds = worlds(&app);
        let evaluation = Evaluation::new(&app, &worlds.all[0]);
        let thing = evaluation.resources().last().expect("a resource");
        evaluation.property(thing, "Value").resource().is_some()
    };
    let (same, other) = (exporter("Stage"), exporter("Team"));
    assert!(is_found(&[&same]));
    assert!(is_found(&[&same, &other]));
    assert!(!is_found(&[&same, &same]), "it could be either");
    assert!(!is_found(&[&other]));
}
