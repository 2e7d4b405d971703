"""Pages of invitations: the mail in each language, the states with their numbers, who will be reminded."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from apps.campaigns.models import TeamMember
from apps.core.language_names import language_name
from apps.core.types import Label

from ..models import Coalition, Invitation, Organisation, SignOnCall
from ..selectors.invitable_organisations import invitable_organisations
from ..selectors.invitations import (
    REMIND_AFTER,
    found_invitations,
    invitation_counts,
    silent_invitations,
    to_remind,
)
from ..selectors.organisations import organisation_groups, organisations_visible_to
from ..services.invitation_mails import invitation_mail_text
from ..services.invitations import MAX_INVITED, InvitedOrganisation

PER_PAGE = 50
#: organisations of the campaign on one page
MOST_KNOWN = 200
#: how a signature was recognised → in words
SIGNED_BY: dict[str, Label] = {
    "link": pgettext_lazy("signed", "with the link"),
    "address": pgettext_lazy("signed", "from the invited address"),
    "name": pgettext_lazy("signed", "under this name"),
    "website": pgettext_lazy("signed", "found by its website"),
}
#: state → (tone, glyph, words)
STATES: dict[str, tuple[str, str, Label]] = {
    "waiting": ("ink", "clock", pgettext_lazy("invitation", "Waiting to be sent")),
    "arrived": ("ok", "sent", pgettext_lazy("invitation", "Delivered")),
    "silent": ("warn", "clock", pgettext_lazy("invitation", "No answer")),
    "started": ("ink", "half", pgettext_lazy("invitation", "Started")),
    "signed": ("ok", "pen", pgettext_lazy("invitation", "Signed")),
    "declined": ("idle", "lock", pgettext_lazy("invitation", "Declined")),
    "withdrawn": ("idle", "lock", pgettext_lazy("invitation", "Withdrawn")),
    "failed": ("bad", "warn", pgettext_lazy("invitation", "Not delivered")),
    "stopped": ("idle", "lock", pgettext_lazy("invitation", "Wants no email")),
}


@dataclass(frozen=True)
class MailPreview:
    """The mail in one language, as the first of its readers gets it."""

    language: str
    name: str
    subject: str
    text: str
    readers: int


@dataclass(frozen=True)
class KnownPage:
    """Organisations to tick. `elsewhere`: ids of those ticked that the page does not show; `more`: how many match
    besides."""

    rows: list[Organisation]
    ticked: set[int]
    elsewhere: list[int]
    more: int
    countries: list[tuple[str, int]]
    coalitions: list[tuple[Coalition, int]]


@dataclass(frozen=True)
class InvitationsPage:
    page: Page[Invitation]
    total: int
    #: (state, number, words) of those that occur
    filters: list[tuple[str, int, Label]]
    #: how many; the page to remind them says who is left out, and why
    silent: int


@dataclass(frozen=True)
class ReminderPage:
    number: int
    page: Page[Invitation]
    previews: list[MailPreview]
    #: silent, but their last mail is too recent
    recent: int
    failed: int
    stopped: int
    since: datetime


def known_page(
    member: TeamMember, call: SignOnCall, *, chosen: dict[str, Any], ticked: Collection[int], tick_all: bool
) -> KnownPage:
    """`chosen` narrows the list; what is ticked and not shown stays ticked."""
    countries, coalitions = organisation_groups(organisations_visible_to(member))
    narrowed = {"words": chosen["q"], "country": chosen["country"], "coalition": chosen["coalition"]}
    found = invitable_organisations(member, call, **narrowed)
    every = set(ticked)
    if tick_all:
        every |= set(found.filter(signed=False).values_list("pk", flat=True)[:MAX_INVITED])  # type: ignore[misc]  # annotated
    rows = list(found.prefetch_related("coalitions")[:MOST_KNOWN])
    shown = {row.pk for row in rows}
    return KnownPage(rows, every & shown, sorted(every - shown), found.count() - len(rows), countries, coalitions)


def invited_previews(call: SignOnCall, rows: Sequence[InvitedOrganisation]) -> list[MailPreview]:
    """One for each language of the rows, the most frequent first."""
    return _previews([Invitation(campaign=call.campaign, call=call, **vars(row)) for row in rows], "invitation")


def _previews(invitations: Sequence[Invitation], template: str) -> list[MailPreview]:
    counts = Counter(invitation.language for invitation in invitations)
    first = {invitation.language: invitation for invitation in reversed(invitations)}
    found = []
    for code, number in counts.most_common():
        subject, text = invitation_mail_text(first[code], template)
        found.append(MailPreview(code, language_name(code), subject, text, number))
    return found


def invitations_page(call: SignOnCall, *, state: str, wanted: str, number: int) -> InvitationsPage:
    counts = invitation_counts(call)
    page = Paginator(found_invitations(call, state=state, wanted=wanted), PER_PAGE).get_page(number)
    filters = [
        (key, counts[key], words) for key, (_tone, _glyph, words) in STATES.items() if counts[key] or key == state
    ]
    return InvitationsPage(page, counts["all"], filters, counts["silent"])


def reminder_page(call: SignOnCall, number: int) -> ReminderPage:
    now, counts = timezone.now(), invitation_counts(call)
    rows = to_remind(call, now)
    page = Paginator(rows, PER_PAGE).get_page(number)
    by_language = {row.language: row for row in rows.order_by("language", "-pk").distinct("language")}
    readers = Counter(rows.order_by().values_list("language", flat=True))
    previews = []
    for code, count in readers.most_common():
        by_language[code].call = call
        subject, text = invitation_mail_text(by_language[code], "invitation_reminder")
        previews.append(MailPreview(code, language_name(code), subject, text, count))
    return ReminderPage(
        number=page.paginator.count, page=page, previews=previews,
        recent=silent_invitations(call).count() - page.paginator.count,
        failed=counts["failed"], stopped=counts["stopped"], since=now - REMIND_AFTER,
    )  # fmt: skip
