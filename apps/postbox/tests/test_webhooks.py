"""Webhooks of providers: who may, how old, once, in any order; and mail that comes in that way."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from functools import partial
from secrets import token_hex
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client

from apps.postbox import webhook_fetching
from apps.postbox.models import InboundMail, Message, MessageEvent, Suppression
from apps.postbox.services.send_worker import messages_deliver
from apps.postbox.views import webhooks as views
from apps.postbox.webhook_sources import BASIC, KINDS, SOURCES
from tests.factories.mail_provider import MailProvider, running_provider
from tests.factories.postbox import again, change_all
from tests.factories.smtp_server import ScriptedServer

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "postmark:a-long-enough-password"
SVIX = "whsec_" + base64.b64encode(b"resend-signing-secret-resend").decode()
SIGNING_KEY = ec.generate_private_key(ec.SECP256R1())
PUBLIC = SIGNING_KEY.public_key().public_bytes(
    serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
)


@pytest.fixture(autouse=True)
def providers(settings: Any) -> None:
    # counts of its own: clearing the cache would take those of the tests beside it
    settings.CACHES = {**settings.CACHES, "default": {**settings.CACHES["default"], "KEY_PREFIX": token_hex()}}
    settings.POSTBOX = {
        **settings.POSTBOX,
        "WEBHOOKS": ["mailgun", "postmark", "resend", "sendgrid", "brevo", "mandrill"],
    }
    settings.ANYMAIL = {
        "WEBHOOK_SECRET": "",
        "MAILGUN_WEBHOOK_SIGNING_KEY": "mailgun-key",
        "MANDRILL_WEBHOOK_KEY": "mandrill-key",
        "RESEND_SIGNING_SECRET": SVIX,
        "SENDGRID_TRACKING_WEBHOOK_VERIFICATION_KEY": base64.b64encode(PUBLIC).decode(),
    }


@pytest.fixture
def sent(server: ScriptedServer, make_message: Callable[..., Message]) -> Message:
    """A letter that the next server has accepted."""
    message = make_message(want_answers=True, to_address="minister@trade.example")
    messages_deliver()
    return again(message)


def post(url: str, body: Any, **headers: str) -> int:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    return client.post(url, data, content_type="application/json", headers=headers).status_code


def mailgun(
    message_id: str, event: str, *, token: str = "", at: float = 0, key: str = "mailgun-key", **more: Any
) -> int:
    stamp, token = str(int(at or time.time())), token or token_hex()
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    data = {"event": event, "timestamp": time.time(), "recipient": "minister@trade.example", **more}
    data |= {"message": {"headers": {"message-id": message_id.strip("<>")}}}
    body = {"signature": {"timestamp": stamp, "token": token, "signature": signature}, "event-data": data}
    return post("/hooks/mailgun/tracking/", body)


def basic(secret: str = SECRET) -> str:
    return "Basic " + base64.b64encode(secret.encode()).decode()


def postmark(message_id: str, record: str, **more: Any) -> int:
    body = {"RecordType": record, "MessageID": "p1", "Recipient": "minister@trade.example", "Email": "m@trade.example"}
    body |= {"Metadata": {"ecomcampaign_message": message_id}, "DeliveredAt": "2026-11-29T10:00:00Z", **more}
    return post("/hooks/postmark/tracking/", body, authorization=basic())


def resend(message_id: str, kind: str, *, at: float = 0, secret: str = SVIX, tamper: bytes = b"") -> int:
    data = {"email_id": "e1", "to": ["minister@trade.example"], "bounce": {"message": "gone"}}
    data |= {"headers": [{"name": "X-Metadata", "value": json.dumps({"ecomcampaign_message": message_id})}]}
    body = json.dumps({"type": kind, "created_at": "2026-11-29T10:00:00Z", "data": data}).encode()
    stamp, number = str(int(at or time.time())), "m1"
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{number}.{stamp}.".encode() + body, hashlib.sha256).digest()
    signatures = f"v1,AAAA v1,{base64.b64encode(digest).decode()}"
    headers = {"svix-id": number, "svix-timestamp": stamp, "svix-signature": signatures}
    return post("/hooks/resend/tracking/", body + tamper, **headers)


def sendgrid(message_id: str, *events: str, at: float = 0, tamper: bytes = b"") -> int:
    rows = [
        {"event": event, "sg_event_id": f"s{number}", "timestamp": 1511773200, "ecomcampaign_message": message_id}
        for number, event in enumerate(events)
    ]
    body, stamp = json.dumps(rows).encode(), str(int(at or time.time()))
    signature = base64.b64encode(SIGNING_KEY.sign(stamp.encode() + body, ec.ECDSA(hashes.SHA256()))).decode()
    headers = {"X-Twilio-Email-Event-Webhook-Signature": signature, "X-Twilio-Email-Event-Webhook-Timestamp": stamp}
    return post("/hooks/sendgrid/tracking/", body + tamper, **headers)


def mandrill(message_id: str, *kinds: str, key: str = "mandrill-key", path: str = "tracking", raw: str = "") -> int:
    meta = {"ecomcampaign_message": message_id}
    events = [
        {"event": kind, "_id": "m1", "ts": 1511773200,
         "msg": {"email": "minister@trade.example", "metadata": meta, "diag": "550 5.1.1 unknown", "raw_msg": raw}}
        for kind in kinds
    ]  # fmt: skip
    url, body = f"/hooks/mandrill/{path}/", {"mandrill_events": json.dumps(events)}
    signed = f"http://testserver{url}mandrill_events{body['mandrill_events']}".encode()
    signature = base64.b64encode(hmac.new(key.encode(), signed, hashlib.sha1).digest()).decode()
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    return client.post(url, body, headers={"X-Mandrill-Signature": signature}).status_code


def test_mandrill_reports_bounces_and_brings_mail(sent: Message) -> None:
    assert Client().head("/hooks/mandrill/tracking/").status_code == 200, "it asks so before it takes the address"
    assert mandrill(sent.message_id, "hard_bounce", key="other") == 400
    assert mandrill(sent.message_id, "hard_bounce", "inbound") == 400, "two kinds in one"
    assert mandrill(sent.message_id, "hard_bounce", path="inbound") == 400
    assert (kinds(sent), again(sent).state) == ([], "accepted")
    assert mandrill(sent.message_id, "open", "hard_bounce") == 200
    assert mandrill(sent.message_id, "hard_bounce") == 200
    assert kinds(sent) == ["bounced"]
    raw = "From: m@trade.example\r\nSubject: Re\r\n\r\nWe agree.\r\n"
    assert mandrill(sent.message_id, "inbound", path="inbound", raw=raw) == 200
    assert InboundMail.objects.get().text.strip() == "We agree."


def kinds(message: Message) -> list[str]:
    return sorted(MessageEvent.objects.filter(message=message).exclude(kind="accepted").values_list("kind", flat=True))


@pytest.mark.parametrize(
    "report",
    [
        lambda message: mailgun(message.message_id, "delivered", token="t1"),
        lambda message: resend(message.message_id, "email.delivered"),
        lambda message: sendgrid(message.message_id, "processed", "delivered"),
        lambda message: postmark(message.message_id, "Delivery"),
    ],
    ids=["mailgun", "resend", "sendgrid", "postmark"],
)
def test_a_delivery_is_recorded_once(sent: Message, settings: Any, report: Callable[[Message], int]) -> None:
    settings.ANYMAIL["WEBHOOK_SECRET"] = SECRET
    if report(sent) == 400:  # providers that sign come without name and password
        settings.ANYMAIL["WEBHOOK_SECRET"] = ""
        assert report(sent) == 200
    assert report(sent) == 200, "the provider tries again after a lost answer"
    assert kinds(sent) == ["delivered"]
    assert again(sent).state == "delivered"


#: a failure as each provider reports it that signs no time; MailerSend and Postal return their number only
WITHOUT_TIME: dict[str, Callable[[str], Any]] = {
    "brevo": lambda meta: {"event": "hard_bounce", "message-id": "<b1@x>", "ts_epoch": 1511773200000,
                                 "X-Mailin-custom": meta},
    "mailersend": lambda meta: {"type": "activity.hard_bounced", "data": {
        "id": "a1", "type": "hard_bounced", "email": {
            "message": {"id": "n-77"}, "recipient": {"email": "minister@trade.example"}}}},
    "mailjet": lambda meta: [{"event": "bounce", "MessageID": 7, "time": 1511773200, "Payload": meta}],
    "mailtrap": lambda meta: {"events": [{"event": "bounce", "message_id": "m1", "event_id": "e1",
                                                "timestamp": 1511773200, "custom_variables": json.loads(meta)}]},
    "postal": lambda meta: {"uuid": "u1", "timestamp": 1511773200, "payload": {
        "status": "HardFail", "message": {"id": 77, "to": "minister@trade.example"}}},
    "postmark": lambda meta: {"RecordType": "Bounce", "ID": 9, "Type": "HardBounce", "MessageID": "p1",
                                    "Metadata": json.loads(meta)},
    "sparkpost": lambda meta: [{"msys": {"message_event": {
        "type": "bounce", "event_id": "s1", "timestamp": "1511773200", "rcpt_meta": json.loads(meta)}}}],
}  # fmt: skip


@pytest.mark.parametrize("provider", WITHOUT_TIME)
def test_a_report_without_a_signed_time_counts_once_for_ever(
    sent: Message, settings: Any, monkeypatch: Any, provider: str
) -> None:
    """Kept by somebody and sent again after a year, it is nothing new: nor is it with a person's decision between."""
    settings.POSTBOX = {**settings.POSTBOX, "WEBHOOKS": list(SOURCES)}
    settings.ANYMAIL = {source.tracking: "key" for source in SOURCES.values()} | {"WEBHOOK_SECRET": SECRET}
    for view in (
        "mailersend.MailerSendBaseWebhookView",
        "mailtrap.MailtrapWebhookView",
        "postal.PostalBaseWebhookView",
    ):
        monkeypatch.setattr(f"anymail.webhooks.{view}.validate_request", lambda self, request: None)
    body = WITHOUT_TIME[provider](json.dumps({"ecomcampaign_message": sent.message_id}))
    number = {"mailersend": "n-77", "postal": "77"}.get(provider, "")
    change_all(Message.objects.filter(pk=sent.pk), last_reply=number)
    report = partial(post, f"/hooks/{provider}/tracking/", body, authorization=basic())
    assert report() == 200
    assert (kinds(sent), again(sent).state) == (["bounced"], "bounced")
    year = time.time() + 365 * 24 * 3600
    monkeypatch.setattr(time, "time", lambda: year)
    change_all(Message.objects.filter(pk=sent.pk), bounced_at=None)
    assert report() == 200
    assert (kinds(sent), again(sent).bounced_at) == (["bounced"], None)


