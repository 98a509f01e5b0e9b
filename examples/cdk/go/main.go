// A private service that another account reaches through AWS PrivateLink, and that account.
package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	acm "github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	ecr "github.com/aws/aws-cdk-go/awscdk/v2/awsecr"
	ecs "github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	s3 "github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"
	"github.com/ringfence-dev/cdk-ringfence-go/ringfence"
)

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	ringfence.RingfenceValidator_Attach(app, nil)

	// The account that has the service.
	payments := stack(app, "Payments", "111122223333")
	repository := ecr.Repository_FromRepositoryName(payments, jsii.String("Repository"), jsii.String("payments"))
	certificate := acm.Certificate_FromCertificateArn(payments, jsii.String("Certificate"),
		jsii.String("arn:aws:acm:eu-west-1:111122223333:certificate/12345678-1234-1234-1234-123456789012"))
	service := ringfence.NewPrivateFargateService(payments, jsii.String("Service"), &ringfence.PrivateFargateServiceProps{
		Secrets: &map[string]*ringfence.ManagedSecretOptions{
			"database": {
				Description: jsii.String("How the API reaches its database"),
				Template:    jsii.String(`{"user":"api"}`),
			},
		},
		Services: &map[string]*ringfence.ServiceOptions{
			"api": {
				Image:       ecs.ContainerImage_FromEcrRepository(repository, jsii.String("1.4.2")),
				Port:        jsii.Number(8080),
				Health:      &ringfence.HealthCheckOptions{Path: jsii.String("/healthz")},
				Environment: &map[string]*string{"STAGE": jsii.String("production")},
				Secrets: &map[string]ecs.Secret{
					"DATABASE_PASSWORD": ringfence.RingfenceSecret_Named(jsii.String("database"), jsii.String("password")),
				},
				Scale: &ringfence.ScaleOptions{Min: jsii.Number(2), Max: jsii.Number(10), Cpu: jsii.Number(60)},
			},
		},
		Listeners: &[]*ringfence.ListenerOptions{{
			Port:     jsii.Number(443),
			To:       jsii.String("api"),
			Protocol: ringfence.ListenerProtocol_TLS,
			Tls:      &ringfence.TlsOptions{Certificate: certificate},
		}},
		PrivateLink: &ringfence.PrivateLinkOptions{
			Allow: &[]ringfence.AllowedPrincipal{ringfence.AllowedPrincipal_Account(jsii.String("222233334444"), nil)},
		},
	})

	// What is granted to the tasks opens the way to it.
	receipts := s3.NewBucket(payments, jsii.String("Receipts"), nil)
	receipts.GrantReadWrite(service.TaskRole(), nil)

	// The account that calls the service.
	shop := stack(app, "Shop", "222233334444")
	network := ringfence.NewPrivateNetwork(shop, jsii.String("Network"), &ringfence.PrivateNetworkProps{
		Cidr: jsii.String("10.1.0.0/16"),
	})
	service.AddConsumer(shop, jsii.String("Payments"), &ringfence.ConsumerOptions{
		Vpc:   network.Vpc(),
		Alias: jsii.String("payments.example.com"),
	})

	app.Synth(nil)
}

func stack(app awscdk.App, id, account string) awscdk.Stack {
	return awscdk.NewStack(app, jsii.String(id), &awscdk.StackProps{
		Env: &awscdk.Environment{Account: jsii.String(account), Region: jsii.String("eu-west-1")},
	})
}
