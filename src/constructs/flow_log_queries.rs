//! What flow logs record here, and the questions that are asked of the records: by saved queries and by the dashboard.

use crate::aws::flow_logs::format_of;
use crate::cfn::Gather as _;
use crate::spec::FlowLogTraffic;

/// The fields of a record in their order, and what the queries call them. None of these names is one that CloudWatch gives
/// to fields which it discovers in flow logs by itself (`bytes`, `srcAddr` …), so neither hides the other.
///
/// The addresses are those of the packet, not of the interface. Source: `vpc/latest/userguide/flow-log-records`, and
/// `AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields`.
const FIELDS: &[(&str, &str)] = &[
    ("version", "record_version"),
    ("interface-id", "network_interface"),
    ("az-id", "zone_id"),
    ("action", "verdict"),
    ("log-status", "record_status"),
    ("flow-direction", "direction"),
    ("traffic-path", "path"),
    ("protocol", "ip_protocol"),
    ("tcp-flags", "tcp_flags"),
    ("srcaddr", "interface_client"),
    ("dstaddr", "interface_server"),
    ("pkt-srcaddr", "client"),
    ("srcport", "client_port"),
    ("pkt-dstaddr", "server"),
    ("dstport", "server_port"),
    ("pkt-src-aws-service", "client_aws_service"),
    ("pkt-dst-aws-service", "server_aws_service"),
    ("packets", "packet_count"),
    ("bytes", "byte_count"),
    ("start", "start_seconds"),
    ("end", "end_seconds"),
];

/// How CloudWatch and S3 are told which fields to record.
pub(super) fn format() -> String {
    let names: Vec<&str> = FIELDS.iter().map(|(field, _)| *field).gather();
    format_of(&names)
}

/// A question that flow logs answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Query {
    /// The construct ID.
    pub(super) id: &'static str,
    /// What it shows, for people.
    pub(super) title: &'static str,
    /// How a dashboard shows it.
    pub(super) view: View,
    /// The query, without the part that takes the records apart.
    body: &'static str,
    /// Which records it is about; nothing when about all.
    about: Option<FlowLogTraffic>,
}

/// How a dashboard shows the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    /// As rows.
    Table,
    /// As lines over time.
    TimeSeries,
}

impl View {
    /// The word for it in the body of a dashboard.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::TimeSeries => "timeSeries",
        }
    }
}

/// Who opens connections. A record of a TCP connection's beginning has SYN without ACK among its flags (2, perhaps with FIN
/// or RST); UDP (17) has no flags. Each connection inside the VPC is recorded where it leaves and where it arrives: only
/// the latter counts.
const CONNECTIONS: Query = Query {
    id: "Connections",
    title: "who connects",
    view: View::Table,
    body: "filter verdict = \"ACCEPT\" and direction = \"ingress\"\n\
           | filter tcp_flags = 2 or tcp_flags = 3 or tcp_flags = 6 or tcp_flags = 7 or ip_protocol = 17\n\
           | stats count(*) as connections, latest(@timestamp) as last_seen by client, server, server_port\n\
           | sort connections desc\n\
           | limit 50",
    about: Some(FlowLogTraffic::Accept),
};

/// Who sends how much to whom.
const VOLUME: Query = Query {
    id: "Volume",
    title: "how much",
    view: View::Table,
    body: "filter verdict = \"ACCEPT\" and direction = \"ingress\"\n\
           | stats sum(byte_count) as total_bytes, sum(packet_count) as total_packets by client, server\n\
           | sort total_bytes desc\n\
           | limit 50",
    about: Some(FlowLogTraffic::Accept),
};

/// What security groups and network ACLs did not let through.
const REJECTED: Query = Query {
    id: "Rejected",
    title: "what was rejected",
    view: View::Table,
    body: "filter verdict = \"REJECT\"\n\
           | stats count(*) as flows, sum(packet_count) as total_packets, latest(@timestamp) as last_seen \
           by client, server, server_port, ip_protocol, direction\n\
           | sort flows desc\n\
           | limit 50",
    about: Some(FlowLogTraffic::Reject),
};