@pytest.mark.parametrize(
    "report",
    [
        lambda message: mailgun(message, "delivered", key="other"),
        lambda message: mailgun(message, "delivered", at=time.time() - 30 * 3600),
        lambda message: mailgun(message, "delivered", at=time.time() + 3600),
        lambda message: resend(message, "email.delivered", secret="whsec_AAAAAAAA"),
        lambda message: resend(message, "email.delivered", at=time.time() - 600),
        lambda message: resend(message, "email.delivered", tamper=b" "),
        lambda message: sendgrid(message, "delivered", tamper=b" "),
        lambda message: sendgrid(message, "delivered", at=time.time() - 30 * 3600),
        lambda message: post("/hooks/sendgrid/tracking/", []),
        lambda message: post("/hooks/resend/tracking/", {}),
        lambda message: post("/hooks/mailgun/tracking/", b"\x00\xff"),
        lambda message: post("/hooks/mailgun/tracking/", b"[" * 100_000),
    ],
)
def test_what_does_not_come_from_the_provider_changes_nothing(
    sent: Message, capfd: Any, report: Callable[[str], int]
) -> None:
    assert report(sent.message_id) == 400
    assert (kinds(sent), again(sent).state) == ([], "accepted")
    told = "".join(capfd.readouterr())
    assert not any(secret in told for secret in ("mailgun-key", SVIX, "Basic "))


