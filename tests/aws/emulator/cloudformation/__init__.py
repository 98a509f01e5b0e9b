"""CloudFormation: templates, change sets, deployments with rollback, over handlers that call the services."""
