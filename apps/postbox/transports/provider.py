"""Sending through a provider's HTTP interface, by django-anymail: POSTBOX["PROVIDER"] names one of its backends.

HTTP has no final dot: the commit comes when the connection stands and the request is complete, before its first byte.
"""

import hashlib
import time
from collections.abc import Callable
from contextlib import suppress
from email import message_from_bytes, policy
from types import TracebackType
from typing import Any, Self

from anymail.backends.base_requests import AnymailRequestsBackend
from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from anymail.message import AnymailMessage, AnymailStatus
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string
from django.utils.translation import gettext_noop

from .base import OutgoingMail, SendResult, SendStatus, clean_reply
from .provider_connection import ProviderHttp, RequestGate, RequestWithheld
from .smtp_connection import ConnectionLost

#: name in the metadata that the provider returns with its reports
MESSAGE_KEY = "ecomcampaign_message"
#: providers that take a request with the same Idempotency-Key once: an unclear answer is asked for again
IDEMPOTENT = frozenset({"resend"})
PAUSES = (1, 3)
#: about the account: the next mail would fail too
ACCOUNT_CODES = frozenset({401, 402, 403, 404, 405, 407, 421})
TRY_LATER_CODES = frozenset({408, 425, 429})
REFUSED_CODES = frozenset({400, 406, 410, 411, 413, 414, 415, 422})
#: a provider that answers every error with 500, and its name → the code that others give for the same
NAMED_ERRORS = {
    "mandrill": {"Invalid_Key": 401, "PaymentRequired": 402, "Unknown_Subaccount": 404, "ValidationError": 422}
}
#: what the state needs for a refusal (SMTP's words for a transaction that failed)
REFUSED = 554
#: enhanced codes (RFC 3463), so that no address is marked for what a provider says of the mail or of its own lists
ABOUT_THE_MAIL, BAD_ADDRESS, ON_A_LIST = "5.6.0", "5.1.3", "5.5.0"
#: written by the provider, or given to it apart
_APART = frozenset({"from", "to", "reply-to", "subject", "date", "mime-version"})
EXTRA_HEADERS = {"postmark": {"X-PM-KeepID": "true"}}


def provider_backend(name: str) -> type[AnymailRequestsBackend]:
    """The backend of anymail with this name (`mailgun`). Raises ImportError for what is none, or does not use HTTP by
    `requests` (Amazon SES), where nothing could stand between connection and request."""
    found = import_string(f"anymail.backends.{name}.EmailBackend") if name.isidentifier() else None
    if not (isinstance(found, type) and issubclass(found, AnymailRequestsBackend)):
        raise ImportError(f"{name!r} is no provider that mail can be sent through")
    return found


class ProviderSession:
    """See `Transport`. One connection for many mails."""

    def __init__(self) -> None:
        self._name: str = settings.POSTBOX["PROVIDER"]
        self._gate = RequestGate()
        self._http = ProviderHttp(self._gate)
        self._backend: AnymailRequestsBackend | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._http.close()

    def send(self, mail: OutgoingMail, commit: Callable[[], bool]) -> SendResult:
        gate, seconds = self._gate, settings.POSTBOX["PROVIDER_TIMEOUT"]
        try:
            message = provider_message(mail, self._name)
        except (ValueError, LookupError, TypeError) as error:
            reason = f"The mail could not be written for the provider ({type(error).__name__})."
            return SendResult(SendStatus.DEFERRED, "prepare", reason=reason)
        key = message.metadata[MESSAGE_KEY].strip("<>").partition("@")[0]
        self._http.idempotency_key = f"{key}-{hashlib.sha256(mail.content).hexdigest()[:24]}"
        with gate.guarding(commit, seconds * 2):
            result = self._attempt(message)
            for pause in PAUSES if self._name in IDEMPOTENT else ():
                if result.status != SendStatus.IN_DOUBT:
                    break
                time.sleep(min(pause, seconds))
                again = self._attempt(message)
                # what says no to the repetition says nothing about the first request
                result = again if again.status == SendStatus.ACCEPTED else result
        return result

    def _attempt(self, message: AnymailMessage) -> SendResult:
        gate = self._gate
        try:
            self._open().send_messages([message])
        except RequestWithheld:
            self._http.close()
            if gate.failure:
                raise gate.failure from None
            reason = gettext_noop("The hand-over was stopped before its last step.")
            return SendResult(SendStatus.WITHHELD, "body", reason=reason)
        except ConnectionLost as broken:
            return self._unanswered(str(broken))
        except AnymailRecipientsRefused:
            return _refused(message.anymail_status)
        except (AnymailError, ImproperlyConfigured, OSError, ValueError, TypeError, LookupError) as error:
            if gate.committed:
                return self._answered(error)
            return self._prevented(error)
        return self._accepted(message.anymail_status)

    def _open(self) -> AnymailRequestsBackend:
        if self._backend is None:
            backend = provider_backend(self._name)(timeout=settings.POSTBOX["PROVIDER_TIMEOUT"])
            backend.session = self._http  # what create_session would make
            self._backend = backend
        return self._backend

    def _prevented(self, error: Exception) -> SendResult:
        """Nothing was sent. A mail that the provider's interface cannot express fails alone, the rest fails all."""
        self._http.close()
        broken = isinstance(error, OSError | ImproperlyConfigured)
        stage = "connect" if broken else "prepare"
        words = f" {clean_reply(str(error))}" if isinstance(error, ImproperlyConfigured) else ""
        reason = f"Nothing was handed over to the provider ({type(error).__name__}).{words}"
        return SendResult(SendStatus.DEFERRED, stage, reason=reason, connection_failed=broken)

    def _unanswered(self, how: str) -> SendResult:
        self._http.close()
        if self._gate.committed:
            return _doubt(how)
        reason = f"Nothing was handed over to the provider: {how}."
        return SendResult(SendStatus.DEFERRED, "connect", reason=reason, connection_failed=True)

    def _answered(self, error: Exception) -> SendResult:
        code = getattr(error, "status_code", None)
        if code is None:
            return self._unanswered(type(error.__cause__ or error).__name__)
        code, words = NAMED_ERRORS.get(self._name, {}).get(_error_name(error), code), _words(error)
        reason = f"The provider answered: {code} {words}"
        if code in ACCOUNT_CODES | TRY_LATER_CODES:
            return SendResult(SendStatus.DEFERRED, "dot", code, words, reason, connection_failed=True)
        if code in REFUSED_CODES:
            return SendResult(SendStatus.REFUSED, "dot", REFUSED, f"{ABOUT_THE_MAIL} HTTP {code} {words}"[:500], reason)
        return _doubt(f"HTTP {code}", words)

    def _accepted(self, status: AnymailStatus) -> SendResult:
        answer = getattr(status.esp_response, "status_code", None)
        if not answer or not (status.status or set()) <= {"sent", "queued"}:
            return _doubt("its answer does not say whether it took the mail")
        number = mail_number(status.message_id)
        return SendResult(SendStatus.ACCEPTED, "done", answer, number, gettext_noop("The provider accepted it."))


