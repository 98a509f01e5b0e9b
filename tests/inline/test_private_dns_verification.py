"""The function that verifies a private DNS name: what it asks AWS, how long it waits, and what it answers CloudFormation.

Calls go through botocore's stubber, which refuses parameters and answers that the API does not have.
"""
import http.server
import importlib.util
import json
import os
import pathlib
import threading
import unittest
from unittest import mock

os.environ["AWS_DEFAULT_REGION"] = "eu-west-1"
os.environ["AWS_ACCESS_KEY_ID"] = os.environ["AWS_SECRET_ACCESS_KEY"] = "none"

import boto3
from botocore.stub import Stubber

CODE = pathlib.Path(__file__).parents[2] / "src/constructs/inline/private_dns_verification.py"
SERVICE = "vpce-svc-0123456789abcdef0"
START = "start_vpc_endpoint_service_private_dns_verification"
DESCRIBE = "describe_vpc_endpoint_service_configurations"


def load():
    spec = importlib.util.spec_from_file_location("private_dns_verification", CODE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Context:
    """What Lambda tells a function: here every look at the clock takes as long as a pause."""

    log_stream_name = "2030/01/01/[$LATEST]0123456789abcdef"

    def __init__(self, milliseconds=900_000):
        self.left = milliseconds

    def get_remaining_time_in_millis(self):
        self.left -= 15_000
        return self.left


class CloudFormation:
    """Takes answers on loopback, as the presigned address of a response does. `refusals` come first."""

    def __init__(self, refusals=0):
        outer = self
        self.answers, self.headers, self.refusals = [], [], refusals

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_PUT(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if outer.refusals:
                    outer.refusals -= 1
                    self.send_response(503)
                else:
                    outer.answers.append(json.loads(body))
                    outer.headers.append(self.headers.get("Content-Type"))
                    self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/answer"

    def __enter__(self):
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def event(kind, url, **changes):
    base = {
        "RequestType": kind,
        "ResponseURL": url,
        "StackId": "arn:aws:cloudformation:eu-west-1:111122223333:stack/payments/1",
        "RequestId": "request-1",
        "LogicalResourceId": "Verification",
        "ResourceType": "AWS::CloudFormation::CustomResource",
        "ResourceProperties": {"ServiceToken": "token", "ServiceId": SERVICE, "Domain": "payments.example.com"},
    }
    return {**base, **changes}


class VerificationTest(unittest.TestCase):
    def setUp(self):
        self.module = load()
        self.module.ec2 = boto3.client("ec2")
        self.stub = Stubber(self.module.ec2)
        self.stub.activate()
        self.addCleanup(self.stub.deactivate)
        self.sleeps = []
        patch = mock.patch.object(self.module.time, "sleep", self.sleeps.append)
        patch.start()
        self.addCleanup(patch.stop)
        printed = mock.patch("builtins.print")
        printed.start()
        self.addCleanup(printed.stop)

    def expect_state(self, state):
        configuration = {"Name": "_6e86v84tqgqubxbwii1m", "Type": "TXT", "Value": "vpce:value", "State": state}
        self.stub.add_response(
            DESCRIBE,
            {"ServiceConfigurations": [{"ServiceId": SERVICE, "PrivateDnsNameConfiguration": configuration}]},
            {"ServiceIds": [SERVICE]},
        )

    def expect_start(self):
        self.stub.add_response(START, {"ReturnValue": True}, {"ServiceId": SERVICE})

    def run_once(self, kind, context=None, refusals=0, **changes):
        with CloudFormation(refusals) as cloudformation:
            self.module.handler(event(kind, cloudformation.url, **changes), context or Context())
        self.stub.assert_no_pending_responses()
        self.assertEqual(len(cloudformation.answers), 1)
        # The address is signed for an empty content type.
        self.assertEqual(cloudformation.headers, [""])
        return cloudformation.answers[0]

    def test_starts_and_waits_until_verified(self):
        self.expect_state("pendingVerification")
        self.expect_start()
        self.expect_state("pendingVerification")
        self.expect_state("verified")
        answer = self.run_once("Create")
        self.assertEqual(answer["Status"], "SUCCESS")
        self.assertEqual(answer["PhysicalResourceId"], SERVICE)
        self.assertEqual(answer["Data"], {"State": "verified"})
        self.assertEqual(self.sleeps, [15, 15])

    def test_answers_with_what_cloudformation_sent(self):
        self.expect_state("verified")
        answer = self.run_once("Create")
        self.assertEqual(answer["StackId"], "arn:aws:cloudformation:eu-west-1:111122223333:stack/payments/1")
        self.assertEqual(answer["RequestId"], "request-1")
        self.assertEqual(answer["LogicalResourceId"], "Verification")

    def test_does_not_start_what_is_verified(self):
        self.expect_state("verified")
        self.assertEqual(self.run_once("Create")["Status"], "SUCCESS")

    def test_starts_again_when_it_failed(self):
        self.expect_state("failed")
        self.expect_start()
        self.expect_state("failed")
        self.expect_start()
        self.expect_state("verified")
        self.assertEqual(self.run_once("Create")["Status"], "SUCCESS")

    def test_gives_up_in_time_for_an_answer_and_says_what_is_missing(self):
        # Three looks fit before the reserve.
        self.expect_state("pendingVerification")
        self.expect_start()
        self.expect_state("pendingVerification")
        self.expect_state("pendingVerification")
        answer = self.run_once("Create", Context(self.module.RESERVE + 4 * 15_000))
        self.assertEqual(answer["Status"], "FAILED")
        self.assertIn("pendingVerification", answer["Reason"])
        self.assertIn("_6e86v84tqgqubxbwii1m", answer["Reason"])

    def test_the_reserve_is_enough_for_every_attempt_to_answer(self):
        attempts = sum(10 + 2**attempt for attempt in range(5))
        self.assertLessEqual(attempts * 1000, self.module.RESERVE)

    def test_an_update_verifies_the_new_service(self):
        self.expect_state("pendingVerification")
        self.expect_start()
        self.expect_state("verified")
        answer = self.run_once("Update", PhysicalResourceId="vpce-svc-00000000000000000")
        self.assertEqual(answer["Status"], "SUCCESS")
        # Another ID makes CloudFormation delete the old resource.
        self.assertEqual(answer["PhysicalResourceId"], SERVICE)

    def test_an_update_of_the_name_verifies_again(self):
        self.expect_state("pendingVerification")
        self.expect_start()
        self.expect_state("verified")
        answer = self.run_once("Update", PhysicalResourceId=SERVICE)
        self.assertEqual((answer["Status"], answer["PhysicalResourceId"]), ("SUCCESS", SERVICE))

    def test_a_deletion_calls_nothing_and_succeeds(self):
        answer = self.run_once("Delete", PhysicalResourceId="vpce-svc-00000000000000000")
        self.assertEqual(answer["Status"], "SUCCESS")
        self.assertEqual(answer["PhysicalResourceId"], "vpce-svc-00000000000000000")

    def test_bears_with_a_service_that_is_not_known_everywhere_yet(self):
        self.stub.add_client_error(DESCRIBE, "InvalidVpcEndpointServiceId.NotFound")
        self.expect_state("pendingVerification")
        self.expect_start()
        self.expect_state("verified")
        self.assertEqual(self.run_once("Create")["Status"], "SUCCESS")

    def test_says_when_a_call_stays_refused(self):
        for _ in range(self.module.PATIENCE + 1):
            self.stub.add_client_error(DESCRIBE, "UnauthorizedOperation", "You are not authorized")
        answer = self.run_once("Create")
        self.assertEqual(answer["Status"], "FAILED")
        self.assertIn("UnauthorizedOperation", answer["Reason"])

    def test_a_start_that_is_refused_is_tried_again(self):
        self.expect_state("pendingVerification")
        self.stub.add_client_error(START, "IncorrectState")
        self.expect_state("pendingVerification")
        self.expect_start()
        self.expect_state("verified")
        self.assertEqual(self.run_once("Create")["Status"], "SUCCESS")

    def test_answers_even_when_the_properties_are_broken(self):
        answer = self.run_once("Create", ResourceProperties={})
        self.assertEqual(answer["Status"], "FAILED")
        self.assertIn("ServiceId", answer["Reason"])
        self.assertEqual(answer["PhysicalResourceId"], Context.log_stream_name)

    def test_a_long_reason_is_cut_so_that_the_answer_is_taken(self):
        self.stub.add_client_error(DESCRIBE, "Broken", "x" * 9000)
        self.module.PATIENCE = 0
        answer = self.run_once("Create")
        self.assertLessEqual(len(json.dumps(answer)), 4096)

    def test_answers_again_when_the_answer_was_not_taken(self):
        self.expect_state("verified")
        self.assertEqual(self.run_once("Create", refusals=2)["Status"], "SUCCESS")
        self.assertEqual(self.sleeps, [1, 2])


if __name__ == "__main__":
    unittest.main()
