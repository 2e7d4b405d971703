"""Files as answers: shown in the browser, kept by nobody on the way."""

from django.http import HttpResponse
from django.utils.cache import patch_cache_control

from apps.core.types import JsonObject


def pdf_response(content: bytes, filename: str) -> HttpResponse:
    """A PDF to look at in the browser."""
    return _file(content, "application/pdf", filename)


def text_response(content: str, filename: str) -> HttpResponse:
    return _file(content.encode(), "text/plain; charset=utf-8", filename)


def _file(content: bytes, content_type: str, filename: str) -> HttpResponse:
    headers: JsonObject = {"Content-Disposition": f'inline; filename="{filename}"'}
    response = HttpResponse(content, content_type=content_type, headers=headers)
    patch_cache_control(response, private=True, no_store=True)
    return response