@pytest.mark.parametrize("given", ["", "postmark:wrong", "other:a-long-enough-password"])
def test_a_provider_that_does_not_sign_needs_name_and_password(sent: Message, settings: Any, given: str) -> None:
    settings.ANYMAIL["WEBHOOK_SECRET"] = f"old:not-used-any-more-0123,{SECRET}"
    headers = {"authorization": basic(given)} if given else {}
    assert post("/hooks/postmark/tracking/", {"RecordType": "Delivery"}, **headers) == 400
    assert postmark(sent.message_id, "Delivery") == 200, "the second of two secrets"


@pytest.mark.parametrize(
    "url",
    ["/hooks/postmark/tracking/", "/hooks/brevo/inbound/", "/hooks/pigeon/tracking/", "/hooks/mailgun/other/"],
)
def test_what_is_not_set_up_does_not_exist(url: str) -> None:
    assert post(url, {}, authorization=basic()) == 404


def test_only_posts_are_answered() -> None:
    assert Client().get("/hooks/mailgun/tracking/").status_code == 405


@pytest.mark.parametrize(
    ("first", "second", "state"),
    [
        ("delivered", "failed", "delivered"),
        ("failed", "delivered", "bounced"),
        ("complained", "failed", "bounced"),
        ("complained", "delivered", "delivered"),
        ("failed", "complained", "bounced"),
    ],
)
def test_disorder_takes_no_state_back(sent: Message, first: str, second: str, state: str) -> None:
    for number, event in enumerate((first, second)):
        more = {"severity": "permanent", "delivery-status": {"message": "5.1.1 no such user minister@trade.example"}}
        assert mailgun(sent.message_id, event, token=f"t{number}", **more) == 200
    assert again(sent).state == state
    assert len(kinds(sent)) == 2, "both are kept"
    assert Suppression.objects.exists() == ("complained" in {first, second})
    assert not MessageEvent.objects.filter(detail__contains="@").exists()


