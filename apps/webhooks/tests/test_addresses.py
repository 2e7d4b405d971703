"""Where webhooks never go: addresses that are not public, in any notation, also when a name leads there later."""

import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from apps.webhooks.checks import webhooks_leave_this_machine
from apps.webhooks.transports import addresses, http_post
from apps.webhooks.transports.addresses import UnusableUrl, is_public, target_of
from apps.webhooks.transports.http_post import post
from tests.factories.webhook_receiver import receiving


@pytest.fixture
def in_production(settings: Any) -> None:
    settings.WEBHOOKS = {**settings.WEBHOOKS, "LOOPBACK_ONLY": False}


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        # this machine, and "this network" (RFC 1122)
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "0.1.2.3", "::1", "::",
        # private (RFC 1918, RFC 4193), and the network between providers and customers (RFC 6598)
        "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fd12:3456::1", "100.64.0.1",
        # link-local, with metadata services of clouds
        "169.254.169.254", "169.254.0.1", "fe80::1", "fe80::1%eth0", "fd00:ec2::254", "100.100.100.200",
        "168.63.129.16",
        # multicast, broadcast, reserved, documentation, benchmarks
        "224.0.0.1", "239.255.255.250", "ff02::1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.51.100.1",
        "203.0.113.1", "198.18.0.1", "2001:db8::1", "3fff::1", "192.0.0.8", "192.88.99.1", "fec0::1",
        # IPv4 within IPv6: mapped, compatible, NAT64, 6to4, Teredo
        "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::1",
        "2002:7f00:1::1", "2002:808:808::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        # answered by the nearest machine: PCP, TURN, AS112, AMT
        "192.0.0.9", "192.0.0.10", "192.31.196.1", "192.52.193.1", "192.175.48.1", "2001:1::1", "2001:3::1",
        "2001:20::1", "2620:4f:8000::1",
        # no address
        "", "localhost", "2130706433", "0x7f000001", "017700000001", "127.1",
    ],
)  # fmt: skip
def test_all_others_are_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://hooks.example.org/", "scheme"),
        ("ftp://hooks.example.org/", "scheme"),
        ("//hooks.example.org/", "scheme"),
        ("https://user:secret@hooks.example.org/", "user"),
        ("https://hooks.example.org@169.254.169.254/", "user"),
        ("https://hooks.example.org:8443/", "port"),
        ("https://hooks.example.org:0/", "port"),
        ("https://hooks.example.org:99999/", "host"),
        ("https://127.0.0.1/", "host"),
        ("https://2130706433/", "host"),
        ("https://0x7f000001/", "host"),
        ("https://0x7f.0.0.1/", "host"),
        ("https://0177.0.0.1/", "host"),
        ("https://127.1/", "host"),
        ("https://[::1]/", "host"),
        ("https://[::ffff:127.0.0.1]/", "host"),
        ("https://①②⑦.⓪.⓪.①/", "host"),
        ("https://localhost/", "host"),
        ("https://localhost./", "host"),
        ("https://127.0.0.1./", "host"),
        ("https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/", "host"),
        ("https://[64:ff9b::7f00:1]/", "host"),
        ("https://hooks.example.org%00.example.com/", "host"),
        ("https:///path", "host"),
        ("https://", "host"),
        ("https://hooks.example.org\\@169.254.169.254/", "host"),
        ("https://hooks.example.org/\r\nHost: other", "host"),
        ("https://hooks .example.org/", "host"),
        ("https://" + "a" * 500 + ".example.org/", "long"),
    ],
)
@pytest.mark.usefixtures("in_production")
def test_addresses_that_nobody_can_give(url: str, reason: str) -> None:
    with pytest.raises(UnusableUrl) as error:
        target_of(url)
    assert str(error.value) == reason


@pytest.mark.usefixtures("in_production")
def test_the_parts_of_one_that_is_fine() -> None:
    target = target_of("https://Hooks.Bücher.example:443/in?key=a%20b#part")
    assert (target.host, target.port) == ("hooks.xn--bcher-kva.example", 443)
    assert target.authority == target.host
    assert target.path == "/in?key=a%20b"
    assert target_of("https://hooks.example.org./é?ü=%C3%A9").path == "/%C3%A9?%C3%BC=%C3%A9", "as a browser sends it"


