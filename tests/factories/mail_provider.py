"""A mail provider's HTTP interface on loopback, which answers as it is told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ANSWERS: dict[str, Any] = {
    "mailgun": {"id": "<20171127.1@mc11.example>", "message": "Queued. Thank you."},
    "resend": {"id": "49a3999c-0ce1-4ea6-ab68-afcd6dc2e794"},
    "postmark": {"ErrorCode": 0, "Message": "OK", "MessageID": "b7bc2f4a", "To": "minister@trade.example"},
    "mandrill": [{"email": "minister@trade.example", "status": "sent", "_id": "abc123abc123"}],
    "brevo": {"messageId": "<201711270900.1@relay.example>"},
}


@dataclass
class Taken:
    path: str
    headers: dict[str, str]
    body: str


@dataclass
class MailProvider:
    """`answers` are used up in order, then `default`: (status, body), or "close", "hang", "half" or "drip". `stored` is
    what can be fetched: path → body, or "hang"."""

    port: int
    default: Any
    answers: list[Any] = field(default_factory=list)
    stored: dict[str, Any] = field(default_factory=dict)
    fetched: list[Taken] = field(default_factory=list)
    asked: list[Taken] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def running_provider(name: str) -> Iterator[MailProvider]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode("utf-8", "replace")
            request = Taken(self.path, {key.lower(): value for key, value in self.headers.items()}, body)
            provider.asked.append(request)
            answer = provider.answers.pop(0) if provider.answers else provider.default
            if answer == "hang":
                provider.released.wait(20)
            if answer == "drip":
                with suppress(OSError):
                    self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")
                    while not provider.released.wait(0.1):
                        self.wfile.write(b" ")
            if isinstance(answer, str):
                if answer == "half":
                    self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{")
                self.close_connection = True
                return
            status, content = answer
            if 200 <= status < 300:
                provider.taken.append(request)
            raw = content.encode() if isinstance(content, str) else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            if status in {301, 302, 307, 308}:
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(raw)

        def do_GET(self) -> None:
            headers = {key.lower(): value for key, value in self.headers.items()}
            provider.fetched.append(Taken(self.path, headers, ""))
            found = provider.stored.get(self.path)
            if found == "hang":
                provider.released.wait(20)
            raw = found if isinstance(found, bytes) else json.dumps(found).encode()
            self.send_response(302 if found is None else 200)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing to the terminal."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        provider = MailProvider(listening.server_port, (200, ANSWERS[name]))
        listening.daemon_threads = True
        threading.Thread(target=listening.serve_forever, args=[0.02], daemon=True).start()
        yield provider
        provider.released.set()
        listening.shutdown()


def provider_settings(name: str, url: str) -> dict[str, Any]:
    """What goes into settings.ANYMAIL for this provider."""
    upper = name.upper()
    return {
        "IGNORE_UNSUPPORTED_FEATURES": True,
        f"{upper}_API_URL": f"{url}/",
        f"{upper}_API_KEY": "key-of-the-provider",
        f"{upper}_SERVER_TOKEN": "key-of-the-provider",
    }
