"""Downloads of files that strangers sent: a browser never opens them as a page of this site."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def download_response(filename: str, content: bytes) -> HttpResponse:
    """`content` as an attachment without a type."""
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, filename) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
