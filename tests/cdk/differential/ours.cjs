// The patterns of the comparison with the constructs of this library. What a pattern is about is set, and what it is not about
// is switched off; everything else is left to our defaults.
"use strict";

const { Size } = require("aws-cdk-lib");
const acm = require("aws-cdk-lib/aws-certificatemanager");
const ecr = require("aws-cdk-lib/aws-ecr");
const ecs = require("aws-cdk-lib/aws-ecs");
const secrets = require("aws-cdk-lib/aws-secretsmanager");
const ringfence = require("cdk-ringfence");

const ZONES = ["eu-west-1a", "eu-west-1b"];
const CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/12345678-1234-1234-1234-123456789012";
const CONSUMER = ringfence.AllowedPrincipal.account("222233334444");
const PRIVATE_LINK = { allow: [CONSUMER], notifications: { enabled: false } };
const QUIET = { alarms: { enabled: false }, dashboard: { enabled: false } };
const NETWORK = { cidr: "10.20.0.0/16", availabilityZones: ZONES, flowLogs: { enabled: false } };

const api = (scope) => ({
  image: ecs.ContainerImage.fromEcrRepository(ecr.Repository.fromRepositoryName(scope, "Repository", "payments"), "1.4.2"),
  port: 8080,
  cpu: 512,
  memory: Size.mebibytes(1024),
  scale: { min: 2, max: 10, cpu: 60 },
});

module.exports = {
  network(scope) {
    new ringfence.PrivateNetwork(scope, "Network", { cidr: "10.20.0.0/16", availabilityZones: ZONES });
  },

  tcp(scope) {
    new ringfence.PrivateFargateService(scope, "Payments", {
      ...QUIET,
      network: NETWORK,
      services: { api: { ...api(scope), health: { protocol: ringfence.HealthProtocol.TCP } } },
      listeners: [{ port: 80, to: "api" }],
      privateLink: PRIVATE_LINK,
    });
  },

  tls(scope) {
    const secret = secrets.Secret.fromSecretCompleteArn(
      scope, "Database", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-a1b2c3");
    new ringfence.PrivateFargateService(scope, "Payments", {
      ...QUIET,
      network: NETWORK,
      services: {
        api: {
          ...api(scope),
          health: { path: "/healthz" },
          secrets: { DB_PASSWORD: ecs.Secret.fromSecretsManager(secret, "password") },
        },
      },
      listeners: [{ port: 443, tls: { certificate: acm.Certificate.fromCertificateArn(scope, "Certificate", CERTIFICATE) }, to: "api" }],
      privateLink: PRIVATE_LINK,
    });
  },

  existing(scope, { vpc, cluster }) {
    new ringfence.PrivateFargateService(scope, "Payments", {
      ...QUIET,
      network: { existing: { vpc }, flowLogs: { enabled: false } },
      cluster: { existing: cluster },
      services: { api: { ...api(scope), health: { protocol: ringfence.HealthProtocol.TCP } } },
      listeners: [{ port: 80, to: "api" }],
      privateLink: PRIVATE_LINK,
    });
  },

  sharing(scope, { balancer }) {
    new ringfence.PrivateLinkService(scope, "Share", { ...PRIVATE_LINK, loadBalancer: balancer });
  },

  consumer(scope, { vpc, serviceName }) {
    new ringfence.PrivateLinkConsumer(scope, "Payments", { vpc, foreign: { serviceName, ports: [{ port: 443 }] } });
  },
};
