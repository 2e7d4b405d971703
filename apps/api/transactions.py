"""A request that writes: one transaction, and once for its Idempotency-Key."""

import json
import re
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from structlog.contextvars import bound_contextvars

from apps.core.errors import Conflict

from .models import IdempotencyKey
from .services.idempotency_keys import key_claim, key_keep

#: of any client's own; the draft's quotation marks may stand around it
KEY = re.compile(r'"([ !#-~]{1,255})"|([!#-~]{1,255})')


class Gone(APIException):
    status_code = 410


def written(view: Any, handler: Callable[..., Response]) -> Callable[..., Response]:
    """The handler in a transaction. What it records says with which token. A POST with an Idempotency-Key that was
    carried out is answered as then: the same row, as it is now."""

    def handle(request: Request, *args: Any, **kwargs: Any) -> Response:
        try:
            return once(request, *args, **kwargs)
        except Conflict:
            if request.method in {"PATCH", "PUT"}:
                view.get_object_to_change()  # raises PreconditionFailed where somebody else was faster
            raise

    def once(request: Request, *args: Any, **kwargs: Any) -> Response:
        with transaction.atomic(), bound_contextvars(api_token=view.token.pk):
            if request.method != "POST" or (key := _key(request)) is None:
                return handler(request, *args, **kwargs)
            claim: dict[str, Any] = {"token": request.auth, "key": key, "fingerprint": _fingerprint(request)}
            if (kept := key_claim(**claim)) is not None:
                return _again(view, kept)
            response = handler(request, *args, **kwargs)
            row = "" if view.answered is None else str(view.answered)
            body = None if row or response.data is None else json.dumps(response.data, default=str)
            key_keep(**claim, status=response.status_code, row=row, body=body)
            return response

    return handle


def _again(view: Any, kept: IdempotencyKey) -> Response:
    if kept.row:
        row = view.get_queryset().filter(pk=kept.row).first()
        if row is None:
            raise Gone(_("This request was carried out, but what it created no longer exists."))
        response: Response = view.answer(row)
    else:
        response = Response(None if kept.body is None else json.loads(kept.body), status=kept.status)
    response["Idempotent-Replayed"] = "true"
    return response


def _key(request: Request) -> str | None:
    sent = request.headers.get("Idempotency-Key")
    if sent is None:
        return None
    found = KEY.fullmatch(sent.strip())
    if found is None:
        raise ParseError(_("An Idempotency-Key has 1 to 255 printable ASCII characters, for example a UUID."))
    return found[1] or found[2]


def _fingerprint(request: Request) -> str:
    """Keyed, since a body may hold what others could guess."""
    content = json.dumps([request.method, request.get_full_path(), request.data], sort_keys=True)
    return salted_hmac("apps.api.idempotency", content, algorithm="sha256").hexdigest()
