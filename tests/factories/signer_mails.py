"""One of each mail about signing, as signers and the team get them, and the links in them."""

import re
from datetime import timedelta
from typing import Any

from django.utils import timezone

from apps.campaigns.services.notices import notices_send
from apps.coalitions.models import AddressMail, SignOn, SignOnCall, SignOnToken
from apps.coalitions.services.confirmation_reminders import confirmations_remind
from apps.coalitions.services.email_changes import email_change_confirm, email_change_request
from apps.coalitions.services.moderation import sign_on_ask, sign_on_reject
from apps.coalitions.services.submission import Outcome
from apps.postbox.models import Message
from apps.postbox.services.composing import message_compose
from tests.factories.signing import mails, organisation, person, signed, some_time_passes, submit


def make_every_mail(call: SignOnCall, cast: Any) -> None:
    """Forms, confirmations, decisions, a question, another address, reminders."""
    submit(call, person("Ama Owusu", email="ama@post.example"))
    days = timedelta(days=2, hours=1)
    for rows in (SignOn, SignOnToken):
        rows.objects.update(created_at=timezone.now() - days)  # type: ignore[attr-defined]
    assert confirmations_remind() == 1
    first = signed(call, organisation())
    sign_on_ask(sign_on=first, actor=cast.data_officer, question="Are you the forum of 2015?")
    second = signed(call, person(), accepted_by=cast.coordinator)
    some_time_passes()
    AddressMail.objects.all().delete()
    assert submit(call, person()).outcome is Outcome.ALREADY
    email_change_confirm(token=email_change_request(sign_on=second, email="afi@new.example"))
    email_change_request(sign_on=first, email="info@kdrf.example")
    third = signed(call, person("Kossi Adjei", email="kossi@post.example"))
    sign_on_reject(sign_on=third, actor=cast.data_officer, reason="Signed twice.")
    signed(call, person("Efua Sutherland", email="efua@post.example"))
    assert notices_send(now=timezone.now().replace(hour=12)) > 0


def mailed_links() -> list[str]:
    """The paths of all links in all mails, once each."""
    texts = [mail.text_body for mail in mails()]
    for message in Message.objects.exclude(kind="confirmation"):
        message_compose(message=message)
        texts.append(message.text_body)
    return list(dict.fromkeys(re.findall(r"https?://[^/\s]+(/\S+)", "\n".join(texts))))
