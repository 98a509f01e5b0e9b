"""The function that starts services anew: what it asks of ECS, and what it does when ECS refuses.

Calls go through botocore's stubber, which refuses parameters and answers that the API does not have.
"""
import importlib.util
import os
import pathlib
import unittest

os.environ["AWS_DEFAULT_REGION"] = "eu-west-1"
os.environ["AWS_ACCESS_KEY_ID"] = os.environ["AWS_SECRET_ACCESS_KEY"] = "none"

from botocore.stub import Stubber

CODE = pathlib.Path(__file__).parents[2] / "src/constructs/inline/restart_services.py"


def load():
    spec = importlib.util.spec_from_file_location("restart_services", CODE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def entry(service):
    return {"cluster": "main", "service": service}


def expected(service):
    return {"cluster": "main", "service": service, "forceNewDeployment": True}


class RestartServices(unittest.TestCase):
    def setUp(self):
        self.module = load()
        self.ecs = self.module.connect()
        self.stub = Stubber(self.ecs)
        self.stub.activate()
        self.addCleanup(self.stub.deactivate)

    def starts(self, service):
        self.stub.add_response("update_service", {"service": {"serviceName": service}}, expected(service))

    def refuses(self, service, code):
        self.stub.add_client_error("update_service", code, expected_params=expected(service))

    def run_for(self, *services):
        return self.module.handler({"services": [entry(service) for service in services]}, None, self.ecs)

    def test_each_service_gets_a_new_deployment_and_nothing_else_changes(self):
        self.starts("api")
        self.starts("worker")
        with self.assertLogs(level="INFO") as logged:
            self.run_for("api", "worker")
        self.stub.assert_no_pending_responses()
        self.assertEqual([line.getMessage() for line in logged.records],
                         ["api in main is started anew", "worker in main is started anew"])

    def test_a_service_that_is_gone_is_no_failure(self):
        for code in sorted(self.module.GONE):
            with self.subTest(code=code):
                self.refuses("api", code)
                self.starts("worker")
                self.run_for("api", "worker")
                self.stub.assert_no_pending_responses()

    def test_a_refusal_is_a_failure_and_the_other_services_are_started_all_the_same(self):
        self.refuses("api", "AccessDeniedException")
        self.starts("worker")
        with self.assertRaisesRegex(RuntimeError, "^api: .*AccessDeniedException"):
            self.run_for("api", "worker")
        self.stub.assert_no_pending_responses()

    def test_all_failures_are_told(self):
        self.refuses("api", "ServerException")
        self.refuses("worker", "InvalidParameterException")
        with self.assertRaisesRegex(RuntimeError, "api: .*ServerException.*; worker: .*InvalidParameterException"):
            self.run_for("api", "worker")

    def test_an_event_without_services_is_an_error(self):
        with self.assertRaises(KeyError):
            self.module.handler({}, None, self.ecs)

    def test_calls_are_tried_again_as_often_as_the_sdk_recommends(self):
        retries = self.module.connect().meta.config.retries
        self.assertEqual((retries["mode"], retries["total_max_attempts"]), ("standard", 6))

    def test_it_fits_into_a_template(self):
        # What CloudFormation took at most for a long time; older tools still hold to it.
        self.assertLessEqual(len(CODE.read_text()), 4096)


if __name__ == "__main__":
    unittest.main()
