//! From CloudFormation's names to Rust's.

/// Runs of capitals that the general rule would split in the wrong place, and what they count as instead.
const WORDS: &[(&str, &str)] = &[
    ("ARNs", "Arns"),
    ("FSx", "Fsx"),
    ("GiB", "Gib"),
    ("GraphQL", "Graphql"),
    ("IPv4", "Ipv4"),
    ("IPv6", "Ipv6"),
    ("MiB", "Mib"),
    ("PromQL", "Promql"),
    ("URLs", "Urls"),
    ("VCpu", "Vcpu"),
    ("VPCDHCP", "VpcDhcp"),
    ("VPCs", "Vpcs"),
];

/// Keywords that may be written raw.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// `EnableDnsHostnames` as `enable_dns_hostnames`; a keyword is written raw (`r#type`).
pub fn snake(name: &str) -> String {
    let name = words(name).join("_").to_lowercase();
    if KEYWORDS.contains(&name.as_str()) { format!("r#{name}") } else { name }
}

/// `VPCEndpoint` as `VpcEndpoint`.
pub fn pascal(name: &str) -> String {
    words(name)
        .iter()
        .map(|word| {
            let mut letters = word.chars();
            let first = letters.next().map(|letter| letter.to_ascii_uppercase()).into_iter();
            first.chain(letters.map(|letter| letter.to_ascii_lowercase())).collect::<String>()
        })
        .collect()
}

/// `SecurityGroupId` as `SECURITY_GROUP_ID`.
pub fn constant(name: &str) -> String {
    words(name).join("_").to_uppercase()
}

/// The words of a name: a capital begins one, and so does the last capital of a run that small letters follow.
fn words(name: &str) -> Vec<String> {
    let mut name = name.to_owned();
    for (odd, plain) in WORDS {
        name = name.replace(odd, plain);
    }
    let letters: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    for (index, &letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|index| letters.get(index)).copied();
        let after = letters.get(index + 1).copied();
        if !letter.is_ascii_alphanumeric() {
            continue;
        }
        if begins_word(before, letter, after) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(letter);
        }
    }
    words
}

fn begins_word(before: Option<char>, letter: char, after: Option<char>) -> bool {
    let Some(before) = before else { return true };
    if !before.is_ascii_alphanumeric() {
        return true;
    }
    let capital = letter.is_ascii_uppercase();
    capital && (!before.is_ascii_uppercase() || after.is_some_and(|after| after.is_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acronyms_are_words() {
        assert_eq!(snake("EnableDnsHostnames"), "enable_dns_hostnames");
        assert_eq!(snake("PrivateIPv4Address"), "private_ipv4_address");
        assert_eq!(snake("EnableResourceNameDnsAAAARecord"), "enable_resource_name_dns_aaaa_record");
        assert_eq!(snake("Ipv6CidrBlock"), "ipv6_cidr_block");
        assert_eq!(snake("S3BucketName"), "s3_bucket_name");
        assert_eq!(snake("TargetGroupARNs"), "target_group_arns");
        assert_eq!(snake("MemoryGiBPerVCpu"), "memory_gib_per_vcpu");
        assert_eq!(pascal("VPCDHCPOptionsAssociation"), "VpcDhcpOptionsAssociation");
        assert_eq!(pascal("DBInstance"), "DbInstance");
        assert_eq!(constant("VpcId"), "VPC_ID");
    }

    #[test]
    fn keywords_are_raw() {
        assert_eq!(snake("Type"), "r#type");
        assert_eq!(snake("IAM"), "iam");
    }
}
