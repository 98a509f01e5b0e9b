"""The refusals of the emulated services, in the words and codes of AWS."""

from moto.core.exceptions import ServiceException


class Fault(ServiceException):
    """An API error that the emulated service answers; botocore clients raise it as `ClientError`."""

    def __init__(self, code: str, message: str):
        super().__init__(code, message)


def refuse_if(condition: object, code: str, message: str) -> None:
    """Raise the fault when the documented condition for it holds."""
    if condition:
        raise Fault(code, message)
