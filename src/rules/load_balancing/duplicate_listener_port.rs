//! Two listeners on one port of a load balancer.

use std::collections::BTreeMap;

use crate::model::{Identity, Listener, Model, View};
use crate::rules::Findings;
use crate::rules::registry::rule;

rule! {
    RULE = "RF1130", "duplicate-listener-port", Error {
        pitfalls: [],
        summary: "Two listeners of a load balancer on the same port",
        why: "A port of a load balancer has one listener, whatever the protocols: for TCP and UDP on the same port there is \
              TCP_UDP.",
        example: "Resources:
  Tcp:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/a/0123456789abcdef
      Port: 53
      Protocol: TCP
      DefaultActions: [{ Type: forward, TargetGroupArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/a/0123456789abcdef }]
  Udp:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/a/0123456789abcdef
      Port: 53
      Protocol: UDP
      DefaultActions: [{ Type: forward, TargetGroupArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/b/0123456789abcdef }]
",
        instead: "Resources:
  Both:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/a/0123456789abcdef
      Port: 53
      Protocol: TCP_UDP
      DefaultActions: [{ Type: forward, TargetGroupArn: arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/a/0123456789abcdef }]
",
        source: "Elastic Load Balancing API reference, CreateListener",
        check: check,
    }
}

fn check<'a>(model: &'a Model<'a>, findings: &mut Findings<'_>) {
    let mut taken: BTreeMap<(Identity<'a>, i64), Listener<'a>> = BTreeMap::new();
    for listener in model.all::<Listener<'a>>() {
        let (Some(balancer), Some(port)) = (listener.load_balancer().known(), listener.port().known()) else {
            continue;
        };
        // Two stacks of one template may mean two load balancers by one parameter, but not one stack.
        let Some(first) = taken.get(&(balancer.clone(), port)) else {
            taken.insert((balancer, port), listener);
            continue;
        };
        findings
            .report(listener.id(), "Port", format!("another listener of the load balancer has port {port}"))
            .help("choose another port, or one listener with `TCP_UDP` for both protocols")
            .mention(first.id(), "Port", "this is the other listener");
    }
}
