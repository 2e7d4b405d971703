"""Errors as RFC 9457 problem documents: what was wrong, and what to do."""

from http import HTTPStatus

from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, views
from rest_framework.response import Response

from apps.core.types import JsonObject

PROBLEM_JSON = "application/problem+json"


class InvalidQueryParams(exceptions.APIException):
    """`errors` is {parameter: what is wrong}."""

    status_code = 400

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(_("Some parameters are not valid. See errors."))
        self.errors = [{"parameter": name, "detail": words} for name, words in errors.items()]


class NotFound(exceptions.NotFound):
    default_detail = gettext_lazy("There is nothing at this URL, or it belongs to a campaign that is not yours.")


class Forbidden(exceptions.PermissionDenied):
    """`members` join the problem document, such as the scope that the token does not have."""

    def __init__(self, detail: str, **members: object) -> None:
        super().__init__(detail)
        self.members = members


def problem(status: int, detail: str, **more: object) -> JsonObject:
    """The document; type about:blank means that the status says it all (RFC 9457 §4.2.1)."""
    return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}


#: details that say more than DRF's
DETAILS: dict[type[Exception], Promise] = {
    exceptions.NotAuthenticated: gettext_lazy(
        "Send a token as “Authorization: Bearer …”. Create one on the team page, under “Your tokens”."
    ),
    exceptions.MethodNotAllowed: gettext_lazy("This API is read-only: use GET or HEAD."),
    exceptions.NotAcceptable: gettext_lazy("Responses are JSON. Send “Accept: application/json” or no Accept header."),
    exceptions.Throttled: gettext_lazy(
        "Too many requests with this token. Wait for the number of seconds in Retry-After."
    ),
}


def exception_handler(error: Exception, context: JsonObject) -> Response | None:
    """DRF's exception handler with problem documents; None lets a server error go on to the log and the error page."""
    if isinstance(error, Http404):
        error = NotFound()
    response = views.exception_handler(error, context)
    if response is not None:
        detail = DETAILS.get(type(error), response.data["detail"])
        response.data = problem(response.status_code, str(detail), **_members(error))
        response.content_type = PROBLEM_JSON
    return response


def _members(error: Exception) -> JsonObject:
    """What the document says beyond title, status and detail."""
    if isinstance(error, InvalidQueryParams):
        return {"errors": error.errors}
    return error.members if isinstance(error, Forbidden) else {}
