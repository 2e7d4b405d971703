"""Files as responses."""

from django.http import HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header


def download_response(filename: str, content: bytes) -> HttpResponse:
    """A file that a stranger sent, as an attachment without a type: browsers never open it as a page of this site."""
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, filename) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def inline_response(filename: str, content: bytes, content_type: str) -> HttpResponse:
    """Our own file, shown in the browser and never cached."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(False, filename) or "inline"
    patch_cache_control(response, private=True, no_store=True)
    return response
