"""Errors as RFC 9457 problem documents: what was wrong, and what to do."""

from http import HTTPStatus
from typing import Any

from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, views
from rest_framework.response import Response

from apps.core.errors import DomainError
from apps.core.types import JsonObject

PROBLEM_JSON = "application/problem+json"


class InvalidQueryParams(exceptions.APIException):
    """`errors` is {parameter: what is wrong}."""

    status_code = 400

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(_("Some parameters are not valid. See errors."))
        self.errors = [{"parameter": name, "detail": words} for name, words in errors.items()]


class InvalidBody(exceptions.APIException):
    """`errors` are [{"pointer": where in the body, "detail": what is wrong}] (RFC 9457 §3)."""

    status_code = 422

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__(_("Some values are not valid. See errors."))
        self.errors = errors


class PreconditionRequired(exceptions.APIException):
    status_code = 428
    default_detail = gettext_lazy(
        "Read the row first and send its ETag as If-Match, so that nobody’s change is overwritten unseen."
    )


class PreconditionFailed(exceptions.APIException):
    status_code = 412
    default_detail = gettext_lazy(
        "The row is no longer as you read it: somebody has changed it. Read it again, then decide again."
    )


class NotFound(exceptions.NotFound):
    default_detail = gettext_lazy("There is nothing at this URL, or it belongs to a campaign that is not yours.")


class Forbidden(exceptions.PermissionDenied):
    """`members` join the problem document, such as the scope that the token does not have."""

    def __init__(self, detail: str, **members: object) -> None:
        super().__init__(detail)
        self.members = members


class ServiceRefusal(exceptions.APIException):
    """What a service refused, in its words: 409 where the row is in another state, 403, otherwise 422. `errors` point
    to the value in the body that its field came from, where there is one."""

    def __init__(self, error: DomainError, view: Any) -> None:
        super().__init__(str(error))
        self.status_code = error.status if error.status != 400 else 422
        sent = view.body_names() if hasattr(view, "body_names") else {}
        name = sent.get(error.field)
        self.errors = [{"pointer": f"#/{name}", "detail": str(error)}] if name else []
        self.wait: int | None = getattr(error, "wait", None)  # seconds, for Retry-After


def problem(status: int, detail: str, **more: object) -> JsonObject:
    """The document; type about:blank means that the status says it all (RFC 9457 §4.2.1)."""
    return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}


#: details that say more than DRF's
DETAILS: dict[type[Exception], Promise] = {
    exceptions.NotAuthenticated: gettext_lazy(
        "Send a token as “Authorization: Bearer …”. Create one on the team page, under “Your tokens”."
    ),
    exceptions.MethodNotAllowed: gettext_lazy(
        "This URL does not support this method. The Allow header names those that it supports."
    ),
    exceptions.UnsupportedMediaType: gettext_lazy("Send the body as JSON, with “Content-Type: application/json”."),
    exceptions.NotAcceptable: gettext_lazy("Responses are JSON. Send “Accept: application/json” or no Accept header."),
    exceptions.Throttled: gettext_lazy(
        "Too many requests within a minute. Wait for the number of seconds in Retry-After."
    ),
}


def exception_handler(error: Exception, context: JsonObject) -> Response | None:
    """DRF's exception handler with problem documents; None lets a server error go on to the log and the error page."""
    if isinstance(error, Http404):
        error = NotFound()
    elif isinstance(error, DomainError):
        error = ServiceRefusal(error, context["view"])
    response = views.exception_handler(error, context)
    if response is not None:
        detail = DETAILS.get(type(error), response.data["detail"])
        response.data = problem(response.status_code, str(detail), **_members(error))
        response.content_type = PROBLEM_JSON
    return response


def _members(error: Exception) -> JsonObject:
    """What the document says beyond title, status and detail."""
    if isinstance(error, InvalidQueryParams | InvalidBody | ServiceRefusal):
        return {"errors": error.errors} if error.errors else {}
    return error.members if isinstance(error, Forbidden) else {}
