//! Templates that exceed what CloudFormation takes.

use crate::aws::cloudformation as limits;
use crate::diagnostics::Severity;
use crate::model::Model;
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1703", "template-too-large", Error {
        pitfalls: [],
        summary: "A template with more resources, parameters or outputs than CloudFormation takes, or too long",
        why: "A template has at most 500 resources, 200 parameters, 200 outputs and 1 MB.",
        example: "Parameters: { P1: {}, P2: {}, P3: {}, P4: {}, P5: {}, P6: {}, P7: {}, P8: {}, P9: {}, P10: {}, P11: {}, P12: {}, P13: {}, P14: {}, P15: {}, P16: {}, P17: {}, P18: {}, P19: {}, P20: {}, P21: {}, P22: {}, P23: {}, P24: {}, P25: {}, P26: {}, P27: {}, P28: {}, P29: {}, P30: {}, P31: {}, P32: {}, P33: {}, P34: {}, P35: {}, P36: {}, P37: {}, P38: {}, P39: {}, P40: {}, P41: {}, P42: {}, P43: {}, P44: {}, P45: {}, P46: {}, P47: {}, P48: {}, P49: {}, P50: {}, P51: {}, P52: {}, P53: {}, P54: {}, P55: {}, P56: {}, P57: {}, P58: {}, P59: {}, P60: {}, P61: {}, P62: {}, P63: {}, P64: {}, P65: {}, P66: {}, P67: {}, P68: {}, P69: {}, P70: {}, P71: {}, P72: {}, P73: {}, P74: {}, P75: {}, P76: {}, P77: {}, P78: {}, P79: {}, P80: {}, P81: {}, P82: {}, P83: {}, P84: {}, P85: {}, P86: {}, P87: {}, P88: {}, P89: {}, P90: {}, P91: {}, P92: {}, P93: {}, P94: {}, P95: {}, P96: {}, P97: {}, P98: {}, P99: {}, P100: {}, P101: {}, P102: {}, P103: {}, P104: {}, P105: {}, P106: {}, P107: {}, P108: {}, P109: {}, P110: {}, P111: {}, P112: {}, P113: {}, P114: {}, P115: {}, P116: {}, P117: {}, P118: {}, P119: {}, P120: {}, P121: {}, P122: {}, P123: {}, P124: {}, P125: {}, P126: {}, P127: {}, P128: {}, P129: {}, P130: {}, P131: {}, P132: {}, P133: {}, P134: {}, P135: {}, P136: {}, P137: {}, P138: {}, P139: {}, P140: {}, P141: {}, P142: {}, P143: {}, P144: {}, P145: {}, P146: {}, P147: {}, P148: {}, P149: {}, P150: {}, P151: {}, P152: {}, P153: {}, P154: {}, P155: {}, P156: {}, P157: {}, P158: {}, P159: {}, P160: {}, P161: {}, P162: {}, P163: {}, P164: {}, P165: {}, P166: {}, P167: {}, P168: {}, P169: {}, P170: {}, P171: {}, P172: {}, P173: {}, P174: {}, P175: {}, P176: {}, P177: {}, P178: {}, P179: {}, P180: {}, P181: {}, P182: {}, P183: {}, P184: {}, P185: {}, P186: {}, P187: {}, P188: {}, P189: {}, P190: {}, P191: {}, P192: {}, P193: {}, P194: {}, P195: {}, P196: {}, P197: {}, P198: {}, P199: {}, P200: {}, P201: {} }
Resources: { Topic: { Type: AWS::SNS::Topic } }
",
        instead: "Parameters: { One: { Type: String } }
Resources: { Topic: { Type: AWS::SNS::Topic } }
",
        source: "AWS CloudFormation user guide, quotas",
        check: check,
    }
}

/// From this part of a quota on it is good to know.
const NEARLY: usize = 90;

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    for (index, template) in (0..).zip(model.evaluation().app().templates()) {
        // What a macro makes of it counts, not what is written.
        if template.has_macros() {
            continue;
        }
        for (count, limit, what) in [
            (template.resources().len(), limits::RESOURCES, "resources"),
            (template.parameters().len(), limits::PARAMETERS, "parameters"),
            (template.outputs().len(), limits::OUTPUTS, "outputs"),
            (template.bytes(), limits::TEMPLATE_BYTES_IN_S3, "bytes"),
        ] {
            if count * 100 < limit * NEARLY {
                continue;
            }
            let found = findings.report(
                Model::whole(index),
                "",
                format!("the template has {count} {what}, and CloudFormation takes {limit}"),
            );
            found.help("split it into several stacks");
            if count <= limit {
                found.severity(Severity::Info);
            }
        }
    }
}
