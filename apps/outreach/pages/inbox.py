"""Lines and filters of the campaign's incoming mail."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.types import Label
from apps.governments.models import Member
from apps.postbox.models import InboundMail

from ..models import MailTriage
from ..selectors.tracking import SHOWS, inbox_condition, inbox_mails

FILTERS: dict[str, Label] = {
    "all": pgettext_lazy("incoming email", "All"),
    "unassigned": gettext_lazy("Nobody looks after it"),
    "mine": pgettext_lazy("incoming email", "Mine"),
    "to_answer": gettext_lazy("Needs an answer"),
    "automatic": gettext_lazy("From machines"),
}


@dataclass(frozen=True)
class InboxLine:
    """A mail. `sender` and `subject` are empty for people who may not see contact data."""

    mail: InboundMail
    member: Member | None
    sender: str
    subject: str
    triage: MailTriage | None

    @property
    def answered(self) -> bool:
        return bool(getattr(self.mail, "was_answered", False))


def inbox_filters(campaign: Campaign, user: User) -> list[tuple[str, Label, int]]:
    """(key, words, number) of "all" and of every other that has mails. One statement."""
    counts = (
        inbox_mails(campaign)
        .order_by()
        .aggregate(**{show: Count("pk", filter=inbox_condition(show, user), distinct=True) for show in SHOWS})
    )
    return [(show, FILTERS[show], counts[show]) for show in SHOWS if counts[show] or show == "all"]


def inbox_lines(mails: Iterable[InboundMail], *, contacts: bool) -> list[InboxLine]:
    return [
        InboxLine(
            mail=mail, member=_member(mail), sender=mail.sender if contacts else "",
            subject=(mail.subject or _("Without a subject")) if contacts else "", triage=getattr(mail, "triage", None),
        )
        for mail in mails
    ]  # fmt: skip


def _member(mail: InboundMail) -> Member | None:
    """The government of the letter, or of the answer of ours, that the mail is about."""
    if (reply := getattr(mail, "reply", None)) is not None:
        return reply.member
    if (delivery := getattr(mail.message, "delivery", None)) is not None:
        return delivery.member
    answer = getattr(mail.message, "sent_answer", None)
    return answer.delivery.member if answer else None
