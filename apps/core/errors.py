"""Errors that the domain expects, with words for the person who caused them."""

from django.utils.functional import Promise


class DomainError(Exception):
    """An expected failure. `str(error)` is a sentence for the user: the cause and the cure.

    `field` names the form field it belongs to ("" for the whole form), `status` the HTTP status of the answer. A
    failure that nobody catches by its class has none of its own, but a `code`; docstrings name it by that.
    """

    status = 400
    default_message: str | Promise = ""

    def __init__(self, message: str | Promise = "", *, field: str = "", code: str = "") -> None:
        self.message = message or self.default_message
        self.field = field
        self.code = code
        super().__init__(self.message)

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(DomainError):
    """The person may not do this."""

    status = 403


class Conflict(DomainError):
    """Somebody else was faster, or the row is no longer in the expected state."""

    status = 409
