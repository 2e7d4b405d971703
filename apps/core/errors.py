"""Errors that the domain expects: typed, with words for the person who caused them."""

from django.utils.functional import Promise


class DomainError(Exception):
    """An expected failure. `str(error)` is a sentence for the user: the cause and the cure.

    `field` names the form field it belongs to ("" for the whole form).
    """

    def __init__(self, message: str | Promise, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(DomainError):
    """The person may not do this: shown as 403."""


class Conflict(DomainError):
    """Somebody else was faster, or the row is no longer in the expected state: shown as 409."""
