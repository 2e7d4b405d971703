"""gunicorn as we start it: every line is JSON and says nothing about the visitor; HEAD is no fault."""

import json
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.core.gunicorn_log import formatter

ROOT = Path(__file__).resolve().parent.parent.parent
GUNICORN = [sys.executable, "-m", "gunicorn", "ecomcampaign.wsgi", "--no-control-socket", "--threads", "2"]
TOKEN = "fgQ3-x_Zr7pLw0sN9tYb"


class Server:
    """gunicorn on a port of its own; `said` is what it wrote after `stop()`."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "ecomcampaign.settings.local", "LOG_LEVEL": "INFO"}
        self.process = subprocess.Popen(
            [*GUNICORN, "--bind", f"127.0.0.1:{self.port}"],
            cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stderr
        self.said: list[str] = []
        while not self.said or "Booting worker" not in self.said[-1]:
            line = self.process.stderr.readline()
            assert line, f"it ended: {self.said}"
            self.said.append(line)

    def ask(self, words: str) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as line:
            line.sendall(words.encode())
            return b"".join(iter(lambda: line.recv(65536), b""))

    def stop(self) -> list[dict[str, str]]:
        self.process.send_signal(signal.SIGTERM)
        self.said += self.process.communicate(timeout=90)[1].splitlines()
        return [json.loads(line) for line in self.said]


@pytest.fixture
def server() -> Iterator[Server]:
    started = Server()
    yield started
    if started.process.poll() is None:
        started.process.kill()
        started.process.wait()


def test_its_lines_are_json_and_say_nothing_about_the_visitor(server: Server) -> None:
    assert b"200 OK" in server.ask("GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    head = server.ask("HEAD /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert b"\r\nContent-Length: 6\r\n" in head
    assert head.endswith(b"\r\n\r\n"), "no body"
    assert b"400" in server.ask(f"GET /sign/confirm/{TOKEN}/ nonsense\r\n\r\n")
    assert b"400" in server.ask(f"GET / HTTP/1.1\r\nHost: localhost\r\nCoo kie: {TOKEN} Amina\r\n\r\n")

    lines = server.stop()

    said = json.dumps(lines)
    assert all({"event", "level", "logger", "timestamp"} <= set(line) for line in lines)
    assert sum(line["event"].startswith("Invalid request:") for line in lines) == 2
    assert "no-body response" not in said
    for hidden in (TOKEN, "Amina", "ip=", "nonsense"):
        assert hidden not in said


def test_a_fault_of_the_server_names_the_page_without_token_and_question() -> None:
    try:
        raise RuntimeError(f"failed at /sign/mine/{TOKEN}/")
    except RuntimeError:
        error = sys.exc_info()
    record = logging.LogRecord(
        "gunicorn.error", logging.ERROR, "x.py", 1, "Error handling request %s %s",
        ("GET", f"/sign/mine/{TOKEN}/?q=Amina%20Wanjiru"), error,
    )  # fmt: skip
    line = json.loads(formatter().format(record))
    assert line["event"] == "Error handling request GET /sign/mine/[token]/"
    assert line["exception"][0]["exc_value"] == "failed at /sign/mine/[token]/"
    assert TOKEN not in json.dumps(line)
    assert "Amina" not in json.dumps(line)


def test_a_setting_that_cannot_be_read_ends_it_with_one_line() -> None:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "ecomcampaign.settings.production", "SMTP_PORT": "abc"}
    done = subprocess.run(
        [*GUNICORN, "--bind", "127.0.0.1:0"],
        cwd=ROOT, env=environment, text=True, capture_output=True, check=False, timeout=180,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    last = done.stderr.splitlines()[-1]
    assert last == "SMTP_PORT must be a whole number, not 'abc'. Give digits only, or unset it for 1025."
