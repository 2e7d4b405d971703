"""Files of strangers as downloads: never shown in place, never run."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def download_response(filename: str, content: bytes) -> HttpResponse:
    """`content` as bytes without a type, so that no browser opens it as a page of ours."""
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, filename) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
