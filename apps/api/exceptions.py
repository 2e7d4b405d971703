"""Errors as RFC 9457 problem documents: what was wrong, and what to do."""

from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

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


def problem(status: int, detail: str, **more: object) -> JsonObject:
    """The document; type about:blank means that the status says it all (RFC 9457 §4.2.1)."""
    return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}


def exception_handler(error: Exception, context: JsonObject) -> Response | None:
    """DRF's exception handler; None lets a server error go on to the log and the error page."""
    if isinstance(error, Http404):
        error = NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    more, headers = {}, {}
    detail = str(error.detail)
    if isinstance(error, InvalidQueryParams):
        more["errors"] = error.errors
    if isinstance(error, exceptions.NotAuthenticated):
        detail = _("Send a token as “Authorization: Bearer …”. Create one on the team page, under “Your tokens”.")
    if isinstance(error, exceptions.MethodNotAllowed):
        detail = _("This API is read-only: use GET or HEAD.")
    if isinstance(error, exceptions.NotAcceptable):
        detail = _("Responses are JSON. Send “Accept: application/json” or no Accept header.")
    if isinstance(error, exceptions.Throttled):
        headers["Retry-After"] = str(getattr(error, "wait", None) or 1)
        detail = _("Too many requests with this token. Wait for the number of seconds in Retry-After.")
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    status = error.status_code
    return Response(problem(status, detail, **more), status=status, headers=headers, content_type=PROBLEM_JSON)
