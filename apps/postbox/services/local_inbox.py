"""Try an answer to a mail of the local inbox: it goes to the listener over SMTP, as a recipient's would."""

from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.errors import Conflict

from ..inbound.parsing import parse_mail
from ..models import SinkMail
from ..transports.base import OutgoingMail, SendStatus
from ..transports.smtp import LocalInbox


def sink_mail_answer(*, mail: SinkMail, text: str, form: str = "reply") -> None:
    """Send an answer to the listener as the recipient of `mail`. `form` is "reply", "auto_reply" or "bounce", which
    goes to the envelope's sender. Raises Conflict, also outside sink mode."""
    if settings.POSTBOX["MODE"] != "sink":
        raise Conflict(_("You can only try answers in test mode (sink)."))
    read = parse_mail(bytes(mail.raw))
    to_address = mail.envelope_from if form == "bounce" else parseaddr(read.header("Reply-To"))[1]
    if not to_address:
        raise Conflict(_("You cannot answer this email: it has no reply address."))
    answers = read.header("Message-ID")
    if form == "bounce":
        content = report_mail(mail.envelope_to, to_address, text)
    else:
        content = answer_mail(mail.envelope_to, to_address, read.subject, answers, text, automatic=form == "auto_reply")
    sender = mail.envelope_to if form == "reply" else ""
    with LocalInbox() as inbox:
        result = inbox.send(OutgoingMail(sender, to_address, content.as_bytes()), lambda: True)
    if result.status != SendStatus.ACCEPTED:
        raise Conflict(
            _("The local inbox did not take the answer. %(reason)s Check that `make run` is running.")
            % {"reason": result.reason}
        )


def answer_mail(sender: str, to: str, subject: str, answers: str, text: str, *, automatic: bool) -> EmailMessage:
    """As a person, or a program that answers by itself, would write it to a mail with the Message-ID `answers`."""
    mail = _mail(sender, to, f"{'Automatic reply' if automatic else 'Re'}: {subject}")
    if answers:
        mail["In-Reply-To"] = mail["References"] = answers
    if automatic:
        mail["Auto-Submitted"] = "auto-replied"
    mail.set_content(text)
    return mail


#: folding a subject that is not ASCII, Python's email package can lose a space between two encoded words
LONG_LINES = policy.SMTP.clone(max_line_length=990)
FAILED = ("failed", "5.1.1", "smtp; 550 5.1.1 mailbox unknown")


def report_mail(sender: str, to: str, text: str, report: tuple[str, str, str] = FAILED) -> EmailMessage:
    """A report of a mail server (RFC 3464): `report` is its action, status and diagnostic code."""
    action, code, diagnostic = report
    domain = sender.rpartition("@")[2]
    server, recipient, status, words = EmailMessage(), EmailMessage(), EmailMessage(), EmailMessage()
    server["Reporting-MTA"] = f"dns; {domain}"
    recipient["Final-Recipient"], recipient["Action"] = f"rfc822; {sender}", action
    recipient["Status"], recipient["Diagnostic-Code"] = code, diagnostic
    status["Content-Type"] = "message/delivery-status"
    status.set_payload([server, recipient])
    words.set_content(text)
    subject = "Undelivered mail" if action == "failed" else "Delayed mail"
    mail = _mail(f"MAILER-DAEMON@{domain}", to, subject)
    mail["Auto-Submitted"] = "auto-replied"
    mail["Content-Type"] = 'multipart/report; report-type="delivery-status"'
    mail.set_payload([words, status])
    return mail


def _mail(sender: str, to: str, subject: str) -> EmailMessage:
    mail = EmailMessage(policy=LONG_LINES)
    mail["From"], mail["To"], mail["Subject"] = sender, to, " ".join(subject.split())[:200]
    mail["Date"], mail["Message-ID"] = format_datetime(timezone.now()), make_msgid(domain=sender.rpartition("@")[2])
    return mail
