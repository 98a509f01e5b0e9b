"""A private service that another account reaches through AWS PrivateLink, and that account."""

from aws_cdk import App, Environment, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_s3 as s3
from cdk_ringfence import (
    AllowedPrincipal,
    HealthCheckOptions,
    ListenerOptions,
    ListenerProtocol,
    ManagedSecretOptions,
    PrivateFargateService,
    PrivateLinkOptions,
    PrivateNetwork,
    RingfenceSecret,
    RingfenceValidator,
    ScaleOptions,
    ServiceOptions,
    TlsOptions,
)

app = App()
RingfenceValidator.attach(app)

# The account that has the service.
payments = Stack(app, "Payments", env=Environment(account="111122223333", region="eu-west-1"))
repository = ecr.Repository.from_repository_name(payments, "Repository", "payments")
certificate = acm.Certificate.from_certificate_arn(
    payments,
    "Certificate",
    "arn:aws:acm:eu-west-1:111122223333:certificate/12345678-1234-1234-1234-123456789012",
)
service = PrivateFargateService(
    payments,
    "Service",
    secrets={
        "database": ManagedSecretOptions(
            description="How the API reaches its database", template='{"user":"api"}'
        ),
    },
    services={
        "api": ServiceOptions(
            image=ecs.ContainerImage.from_ecr_repository(repository, "1.4.2"),
            port=8080,
            health=HealthCheckOptions(path="/healthz"),
            environment={"STAGE": "production"},
            secrets={"DATABASE_PASSWORD": RingfenceSecret.named("database", "password")},
            scale=ScaleOptions(min=2, max=10, cpu=60),
        ),
    },
    listeners=[
        ListenerOptions(
            port=443, to="api", protocol=ListenerProtocol.TLS, tls=TlsOptions(certificate=certificate)
        ),
    ],
    private_link=PrivateLinkOptions(allow=[AllowedPrincipal.account("222233334444")]),
)

# What is granted to the tasks opens the way to it.
receipts = s3.Bucket(payments, "Receipts")
receipts.grant_read_write(service.task_role)

# The account that calls the service.
shop = Stack(app, "Shop", env=Environment(account="222233334444", region="eu-west-1"))
network = PrivateNetwork(shop, "Network", cidr="10.1.0.0/16")
service.add_consumer(shop, "Payments", vpc=network.vpc, alias="payments.example.com")

app.synth()
