"""A partner's own form, on another origin: the person fills it in there, the partner's server sends it to our API, our
email arrives by SMTP, and its link signs on our page. The token stays on the partner's server."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode
from urllib.request import HTTPErrorProcessor, Request, build_opener

import pytest

from apps.campaigns.models import Campaign, TeamMember
from apps.campaigns.scopes import Scope
from apps.campaigns.services.tokens import api_token_create
from apps.coalitions.models import PartnerSubmission, SignOn
from tests.factories import make_member
from tests.factories.arrived_mail import Post, link_with
from tests.factories.letters import make_version
from tests.factories.signing import make_call
from tests.factories.smtp_server import ScriptedServer

pytestmark = pytest.mark.django_db(transaction=True)
EMAIL = "afi.mensah@maraicheres-lama.example"


class EveryStatus(HTTPErrorProcessor):
    """Answers as they are, errors too."""

    def http_response(self, request: Any, response: Any) -> Any:
        return response


BROWSER = build_opener(EveryStatus)


def fetch(url: str, form: dict[str, str] | None = None) -> tuple[int, str]:
    """What a browser without scripts gets; with `form`, what it gets when it sends that."""
    body = None if form is None else urlencode(form).encode()
    with BROWSER.open(Request(url, body, {"Accept-Encoding": "identity"}), timeout=20) as answer:
        return answer.status, answer.read().decode()


def ask_api(url: str, token: str, body: Any = None, **headers: str) -> Any:
    """From the partner's server. Raises HTTPError."""
    content = None if body is None else json.dumps(body).encode()
    named = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **headers}
    with build_opener().open(Request(url, content, named), timeout=20) as answer:
        return json.load(answer)


def partner_page(form: Any, said: str = "") -> str:
    [of_people] = [one for one in form["forms"] if one["kind"] == "person"]
    inputs = "".join(
        f'<label>{escape(one["label"])} <input name="{one["name"]}"></label>' for one in of_people["fields_asked"]
    )
    boxes = "".join(
        f'<label><input type="checkbox" name="consent" value="{one["wording"]}">{escape(one["sentence"])}</label>'
        for one in of_people["consents"]
    )
    seen = f'<input type="hidden" name="sha256" value="{form["sha256"]}">'
    asked = f"<form method=post>{seen}{inputs}{boxes}<p>{escape(form['privacy'])}</p></form>"
    return f"<p>{escape(said)}</p>{form['html']}{asked}"


def partner_handler(api: str, token: str) -> type[BaseHTTPRequestHandler]:
    class Partner(BaseHTTPRequestHandler):
        """The whole site of the partner."""

        def do_GET(self) -> None:
            self._answer(partner_page(self._form()))

        def do_POST(self) -> None:
            sent = parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode())
            consents = [value for name, value in sent if name == "consent"]
            typed = {name: value for name, value in sent if name != "consent"}
            body = {"letter": 1, "kind": "person", "language": "fr", **typed, "consents": consents}
            try:
                said = ask_api(f"{api}/sign-ons", token, body)["message"]
            except HTTPError as refused:
                said = " ".join(one["detail"] for one in json.load(refused)["errors"])
            self._answer(partner_page(self._form(), said))

        def _form(self) -> Any:
            return ask_api(f"{api}/sign-on-forms/1?language=fr", token)

        def _answer(self, page: str) -> None:
            content = page.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args: Any) -> None:
            """Nothing."""

    return Partner


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    with ScriptedServer() as server:
        settings.POSTBOX = {**settings.POSTBOX, "PORT": server.port}
        yield Post(server)


@pytest.fixture
def serve() -> Iterator[Callable[[type[BaseHTTPRequestHandler]], str]]:
    """serve(handler) → the origin at which it answers."""
    servers: list[ThreadingHTTPServer] = []

    def start(handler: type[BaseHTTPRequestHandler]) -> str:
        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), handler))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_port}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_partners_form_signs_through_the_api(
    live_server: Any, campaign: Campaign, cast: Any, serve: Any, post: Post
) -> None:
    call = make_call(make_version(campaign, cast, make_member("TG", "Togo", code3="TGO")), cast, moderated=False)
    membership = TeamMember.objects.get(user=cast.data_officer, campaign=campaign)
    _token, text = api_token_create(
        membership=membership, actor=cast.data_officer, name="Farmers’ site", days=1, scopes=[Scope.SIGN_ONS_WRITE]
    )
    partner = serve(partner_handler(f"{live_server.url}/api/v1/{campaign.slug}", text))

    status, page = fetch(partner)
    assert status == 200
    assert "We ask you to refuse a new mandate" in page, "the text stands above the form"
    [seen] = re.findall(r'name="sha256" value="(\w+)"', page)
    assert seen == call.version.sha256
    typed = {"person_name": "Afi Mensah", "country": "TG", "email": "afi@", "visibility": "public", "sha256": seen,
             "consent": "answers-1"}  # fmt: skip
    _status, wrong = fetch(partner, typed)
    assert "Saisissez une adresse" in wrong, "in the language of the person"
    _status, taken = fetch(partner, {**typed, "email": EMAIL})
    assert "Nous vous avons envoyé" in taken
    for shown in (page, wrong, taken):
        assert text not in shown, "no browser has the token"

    link = live_server.url + link_with(post.to(EMAIL), "/sign/")
    status, confirm = fetch(link)
    assert (status, SignOn.objects.get().state) == (200, "pending"), "opening a link changes nothing"
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', confirm))
    status, _page = fetch(link, fields)
    assert status < 400
    sign_on = SignOn.objects.get()
    assert (sign_on.state, sign_on.display_name, sign_on.language) == ("confirmed", "Afi Mensah", "fr")
    assert sign_on.consents[0]["wording"] == "answers-1"
    assert PartnerSubmission.objects.get(sign_on=sign_on).partner == "Farmers’ site"
    names = ask_api(f"{live_server.url}/c/{campaign.slug}/letters/1/signatories.json", "")["signatories"]
    assert [name["name"] for name in names] == ["Afi Mensah"]
