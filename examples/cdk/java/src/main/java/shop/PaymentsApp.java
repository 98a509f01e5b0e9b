package shop;

import dev.ringfence.cdk.AllowedPrincipal;
import dev.ringfence.cdk.ConsumerOptions;
import dev.ringfence.cdk.HealthCheckOptions;
import dev.ringfence.cdk.ListenerOptions;
import dev.ringfence.cdk.ListenerProtocol;
import dev.ringfence.cdk.ManagedSecretOptions;
import dev.ringfence.cdk.PrivateFargateService;
import dev.ringfence.cdk.PrivateLinkOptions;
import dev.ringfence.cdk.PrivateNetwork;
import dev.ringfence.cdk.RingfenceSecret;
import dev.ringfence.cdk.RingfenceValidator;
import dev.ringfence.cdk.ScaleOptions;
import dev.ringfence.cdk.ServiceOptions;
import dev.ringfence.cdk.TlsOptions;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.certificatemanager.Certificate;
import software.amazon.awscdk.services.ecr.Repository;
import software.amazon.awscdk.services.ecs.ContainerImage;
import software.amazon.awscdk.services.s3.Bucket;

/** A private service that another account reaches through AWS PrivateLink, and that account. */
public final class PaymentsApp {
    private PaymentsApp() {}

    public static void main(final String[] arguments) {
        App app = new App();
        RingfenceValidator.attach(app);

        // The account that has the service.
        Stack payments = stack(app, "Payments", "111122223333");
        var repository = Repository.fromRepositoryName(payments, "Repository", "payments");
        var certificate = Certificate.fromCertificateArn(payments, "Certificate",
                "arn:aws:acm:eu-west-1:111122223333:certificate/12345678-1234-1234-1234-123456789012");
        var api = ServiceOptions.builder()
                .image(ContainerImage.fromEcrRepository(repository, "1.4.2"))
                .port(8080)
                .health(HealthCheckOptions.builder().path("/healthz").build())
                .environment(Map.of("STAGE", "production"))
                .secrets(Map.of("DATABASE_PASSWORD", RingfenceSecret.named("database", "password")))
                .scale(ScaleOptions.builder().min(2).max(10).cpu(60).build())
                .build();
        var service = PrivateFargateService.Builder.create(payments, "Service")
                .secrets(Map.of("database", ManagedSecretOptions.builder()
                        .description("How the API reaches its database")
                        .template("{\"user\":\"api\"}")
                        .build()))
                .services(Map.of("api", api))
                .listeners(List.of(ListenerOptions.builder()
                        .port(443)
                        .to("api")
                        .protocol(ListenerProtocol.TLS)
                        .tls(TlsOptions.builder().certificate(certificate).build())
                        .build()))
                .privateLink(PrivateLinkOptions.builder()
                        .allow(List.of(AllowedPrincipal.account("222233334444")))
                        .build())
                .build();

        // What is granted to the tasks opens the way to it.
        var receipts = new Bucket(payments, "Receipts");
        receipts.grantReadWrite(service.getTaskRole());

        // The account that calls the service.
        Stack shop = stack(app, "Shop", "222233334444");
        var network = PrivateNetwork.Builder.create(shop, "Network").cidr("10.1.0.0/16").build();
        service.addConsumer(shop, "Payments", ConsumerOptions.builder()
                .vpc(network.getVpc())
                .alias("payments.example.com")
                .build());

        app.synth();
    }

    private static Stack stack(final App app, final String id, final String account) {
        var env = Environment.builder().account(account).region("eu-west-1").build();
        return Stack.Builder.create(app, id).env(env).build();
    }
}
