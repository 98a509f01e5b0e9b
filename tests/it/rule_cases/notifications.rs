//! Topics and keys of connection notifications.

use super::{Case, assert_cases, case};

const CASES: &[Case] = &[
    case(
        "a topic of elsewhere",
        &[],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Notification:
    Type: AWS::EC2::VPCEndpointConnectionNotification
    Properties: { ServiceId: !Ref Service, ConnectionNotificationArn: !ImportValue topic, ConnectionEvents: [Connect] }"#,
    ),
    case(
        "acceptance by a function",
        &[],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Accepts:
    Type: AWS::Lambda::Function
    Properties: { Code: { ZipFile: "ec2.accept_vpc_endpoint_connections()" } }
  Role:
    Type: AWS::IAM::Role
    Properties:
      Policies: [{ PolicyName: a, PolicyDocument: { Statement: [{ Effect: Allow, Action: "ec2:AcceptVpcEndpointConnections", Resource: "arn:aws:ec2:eu-west-1:111122223333:vpc-endpoint-service/*" }] } }]"#,
    ),
    case(
        "a notification without requests",
        &["RF1208"],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Notification:
    Type: AWS::EC2::VPCEndpointConnectionNotification
    Properties: { ServiceId: !Ref Service, ConnectionNotificationArn: !ImportValue topic, ConnectionEvents: [Accept, Reject] }"#,
    ),
    case(
        "events by parameter",
        &[],
        r#"Parameters:
  Events: { Type: CommaDelimitedList }
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Notification:
    Type: AWS::EC2::VPCEndpointConnectionNotification
    Properties: { ServiceId: !Ref Service, ConnectionNotificationArn: !ImportValue topic, ConnectionEvents: !Ref Events }"#,
    ),
    case(
        "events in small letters",
        &["RF1208", "RF1210"],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Notification:
    Type: AWS::EC2::VPCEndpointConnectionNotification
    Properties: { ServiceId: !Ref Service, ConnectionNotificationArn: !ImportValue topic, ConnectionEvents: [connect, accept] }"#,
    ),
    case(
        "a topic that allows several services",
        &[],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Notification:
    Type: AWS::EC2::VPCEndpointConnectionNotification
    Properties: { ServiceId: !Ref Service, ConnectionNotificationArn: !Ref Topic, ConnectionEvents: [Connect] }
  Topic: { Type: AWS::SNS::Topic }
  TopicPolicy:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref Topic]
      PolicyDocument:
        Statement:
          - { Effect: Allow, Principal: { Service: [events.amazonaws.com, vpce.amazonaws.com] }, Action: "SNS:Publish", Resource: "*", Condition: { ArnLike: { "aws:SourceArn": !Sub "arn:aws:ec2:${AWS::Region}:${AWS::AccountId}:vpc-endpoint-service/${Service}" } } }"#,
    ),
    case(
        "a topic that allows everything of SNS",
        &[],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Notification:
    Type: AWS::EC2::VPCEndpointConnectionNotification
    Properties: { ServiceId: !Ref Service, ConnectionNotificationArn: !Ref Topic, ConnectionEvents: [Connect] }
  Topic: { Type: AWS::SNS::Topic }
  TopicPolicy:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref Topic]
      PolicyDocument:
        Statement:
          - { Effect: Allow, Principal: { Service: vpce.amazonaws.com }, Action: ["sns:*"], Resource: !Ref Topic, Condition: { ArnLike: { "aws:SourceArn": !Sub "arn:aws:ec2:${AWS::Region}:${AWS::AccountId}:vpc-endpoint-service/${Service}" } } }"#,
    ),
    case(
        "a topic for everybody on a condition",
        &[],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Notification:
    Type: AWS::EC2::VPCEndpointConnectionNotification
    Properties: { ServiceId: !Ref Service, ConnectionNotificationArn: !Ref Topic, ConnectionEvents: [Connect] }
  Topic: { Type: AWS::SNS::Topic }
  TopicPolicy:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref Topic]
      PolicyDocument:
        Statement:
          - { Effect: Allow, Principal: "*", Action: "sns:Publish", Resource: !Ref Topic, Condition: { ArnLike: { "aws:SourceArn": !Sub "arn:aws:ec2:${AWS::Region}:${AWS::AccountId}:vpc-endpoint-service/${Service}" } } }"#,
    ),
    case(
        "a topic that refuses plain text",
        &[],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Notification:
    Type: AWS::EC2::VPCEndpointConnectionNotification
    Properties: { ServiceId: !Ref Service, ConnectionNotificationArn: !Ref Topic, ConnectionEvents: [Connect] }
  Topic: { Type: AWS::SNS::Topic }
  TopicPolicy:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref Topic]
      PolicyDocument:
        Statement:
          - { Effect: Allow, Principal: { Service: vpce.amazonaws.com }, Action: "sns:Publish", Resource: !Ref Topic, Condition: { ArnLike: { "aws:SourceArn": !Sub "arn:aws:ec2:${AWS::Region}:${AWS::AccountId}:vpc-endpoint-service/${Service}" } } }
          - { Effect: Deny, Principal: "*", Action: "sns:Publish", Resource: !Ref Topic, Condition: { Bool: { "aws:SecureTransport": "false" } } }"#,
    ),
    case(
        "a topic without a policy",
        &["RF1211"],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Notification:
    Type: AWS::EC2::VPCEndpointConnectionNotification
    Properties: { ServiceId: !Ref Service, ConnectionNotificationArn: !Ref Topic, ConnectionEvents: [Connect] }
  Topic: { Type: AWS::SNS::Topic }"#,
    ),
    case(
        "a topic that allows to subscribe",
        &["RF1211"],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Notification:
    Type: AWS::EC2::VPCEndpointConnectionNotification
    Properties: { ServiceId: !Ref Service, ConnectionNotificationArn: !Ref Topic, ConnectionEvents: [Connect] }
  Topic: { Type: AWS::SNS::Topic }
  TopicPolicy:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref Topic]
      PolicyDocument:
        Statement:
          - { Effect: Allow, Principal: { Service: vpce.amazonaws.com }, Action: "sns:Subscribe", Resource: !Ref Topic, Condition: { ArnLike: { "aws:SourceArn": !Sub "arn:aws:ec2:${AWS::Region}:${AWS::AccountId}:vpc-endpoint-service/${Service}" } } }"#,
    ),
    case(
        "a policy of another topic",
        &["RF1211"],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Notification:
    Type: AWS::EC2::VPCEndpointConnectionNotification
    Properties: { ServiceId: !Ref Service, ConnectionNotificationArn: !Ref Topic, ConnectionEvents: [Connect] }
  Topic: { Type: AWS::SNS::Topic }
  TopicPolicy:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref Other]
      PolicyDocument:
        Statement:
          - { Effect: Allow, Principal: { Service: vpce.amazonaws.com }, Action: "sns:Publish", Resource: !Ref Topic, Condition: { ArnLike: { "aws:SourceArn": !Sub "arn:aws:ec2:${AWS::Region}:${AWS::AccountId}:vpc-endpoint-service/${Service}" } } }
  Other: { Type: AWS::SNS::Topic }"#,
    ),
    case(
        "a topic that anybody may use",
        &["RF1212"],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Notification:
    Type: AWS::EC2::VPCEndpointConnectionNotification
    Properties: { ServiceId: !Ref Service, ConnectionNotificationArn: !Ref Topic, ConnectionEvents: [Connect] }
  Topic: { Type: AWS::SNS::Topic }
  TopicPolicy:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref Topic]
      PolicyDocument:
        Statement:
          - { Effect: Allow, Principal: "*", Action: "sns:Publish", Resource: !Ref Topic }"#,
    ),
    case(
        "the key of AWS by ARN",
        &["RF1213"],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Notification:
    Type: AWS::EC2::VPCEndpointConnectionNotification
    Properties: { ServiceId: !Ref Service, ConnectionNotificationArn: !Ref Topic, ConnectionEvents: [Connect] }
  Topic: { Type: AWS::SNS::Topic, Properties: { KmsMasterKeyId: !Sub "arn:aws:kms:${AWS::Region}:${AWS::AccountId}:alias/aws/sns" } }
  TopicPolicy:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref Topic]
      PolicyDocument:
        Statement:
          - { Effect: Allow, Principal: { Service: vpce.amazonaws.com }, Action: "sns:Publish", Resource: !Ref Topic, Condition: { ArnLike: { "aws:SourceArn": !Sub "arn:aws:ec2:${AWS::Region}:${AWS::AccountId}:vpc-endpoint-service/${Service}" } } }"#,
    ),
    case(
        "a key of elsewhere",
        &[],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Notification:
    Type: AWS::EC2::VPCEndpointConnectionNotification
    Properties: { ServiceId: !Ref Service, ConnectionNotificationArn: !Ref Topic, ConnectionEvents: [Connect] }
  Topic: { Type: AWS::SNS::Topic, Properties: { KmsMasterKeyId: !ImportValue key } }
  TopicPolicy:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref Topic]
      PolicyDocument:
        Statement:
          - { Effect: Allow, Principal: { Service: vpce.amazonaws.com }, Action: "sns:Publish", Resource: !Ref Topic, Condition: { ArnLike: { "aws:SourceArn": !Sub "arn:aws:ec2:${AWS::Region}:${AWS::AccountId}:vpc-endpoint-service/${Service}" } } }"#,
    ),
    case(
        "a key that allows all",
        &[],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Notification:
    Type: AWS::EC2::VPCEndpointConnectionNotification
    Properties: { ServiceId: !Ref Service, ConnectionNotificationArn: !Ref Topic, ConnectionEvents: [Connect] }
  Topic: { Type: AWS::SNS::Topic, Properties: { KmsMasterKeyId: !GetAtt Key.Arn } }
  TopicPolicy:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref Topic]
      PolicyDocument:
        Statement:
          - { Effect: Allow, Principal: { Service: vpce.amazonaws.com }, Action: "sns:Publish", Resource: !Ref Topic, Condition: { ArnLike: { "aws:SourceArn": !Sub "arn:aws:ec2:${AWS::Region}:${AWS::AccountId}:vpc-endpoint-service/${Service}" } } }
  Key:
    Type: AWS::KMS::Key
    Properties: { KeyPolicy: { Statement: [{ Effect: Allow, Principal: { Service: vpce.amazonaws.com }, Action: "kms:*", Resource: "*" }] } }
  Alias: { Type: AWS::KMS::Alias, Properties: { AliasName: alias/topic, TargetKeyId: !Ref Key } }"#,
    ),
    case(
        "a key with two statements",
        &[],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Notification:
    Type: AWS::EC2::VPCEndpointConnectionNotification
    Properties: { ServiceId: !Ref Service, ConnectionNotificationArn: !Ref Topic, ConnectionEvents: [Connect] }
  Topic: { Type: AWS::SNS::Topic, Properties: { KmsMasterKeyId: !Ref Alias } }
  TopicPolicy:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref Topic]
      PolicyDocument:
        Statement:
          - { Effect: Allow, Principal: { Service: vpce.amazonaws.com }, Action: "sns:Publish", Resource: !Ref Topic, Condition: { ArnLike: { "aws:SourceArn": !Sub "arn:aws:ec2:${AWS::Region}:${AWS::AccountId}:vpc-endpoint-service/${Service}" } } }
  Key:
    Type: AWS::KMS::Key
    Properties: { KeyPolicy: { Statement: [{ Effect: Allow, Principal: { Service: vpce.amazonaws.com }, Action: "kms:Decrypt", Resource: "*" }, { Effect: Allow, Principal: { Service: vpce.amazonaws.com }, Action: "kms:GenerateDataKey*", Resource: "*" }] } }
  Alias: { Type: AWS::KMS::Alias, Properties: { AliasName: alias/topic, TargetKeyId: !Ref Key } }"#,
    ),
    case(
        "a key that only decrypts",
        &["RF1214"],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Notification:
    Type: AWS::EC2::VPCEndpointConnectionNotification
    Properties: { ServiceId: !Ref Service, ConnectionNotificationArn: !Ref Topic, ConnectionEvents: [Connect] }
  Topic: { Type: AWS::SNS::Topic, Properties: { KmsMasterKeyId: !Ref Alias } }
  TopicPolicy:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref Topic]
      PolicyDocument:
        Statement:
          - { Effect: Allow, Principal: { Service: vpce.amazonaws.com }, Action: "sns:Publish", Resource: !Ref Topic, Condition: { ArnLike: { "aws:SourceArn": !Sub "arn:aws:ec2:${AWS::Region}:${AWS::AccountId}:vpc-endpoint-service/${Service}" } } }
  Key:
    Type: AWS::KMS::Key
    Properties: { KeyPolicy: { Statement: [{ Effect: Allow, Principal: { Service: vpce.amazonaws.com }, Action: "kms:Decrypt", Resource: "*" }] } }
  Alias: { Type: AWS::KMS::Alias, Properties: { AliasName: alias/topic, TargetKeyId: !Ref Key } }"#,
    ),
    case(
        "a key without a policy",
        &["RF1214"],
        r#"Parameters:
  Balancer: { Type: String }
Resources:
  Service:
    Type: AWS::EC2::VPCEndpointService
    Properties: { NetworkLoadBalancerArns: [!Ref Balancer], AcceptanceRequired: true }
  Permissions:
    Type: AWS::EC2::VPCEndpointServicePermissions
    Properties: { ServiceId: !Ref Service, AllowedPrincipals: ["arn:aws:iam::222233334444:root"] }
  Notification:
    Type: AWS::EC2::VPCEndpointConnectionNotification
    Properties: { ServiceId: !Ref Service, ConnectionNotificationArn: !Ref Topic, ConnectionEvents: [Connect] }
  Topic: { Type: AWS::SNS::Topic, Properties: { KmsMasterKeyId: !Ref Key } }
  TopicPolicy:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref Topic]
      PolicyDocument:
        Statement:
          - { Effect: Allow, Principal: { Service: vpce.amazonaws.com }, Action: "sns:Publish", Resource: !Ref Topic, Condition: { ArnLike: { "aws:SourceArn": !Sub "arn:aws:ec2:${AWS::Region}:${AWS::AccountId}:vpc-endpoint-service/${Service}" } } }
  Key: { Type: AWS::KMS::Key }"#,
    ),
];

#[test]
fn notifications_are_judged_whatever_way_they_are_written() {
    assert_cases("RF12", CASES);
}