def test_a_temporary_failure_changes_no_state(sent: Message) -> None:
    said = {"delivery-status": {"message": "450 4.2.1 busy\0"}}  # the database takes no NUL
    assert mailgun(sent.message_id, "failed", severity="temporary", **said) == 200
    assert (kinds(sent), again(sent).state) == (["delayed"], "accepted")


def test_what_mailgun_signed_counts_for_nothing_else(sent: Message) -> None:
    """Its signature covers a time and a token, not the report: who kept one may write no other below it."""
    assert mailgun(sent.message_id, "delivered", token="kept") == 200
    assert mailgun(sent.message_id, "complained", token="kept") == 200
    assert (kinds(sent), Suppression.objects.count()) == (["delivered"], 0)


@pytest.mark.parametrize("event", ["opened", "clicked", "unsubscribed", "accepted"])
def test_who_reads_is_not_recorded(sent: Message, event: str) -> None:
    assert mailgun(sent.message_id, event) == 200
    assert kinds(sent) == []


def test_a_mail_that_is_not_ours_is_answered_and_logged() -> None:
    assert mailgun("<somebody-elses@x.example>", "delivered") == 200
    assert not MessageEvent.objects.exists()


def test_a_report_settles_a_doubt(server: ScriptedServer, make_message: Callable[..., Message]) -> None:
    server.faults = {"dot": "reset"}
    message = make_message()
    messages_deliver()
    assert again(message).state == "in_doubt"
    assert mailgun(message.message_id, "delivered") == 200
    assert again(message).state == "delivered"


def test_an_error_of_ours_is_not_answered_with_200(sent: Message, monkeypatch: Any) -> None:
    def gone(**given: object) -> bool:
        raise OperationalError("gone")

    with monkeypatch.context() as patched:
        patched.setattr(views, "tracking_event_record", gone)
        assert mailgun(sent.message_id, "delivered") == 500
    assert mailgun(sent.message_id, "delivered") == 200
    assert kinds(sent) == ["delivered"]


def test_too_many_and_too_large(monkeypatch: Any, sent: Message) -> None:
    monkeypatch.setitem(views.MAX_BYTES, "tracking", 10_000)
    assert mailgun(sent.message_id, "delivered", padding="x" * 20_000) == 413
    monkeypatch.setattr(views, "CALLS_PER_MINUTE", 2)
    assert mailgun(sent.message_id, "delivered", token="a") == 200
    assert mailgun(sent.message_id, "delivered", token="b") == 429
    assert kinds(sent) == ["delivered"]


def inbound(to: str, message_id: str = "<a1@trade.example>", file: bytes = b"file") -> int:
    path = {"Name": "Return-Path", "Value": "<minister@trade.example>"}
    headers = [{"Name": "Message-ID", "Value": message_id}, path]
    body = {"FromFull": {"Email": "minister@trade.example", "Name": "Minister"}, "From": "minister@trade.example"}
    body |= {"ToFull": [{"Email": to, "Name": ""}], "To": to, "OriginalRecipient": to, "Subject": "Re: A letter"}
    body |= {
        "TextBody": "Thank you.",
        "HtmlBody": "<p>Thank you.</p>",
        "Headers": headers,
        "MessageID": "x",
        "Date": "",
    }
    part = {"Name": "note.txt", "Content": base64.b64encode(file).decode(), "ContentType": "text/plain"}
    body |= {"Attachments": [part | {"ContentLength": len(file)}]}
    return post("/hooks/postmark/inbound/", body, authorization=basic())


