"""Pages of a letter with a million signatures, and forms sent and confirmed, beside bare views of the same server."""

import io
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from typing import Any
from urllib.parse import urlencode

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path, reverse
from django.utils import translation

from apps.coalitions.models import SignOn, SignOnCall, SignOnToken
from apps.core.access import public
from apps.core.page_cache import pages_drop
from apps.postbox.models import Message
from ecomcampaign.urls import urlpatterns as urls_of_the_product
from tests.factories.signing import PERSON_FORM

from .measuring import Line, compare, sustained
from .replayed_writes import Writes, recorded
from .signing_world import add_signatures, make_open_call, make_pending

NEEDS_DATABASE = True
FEW, MANY = 1_000, 1_000_000
CONFIRMED_PER_SECOND = 50
#: seconds in which the first view after a change has to be there
FIRST_VIEW = 0.05
bare: dict[str, Callable[[HttpRequest], HttpResponse]] = {}
_numbers = count(1)


@public
def bare_view(request: HttpRequest) -> HttpResponse:
    return bare["view"](request)


bare_view.csrf_exempt = True  # type: ignore[attr-defined]
urlpatterns = [path("bare/", bare_view), *urls_of_the_product]


def run() -> Iterator[Line]:
    with override_settings(ROOT_URLCONF=__name__, PUBLIC_PAGE_SECONDS=3), translation.override("en"):
        site, call = Site(), make_open_call()
        add_signatures(call, 1, FEW)
        few = {"submit": submitted(site, call), "confirm": confirmed(site, call)}
        add_signatures(call, FEW + 1, MANY)
        many = {"submit": submitted(site, call), "confirm": confirmed(site, call)}
        yield from pages(site, call)
        first = first_view(site, call)
        for name, seconds in first.items():
            yield Line(f"signon.{name}_first_view", 1, FIRST_VIEW / seconds, 1 / seconds, 1 / FIRST_VIEW)
        for name, line in many.items():
            yield line
            of_few = few[name].value
            yield Line(f"signon.{name}_at_a_million", 0.7, line.value / of_few, line.value, of_few)


class Site:
    """The product's WSGI application, called without a server."""

    def __init__(self) -> None:
        self.application: Callable[..., Any] = WSGIHandler()

    def get(self, address: str) -> bytes:
        status, body = self._ask("GET", address, b"")
        assert status == 200, (address, status)
        return body

    def post(self, address: str, values: dict[str, str]) -> None:
        status, body = self._ask("POST", address, urlencode(values).encode())
        assert status == 302, (address, status, body[:3000])

    def _ask(self, method: str, address: str, content: bytes) -> tuple[int, bytes]:
        path_info, _mark, query = address.partition("?")
        number = next(_numbers)  # each form from another /64: the limits are for one
        environ = {
            "REQUEST_METHOD": method, "PATH_INFO": path_info, "QUERY_STRING": query, "SERVER_NAME": "testserver",
            "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "testserver", "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(content), "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
            "HTTP_ACCEPT_ENCODING": "gzip", "CONTENT_LENGTH": str(len(content)),
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "REMOTE_ADDR": f"2001:db8:{number >> 16:x}:{number & 0xFFFF:x}::1",
        }  # fmt: skip
        answer: list[str] = []
        response = self.application(environ, lambda status, _headers: answer.append(status))
        body = b"".join(response)
        response.close()
        return int(answer[0][:3]), body


def addresses(call: SignOnCall) -> dict[str, str]:
    slug = call.campaign.slug
    return {
        "letter": reverse("website:letter", args=[slug, call.letter.number]),
        "home": reverse("website:home", args=[slug]),
        "signatories": reverse("website:signatories", args=[slug]),
    }


def pages(site: Site, call: SignOnCall) -> Iterator[Line]:
    """Each page for some seconds, while people confirm, beside a view that returns the same bytes."""
    with Confirming(site, make_pending(call, 2_500)):
        for name, address in addresses(call).items():
            body = site.get(address)
            bare["view"] = partial(_packed, body)
            yield sustained(
                f"signon.{name}", goal=0.5, work=partial(site.get, address), floor=partial(site.get, "/bare/")
            )


def _packed(body: bytes, _request: HttpRequest) -> HttpResponse:
    return HttpResponse(body, headers={"Content-Encoding": "gzip"})


class Confirming:
    """Confirms signatures at an even pace in a thread of its own."""

    def __init__(self, site: Site, pending: list[tuple[int, str]]) -> None:
        self.site, self.pending, self.over = site, pending, threading.Event()
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        started = time.monotonic()
        for number, (_pk, token) in enumerate(self.pending):
            if self.over.wait(max(0, started + number / CONFIRMED_PER_SECOND - time.monotonic())):
                break
            self.site.post(reverse("signing:confirm", args=[token]), {})
        connection.close()

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()


def first_view(site: Site, call: SignOnCall) -> dict[str, float]:
    """Seconds of the first view after a change, the median of some, by page."""
    found = {}
    for name, address in addresses(call).items():
        took = []
        for _ in range(9):
            pages_drop()
            started = time.perf_counter()
            site.get(address)
            took.append(time.perf_counter() - started)
        found[name] = sorted(took)[len(took) // 2]
    return found


def submitted(site: Site, call: SignOnCall) -> Line:
    """A form of a person, from the request to the commit."""
    address = f"{addresses(call)['letter']}?for=person"

    def submit() -> None:
        site.post(address, {**PERSON_FORM, "email": f"{secrets.token_hex(8)}@bench.example"})

    submit()
    with recorded() as writes:
        submit()
    kept = SignOnToken.objects.order_by("-id")[0].token_hash, _reply_token()
    bare["view"] = lambda request: _write(request, writes, {value: secrets.token_hex(32) for value in kept})
    floor = partial(site.post, "/bare/", PERSON_FORM)
    return compare("signon.submit", goal=0.4, work=submit, floor=floor)


def confirmed(site: Site, call: SignOnCall) -> Line:
    """The button on the page of a mailed link, from the request to the commit."""
    pending = iter(make_pending(call, 4_000))

    def confirm() -> int:
        pk, token = next(pending)
        site.post(reverse("signing:confirm", args=[token]), {})
        return pk

    confirm()
    with recorded() as writes:
        done = confirm()
    kept = SignOnToken.objects.order_by("-id")[0].token_hash, SignOn.objects.get(pk=done).email_hash, _reply_token()

    def write(request: HttpRequest) -> HttpResponse:
        pk, _token = next(pending)
        fresh = {value: secrets.token_hex(32) for value in kept}
        return _write(request, writes, {done: pk, str(done): str(pk), **fresh})

    bare["view"] = write
    return compare("signon.confirm", goal=0.4, work=confirm, floor=partial(site.post, "/bare/", {"yes": "1"}))


def _reply_token() -> str:
    """Of the last mail."""
    return Message.objects.order_by("-created_at")[0].reply_token_hash


def _write(request: HttpRequest, writes: Writes, replaced: dict[Any, Any]) -> HttpResponse:
    assert request.POST
    writes.replay(replaced)
    return HttpResponse(status=302, headers={"Location": "/"})
