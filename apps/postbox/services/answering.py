"""Trying the way back: answering a mail of the local inbox as its recipient would, by real SMTP."""

from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.errors import DomainError, NotAllowed

from ..models import SinkMail
from ..selectors import mail_read
from ..transports.local import submit
from ..transports.parcels import Parcel, Verdict

FORMS = ("reply", "auto_reply", "bounce")


class NoReplyAddress(DomainError):
    """The mail asks for no answer."""


class ListenerAway(DomainError):
    """The local inbox's listener did not take the answer."""


def sink_mail_answer(*, mail: SinkMail, text: str, form: str = "reply") -> None:
    """Send an answer over SMTP to the listener, as if the recipient of `mail` had written it. `form` is "reply",
    "auto_reply" (an absence note) or "bounce" (a failure reported after acceptance).

    Raises NotAllowed outside sink mode, NoReplyAddress, ListenerAway.
    """
    if settings.POSTBOX["MODE"] != "sink":
        raise NotAllowed(_("Answers can be tried in sink mode only."))
    read = mail_read(bytes(mail.raw))
    to_address = parseaddr(read.header("Reply-To"))[1]
    if not to_address:
        raise NoReplyAddress(_("This mail has no address for answers, so there is nothing to try."))
    make = {"reply": _reply, "auto_reply": _absence, "bounce": _bounce}[form]
    content = make(mail.envelope_to, to_address, read.subject, read.header("Message-ID"), text)
    sender = mail.envelope_to if form == "reply" else ""
    outcome = submit(Parcel(sender, to_address, content))
    if outcome.verdict != Verdict.ACCEPTED:
        raise ListenerAway(
            _("The local inbox did not take the answer. %(reason)s It listens while `make run` runs.")
            % {"reason": outcome.reason}
        )


def _reply(sender: str, to: str, subject: str, answers: str, text: str) -> bytes:
    mail = _mail(sender, to, f"Re: {subject}", answers)
    mail.set_content(text)
    return mail.as_bytes(policy=mail.policy.clone(linesep="\r\n"))


def _absence(sender: str, to: str, subject: str, answers: str, text: str) -> bytes:
    mail = _mail(sender, to, f"Automatic reply: {subject}", answers)
    mail["Auto-Submitted"] = "auto-replied"
    mail.set_content(text)
    return mail.as_bytes(policy=mail.policy.clone(linesep="\r\n"))


def _bounce(sender: str, to: str, subject: str, answers: str, text: str) -> bytes:
    """A delivery report (RFC 3464) as the recipient's server would write it."""
    domain = sender.rpartition("@")[2]
    status = EmailMessage()
    status["Content-Type"] = "message/delivery-status"
    about_server, about_recipient = EmailMessage(), EmailMessage()
    about_server["Reporting-MTA"] = f"dns; {domain}"
    about_recipient["Final-Recipient"], about_recipient["Action"] = f"rfc822; {sender}", "failed"
    about_recipient["Status"], about_recipient["Diagnostic-Code"] = "5.1.1", "smtp; 550 5.1.1 mailbox unknown"
    status.set_payload([about_server, about_recipient])
    words = EmailMessage()
    words.set_content(text)
    report = _mail(f"MAILER-DAEMON@{domain}", to, "Undelivered mail", "")
    report["Auto-Submitted"] = "auto-replied"
    report["Content-Type"] = 'multipart/report; report-type="delivery-status"'
    report.set_payload([words, status])
    return report.as_bytes(policy=report.policy.clone(linesep="\r\n"))


def _mail(sender: str, to: str, subject: str, answers: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, " ".join(subject.split())[:200]
    mail["Date"], mail["Message-ID"] = format_datetime(timezone.now()), make_msgid(domain=sender.rpartition("@")[2])
    if answers:
        mail["In-Reply-To"] = mail["References"] = answers
    return mail