def mail_number(given: object) -> str:
    """The provider's name for a mail, as it is kept and found."""
    return clean_reply(str(given or "").strip("<>").partition("@")[0])


def provider_message(mail: OutgoingMail, provider: str) -> AnymailMessage:
    """The parts of a mail as the backends take them, with its Message-ID as metadata that come back in reports."""
    read = message_from_bytes(mail.content, policy=policy.default)
    own_id = str(read["Message-ID"] or "").strip()
    headers = {name: str(value) for name, value in read.items() if name.lower() not in _APART}
    headers = {name: value for name, value in headers.items() if not name.lower().startswith("content-")}
    text, html = read.get_body(("plain",)), read.get_body(("html",))
    message = AnymailMessage(
        subject=str(read["Subject"] or ""),
        body=_lines(text),
        from_email=str(read["From"] or mail.envelope_from),
        to=[mail.envelope_to],
        reply_to=[str(read["Reply-To"])] if read["Reply-To"] else None,
        headers={**headers, **EXTRA_HEADERS.get(provider, {})},
        metadata={MESSAGE_KEY: own_id},
        envelope_sender=mail.envelope_from,
        track_opens=False,
        track_clicks=False,
    )
    if html:
        message.attach_alternative(_lines(html), "text/html")
    for part in read.iter_attachments() if read.is_multipart() else ():
        content: Any = part.get_content()
        message.attach(part.get_filename(), content, part.get_content_type())
    return message


def _lines(part: Any) -> str:
    return str(part.get_content()).replace("\r\n", "\n") if part else ""


def _error_name(error: Exception) -> str:
    with suppress(ValueError, LookupError, AttributeError, TypeError):
        return str(error.response.json()["name"])  # type: ignore[attr-defined]  # other errors are caught
    return ""


def _words(error: Exception) -> str:
    """What the provider says in its answer, of JSON the message."""
    response = getattr(error, "response", None)
    with suppress(ValueError, AttributeError):
        said = response.json()  # type: ignore[union-attr]  # None is caught
        if isinstance(said, dict):
            found = next((said[key] for key in ("message", "Message", "error", "detail", "title") if said.get(key)), "")
            return clean_reply(str(found))
    return clean_reply(str(getattr(response, "text", ""))[:500])


def _refused(status: AnymailStatus) -> SendResult:
    words = ", ".join(sorted(str(word) for word in status.status or ()))
    enhanced = BAD_ADDRESS if status.status == {"invalid"} else ON_A_LIST
    reason = f"The provider takes no mail for this address ({words})."
    return SendResult(SendStatus.REFUSED, "dot", REFUSED, f"{enhanced} {words}", reason)


def _doubt(how: str, words: str = "") -> SendResult:
    reason = f"Handed over to the provider, which did not confirm it: {how}."
    # the provider's fault, not that of the recipient's domain: nothing more is put into doubt meanwhile
    return SendResult(SendStatus.IN_DOUBT, "dot", reply=words, reason=reason, connection_failed=True)