class Names:
    """A resolver that gives these answers in turn, and the last one for ever; numbers resolve to themselves."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers, self.asked = list(answers), []

    def __call__(self, host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        if host[0].isdigit():
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]
        self.asked.append(host)
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Where sockets of the transport go; none leaves."""
    made: list[str] = []

    def connect(_self: socket.socket, where: tuple[str, int]) -> None:
        made.append(where[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    return made


@pytest.mark.usefixtures("in_production")
def test_a_name_that_changes_leads_only_to_what_was_checked(
    monkeypatch: pytest.MonkeyPatch, connections: list[str]
) -> None:
    """DNS rebinding: public for the check, this machine for the connection."""
    names = Names(["93.184.215.14"], ["127.0.0.1"])
    monkeypatch.setattr(socket, "getaddrinfo", names)
    assert post("https://hooks.example.org/", {}, b"{}").outcome == "connection"
    assert (connections, names.asked) == (["93.184.215.14"], ["hooks.example.org"])
    assert post("https://hooks.example.org/", {}, b"{}").outcome == "address", "the next try looks again"
    assert connections == ["93.184.215.14"]


@pytest.mark.usefixtures("in_production")
def test_one_private_address_among_several_refuses_the_name(
    monkeypatch: pytest.MonkeyPatch, connections: list[str]
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", Names(["93.184.215.14", "10.0.0.1"]))
    assert post("https://hooks.example.org/", {}, b"{}").outcome == "address"
    assert connections == []


@pytest.mark.usefixtures("in_production")
def test_another_address_of_the_name_is_tried_but_no_proxy(
    monkeypatch: pytest.MonkeyPatch, connections: list[str]
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:3128")
    monkeypatch.setattr(socket, "getaddrinfo", Names(["93.184.215.14", "93.184.215.15"]))
    assert post("https://hooks.example.org/", {}, b"{}").outcome == "connection"
    assert connections == ["93.184.215.14", "93.184.215.15"]


@pytest.mark.usefixtures("in_production")
def test_a_name_that_does_not_resolve(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise socket.gaierror

    monkeypatch.setattr(addresses.socket, "getaddrinfo", fails)
    assert post("https://hooks.example.org/", {}, b"{}").outcome == "name"


@pytest.mark.parametrize(("certified", "outcome"), [("localhost", "delivered"), ("hooks.example.org", "certificate")])
def test_the_certificate_must_be_for_the_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, certified: str, outcome: str
) -> None:
    """A real handshake: SNI and the check use the name, though the connection goes to a number."""
    file, asked = certificate_for(certified, tmp_path), []
    monkeypatch.setattr(http_post, "_context", lambda: ssl.create_default_context(cafile=file))
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(file)
    server_side.sni_callback = lambda _wire, name, _context: asked.append(name)
    with receiving(tls=server_side) as receiver:
        said = post(f"https://localhost:{receiver.port}/in?key=1", {"webhook-id": "evt_1"}, b"{}")
    assert (said.outcome, asked) == (outcome, ["localhost"])
    assert [request.headers["host"] for request in receiver.requests] == (
        [f"localhost:{receiver.port}"] if outcome == "delivered" else []
    )


def test_a_handshake_that_nobody_answers_ends_too(settings: Any) -> None:
    settings.WEBHOOKS = {**settings.WEBHOOKS, "TIMEOUT": 1}
    with socket.create_server(("127.0.0.1", 0)) as server:
        said = post(f"https://localhost:{server.getsockname()[1]}/", {}, b"{}")
    assert said.outcome == "timeout"
    assert said.milliseconds < 10_000


def certificate_for(name: str, folder: Path) -> Path:
    """A file with a key and a certificate that signs itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
    made = made.not_valid_after(now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = folder / "certificate.pem"
    file.write_bytes(pem + made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    return file


def test_production_does_not_start_with_the_setting_of_the_demonstration(settings: Any) -> None:
    assert list(webhooks_leave_this_machine(None)) == [], "tests have it"
    settings.NOT_GIVEN = []
    assert [error.id for error in webhooks_leave_this_machine(None)] == ["ecom.E067"]
    settings.WEBHOOKS = {**settings.WEBHOOKS, "LOOPBACK_ONLY": False}
    assert list(webhooks_leave_this_machine(None)) == []