def test_an_answer_comes_in_once(sent: Message, settings: Any) -> None:
    settings.ANYMAIL["WEBHOOK_SECRET"] = SECRET
    assert [inbound(sent.reply_to), inbound(sent.reply_to)] == [200, 200]
    mail = InboundMail.objects.get(message=sent)
    assert (mail.kind, mail.text.strip(), mail.subject) == ("reply", "Thank you.", "Re: A letter")
    assert b"note.txt" in bytes(mail.raw)
    assert kinds(sent) == ["replied"]
    for _ in range(2):
        assert inbound("somebody@mc11.example", "<a2@trade.example>") == 200
    assert InboundMail.objects.filter(message=None).count() == 1


def test_a_large_mail_comes_in(sent: Message, settings: Any) -> None:
    settings.ANYMAIL["WEBHOOK_SECRET"] = SECRET
    assert inbound(sent.reply_to, file=b"x" * 6_000_000) == 200, "larger than a form may be"
    assert InboundMail.objects.get(message=sent).kind == "reply"


def mailgun_inbound(to: str, *, token: str = "t9", key: str = "mailgun-key") -> int:
    """As Mailgun forwards a mail: a form, with files."""
    stamp = str(int(time.time()))
    signature = hmac.new(key.encode(), f"{stamp}{token}".encode(), hashlib.sha256).hexdigest()
    names = [["Message-Id", "<g1@trade.example>"], ["From", "M <minister@trade.example>"], ["Subject", "Re: A letter"]]
    fields = {"timestamp": stamp, "token": token, "signature": signature, "recipient": to, "subject": "Re: A letter"}
    fields |= {"sender": "minister@trade.example", "from": "M <minister@trade.example>", "body-plain": "Thank you."}
    fields |= {"message-headers": json.dumps(names), "attachment-count": "1"}
    file = SimpleUploadedFile("note.pdf", b"%PDF" + b"x" * 3_000_000, "application/pdf")
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    return client.post("/hooks/mailgun/inbound/", {**fields, "attachment-1": file}).status_code


def test_an_answer_comes_in_as_a_form_with_files(sent: Message) -> None:
    assert mailgun_inbound(sent.reply_to, key="other") == 400
    assert not InboundMail.objects.exists()
    assert [mailgun_inbound(sent.reply_to), mailgun_inbound(sent.reply_to, token="t10")] == [200, 200]
    mail = InboundMail.objects.exclude(kind="duplicate").get()
    assert (mail.message, mail.kind, mail.text.strip()) == (sent, "reply", "Thank you.")
    assert b"note.pdf" in bytes(mail.raw)
    assert kinds(sent) == ["replied"]


@pytest.mark.parametrize(
    ("provider", "kind"),
    [(name, kind) for name, source in SOURCES.items() for kind in KINDS if source.secret_setting(kind)],
)
def test_every_provider_refuses_what_it_did_not_sign(settings: Any, provider: str, kind: str) -> None:
    settings.POSTBOX["WEBHOOKS"] = list(SOURCES)
    settings.ANYMAIL = {source.secret_setting(kind): "bm90LXRoZS1rZXk=" for source in SOURCES.values()}
    settings.ANYMAIL |= {source.fetches_with: "key" for source in SOURCES.values()}
    assert post(f"/hooks/{provider}/{kind}/", {}, authorization=basic("hooks:guessed")) == 400
    source = SOURCES[provider]
    if source.secret_setting(kind) != BASIC:
        settings.ANYMAIL |= {BASIC: SECRET}
        assert post(f"/hooks/{provider}/{kind}/", {"events": []}, authorization=basic()) == 400, "no signature"
    settings.ANYMAIL = {}
    assert post(f"/hooks/{provider}/{kind}/", {}) == 404, "without its secret it does not exist"


@pytest.fixture
def api(settings: Any) -> Iterator[MailProvider]:
    """Of providers whose webhook only says where a mail can be fetched."""
    names = "brevo", "mailtrap", "resend"
    settings.POSTBOX = {**settings.POSTBOX, "WEBHOOKS": names, "PROVIDER_TIMEOUT": 5}
    with running_provider("brevo") as running:
        settings.ANYMAIL = {f"{name.upper()}_API_URL": f"{running.url}/" for name in names}
        settings.ANYMAIL |= {"BREVO_API_KEY": "k", "MAILTRAP_API_TOKEN": "k", "RESEND_API_KEY": "k"}
        settings.ANYMAIL |= {"WEBHOOK_SECRET": SECRET, "MAILTRAP_INBOUND_SECRET": "s", "RESEND_INBOUND_SECRET": SVIX}
        yield running