/// How traffic changes over time.
const TREND: Query = Query {
    id: "Trend",
    title: "traffic by the hour",
    view: View::TimeSeries,
    body: "filter direction = \"ingress\"\n\
           | stats sum(byte_count) as total_bytes, sum(strcontains(verdict, \"ACCEPT\")) as accepted_flows, \
           sum(strcontains(verdict, \"REJECT\")) as rejected_flows by bin(1h)",
    about: None,
};

/// The questions that make sense for what is recorded.
pub(super) fn queries(traffic: FlowLogTraffic) -> Vec<Query> {
    let fits = |query: &Query| traffic == FlowLogTraffic::All || query.about.is_none_or(|about| about == traffic);
    [CONNECTIONS, VOLUME, REJECTED, TREND].into_iter().filter(fits).gather()
}

impl Query {
    /// The query in the language of CloudWatch Logs Insights: records of a format of one's own are text to it, which a
    /// pattern with `*` for each field takes apart. Source: `AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Parse`.
    pub(super) fn text(&self) -> String {
        let pattern = vec!["*"; FIELDS.len()].join(" ");
        let names: Vec<&str> = FIELDS.iter().map(|(_, name)| *name).gather();
        format!("parse @message \"{pattern}\" as {}\n| {}", names.join(", "), self.body)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::aws::flow_logs::parse_format;

    /// Words of the query language that the queries use.
    const WORDS: &[&str] = &[
        "and",
        "as",
        "asc",
        "bin",
        "by",
        "count",
        "desc",
        "filter",
        "latest",
        "limit",
        "or",
        "parse",
        "sort",
        "stats",
        "strcontains",
        "sum",
        "@message",
        "@timestamp",
        "1h",
        "ACCEPT",
        "REJECT",
        "ingress",
    ];

    #[test]
    fn every_field_exists_and_has_a_name_of_its_own() {
        assert_eq!(parse_format(&format()).map(|fields| fields.len()), Ok(FIELDS.len()));
        let names: BTreeSet<&str> = FIELDS.iter().map(|(_, name)| *name).collect();
        assert_eq!(names.len(), FIELDS.len());
        let discovered = ["accountId", "action", "bytes", "packets", "protocol", "srcAddr", "dstAddr", "version"];
        assert!(discovered.iter().all(|name| !names.contains(name)));
    }

    #[test]
    fn a_pattern_has_a_star_for_each_name() {
        let text = TREND.text();
        let (pattern, names) = text.split_once("\" as ").unwrap();
        assert_eq!(pattern.matches('*').count(), FIELDS.len());
        assert_eq!(names.split_once('\n').unwrap().0.split(", ").count(), FIELDS.len());
    }

    #[test]
    fn queries_use_names_that_they_have() {
        for query in queries(FlowLogTraffic::All) {
            let mut known: BTreeSet<&str> = FIELDS.iter().map(|(_, name)| *name).chain(WORDS.iter().copied()).collect();
            let words: Vec<&str> =
                query.body.split(|letter: char| !letter.is_alphanumeric() && !"_@".contains(letter)).collect();
            known.extend(words.windows(2).filter(|pair| pair[0] == "as").map(|pair| pair[1]));
            let strange = |word: &&&str| !word.is_empty() && word.parse::<u32>().is_err() && !known.contains(**word);
            assert_eq!(words.iter().filter(strange).collect::<Vec<_>>(), Vec::<&&str>::new(), "{}", query.id);
        }
    }

    #[test]
    fn nothing_is_asked_about_what_is_not_recorded() {
        let ids = |traffic| queries(traffic).into_iter().map(|query| query.id).collect::<Vec<_>>();
        assert_eq!(ids(FlowLogTraffic::All), ["Connections", "Volume", "Rejected", "Trend"]);
        assert_eq!(ids(FlowLogTraffic::Accept), ["Connections", "Volume", "Trend"]);
        assert_eq!(ids(FlowLogTraffic::Reject), ["Rejected", "Trend"]);
    }
}
