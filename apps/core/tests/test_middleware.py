"""HEAD is GET without a body."""

from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from apps.core.middleware import HeadMiddleware


class Kept(BytesIO):
    """A file that says whether it was closed."""


def streamed() -> Iterator[bytes]:
    yield b"page"


@pytest.mark.parametrize(
    "make",
    [lambda: HttpResponse("page"), lambda: StreamingHttpResponse(streamed()), lambda: FileResponse(Kept(b"page"))],
)
def test_head_has_no_body(make: Callable[[], HttpResponse]) -> None:
    answers = []
    for method in ("get", "head"):
        made = make()
        request: HttpRequest = getattr(RequestFactory(), method)("/")
        answer = HeadMiddleware(lambda _request, made=made: made)(request)  # type: ignore[misc]
        answers.append(answer)
        assert b"".join(answer) == (b"page" if method == "get" else b"")
    get, head = answers
    assert head.get("Content-Type") == get["Content-Type"]
    assert not head.streaming or getattr(head, "file_to_stream", None) is None
    if not head.streaming:
        assert head["Content-Length"] == "4"


@pytest.mark.django_db
def test_a_file_that_is_not_read_is_closed() -> None:
    file = Kept(b"page")
    HeadMiddleware(lambda request: FileResponse(file))(RequestFactory().head("/")).close()
    assert file.closed
