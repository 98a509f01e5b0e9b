import { App, aws_certificatemanager as acm, aws_ecr as ecr, aws_ecs as ecs, aws_s3 as s3, Stack } from 'aws-cdk-lib';
import {
  AllowedPrincipal, ListenerProtocol, PrivateFargateService, PrivateNetwork, RingfenceSecret, RingfenceValidator,
} from 'cdk-ringfence';

const app = new App();
RingfenceValidator.attach(app);

// The account that has the service.
const payments = new Stack(app, 'Payments', { env: { account: '111122223333', region: 'eu-west-1' } });
const repository = ecr.Repository.fromRepositoryName(payments, 'Repository', 'payments');
const certificate = acm.Certificate.fromCertificateArn(
  payments, 'Certificate', 'arn:aws:acm:eu-west-1:111122223333:certificate/12345678-1234-1234-1234-123456789012',
);
const service = new PrivateFargateService(payments, 'Service', {
  secrets: {
    database: { description: 'How the API reaches its database', template: '{"user":"api"}' },
  },
  services: {
    api: {
      image: ecs.ContainerImage.fromEcrRepository(repository, '1.4.2'),
      port: 8080,
      health: { path: '/healthz' },
      environment: { STAGE: 'production' },
      secrets: { DATABASE_PASSWORD: RingfenceSecret.named('database', 'password') },
      scale: { min: 2, max: 10, cpu: 60 },
    },
  },
  listeners: [{ port: 443, to: 'api', protocol: ListenerProtocol.TLS, tls: { certificate } }],
  privateLink: { allow: [AllowedPrincipal.account('222233334444')] },
});

// What is granted to the tasks opens the way to it.
const receipts = new s3.Bucket(payments, 'Receipts');
receipts.grantReadWrite(service.taskRole);

// The account that calls the service.
const shop = new Stack(app, 'Shop', { env: { account: '222233334444', region: 'eu-west-1' } });
const network = new PrivateNetwork(shop, 'Network', { cidr: '10.1.0.0/16' });
service.addConsumer(shop, 'Payments', { vpc: network.vpc, alias: 'payments.example.com' });

app.synth();