def announced(provider: str, api: MailProvider, to: str, *, secret: str = "") -> int:
    """The provider announces a mail to this address."""
    mail = (
        f"From: minister@trade.example\r\nTo: {to}\r\nSubject: Re: A letter\r\nMessage-ID: <f1@trade.example>\r\n\r\n"
        "Thank you."
    )
    api.stored.setdefault("/raw", mail.encode())
    api.stored["/inbound/inboxes/7/messages/m1"] = {"raw_message_url": f"{api.url}/raw"}
    api.stored["/emails/receiving/e1"] = {"raw": {"download_url": f"{api.url}/raw"}}
    api.stored.setdefault("/inbound/attachments/t1", b"%PDF")
    if provider == "brevo":
        file = {"Name": "note.pdf", "ContentType": "application/pdf", "DownloadToken": "t1"}
        headers = dict(line.split(": ", 1) for line in mail.partition("\r\n\r\n")[0].split("\r\n"))
        item = {"Uuid": ["u1"], "Headers": headers, "RawTextBody": "Thank you.", "Attachments": [file]}
        return post("/hooks/brevo/inbound/", {"items": [item]}, authorization=basic(secret or SECRET))
    if provider == "mailtrap":
        event = {"event": "inbound.message_received", "inbox_id": 7, "message_id": "m1"}
        body = json.dumps({"events": [event]}).encode()
        digest = hmac.new((secret or "s").encode(), body, hashlib.sha256).hexdigest()
        headers = {"mailtrap-signature": digest, "authorization": basic()}
        return post("/hooks/mailtrap/inbound/", body, **headers)
    body = json.dumps({"type": "email.received", "data": {"email_id": "e1"}}).encode()
    stamp = str(int(time.time()))
    key = base64.b64decode((secret or SVIX).removeprefix("whsec_"))
    signature = base64.b64encode(hmac.new(key, f"i1.{stamp}.".encode() + body, hashlib.sha256).digest()).decode()
    headers = {"svix-id": "i1", "svix-timestamp": stamp, "svix-signature": f"v1,{signature}", "authorization": basic()}
    return post("/hooks/resend/inbound/", body, **headers)


@pytest.mark.parametrize("provider", ["brevo", "mailtrap", "resend"])
def test_an_answer_is_fetched_where_the_provider_keeps_it(sent: Message, api: MailProvider, provider: str) -> None:
    assert announced(provider, api, sent.reply_to, secret="d3Jvbmc=") == 400
    assert not api.fetched, "nothing is asked on behalf of a stranger"
    assert [announced(provider, api, sent.reply_to) for _ in range(2)] == [200, 200]
    mail = InboundMail.objects.get(message=sent)
    assert (mail.kind, mail.text.strip(), kinds(sent)) == ("reply", "Thank you.", ["replied"])
    assert (b"note.pdf" in bytes(mail.raw)) is (provider == "brevo")
    assert "k" in str(api.fetched[0].headers.get("api-key") or api.fetched[0].headers["authorization"])


@pytest.mark.parametrize("provider", ["brevo", "mailtrap", "resend"])
@pytest.mark.parametrize("trouble", ["redirect", "hang", "large", "away"])
def test_what_cannot_be_fetched_is_asked_for_again(
    sent: Message, api: MailProvider, provider: str, trouble: str, settings: Any, monkeypatch: Any
) -> None:
    """The provider hears of a failure, and comes again; nothing of the mail is kept meanwhile."""
    places = ["/inbound/attachments/t1"] if provider == "brevo" else ["/raw"]
    monkeypatch.setattr(webhook_fetching, "SECONDS", 0.5)
    kept = dict.fromkeys(places, {"redirect": None, "hang": "hang", "large": b"x" * 5000, "away": b""}[trouble])
    api.stored.update(kept)
    if trouble == "large":
        monkeypatch.setattr(webhook_fetching, "MAX_RECEIVED_BYTES", 4000)
    if trouble == "away":
        settings.ANYMAIL[f"{provider.upper()}_API_URL"] = "http://192.0.2.7/"
    assert announced(provider, api, sent.reply_to) == 500
    assert not InboundMail.objects.exists()
    assert all(one.path != "/elsewhere" for one in api.fetched)
