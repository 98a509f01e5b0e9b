"""An AWS for the deployment tests: moto's server, and what a private ECS stack needs beyond it."""
