//! What tells that a finding is the same one as in an earlier run, although lines have moved.

use crate::cfn::OrderedMap;
use sha2::{Digest as _, Sha256};

use super::super::super::Finding;

/// How many bytes of the hash are written.
const BYTES: usize = 16;

/// A fingerprint for each finding: of its rule and its address, without lines, columns and wording. Findings with the same
/// rule at the same address are numbered.
pub(super) fn of(findings: &[Finding]) -> Vec<String> {
    let mut seen: OrderedMap<String, usize> = OrderedMap::new();
    findings
        .iter()
        .map(|finding| {
            let address = address(finding);
            let number = seen.get(&address).map_or(0, |before| before + 1);
            seen.insert(address.clone(), number);
            let hash = Sha256::digest(format!("{address}\n{number}").as_bytes());
            hash.iter().take(BYTES).map(|byte| format!("{byte:02x}")).collect()
        })
        .collect()
}

fn address(finding: &Finding) -> String {
    let address = &finding.address;
    let pointer = |pointer: &Option<super::super::super::Pointer>| pointer.as_ref().map(ToString::to_string);
    let file = address.place.as_ref().map(|place| place.file.replace('\\', "/"));
    let parts =
        [file, address.stack.clone(), address.resource.clone(), pointer(&address.property), pointer(&address.spec)];
    let parts: Vec<String> = parts.into_iter().map(Option::unwrap_or_default).collect();
    format!("{}\n{}", finding.code, parts.join("\n"))
}
