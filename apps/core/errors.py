"""Expected errors, with a message for the person who caused them."""

from django.utils.functional import Promise


class DomainError(Exception):
    """An expected failure. `str(error)` tells the user the cause and what to do.

    `field` is the form field it belongs to ("" for the whole form), `status` the HTTP status.
    """

    status = 400
    default_message: str | Promise = ""

    def __init__(self, message: str | Promise = "", *, field: str = "") -> None:
        self.message = message or self.default_message
        self.field = field
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(DomainError):
    """The person may not do this."""

    status = 403


class Conflict(DomainError):
    """The row has changed, or is no longer in the expected state."""

    status = 409
