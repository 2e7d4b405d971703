"""What waits for a person, the worst first. Each line counts rows; nothing here is kept."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, Min, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.campaigns.models import Campaign, TeamMember
from apps.campaigns.roles import Permission
from apps.coalitions.selectors.sign_ons import moderation_queue
from apps.core.health import problems
from apps.governments.models import RecipientAddress
from apps.governments.selectors import corrections_waiting
from apps.letters.models import FactUse
from apps.letters.selectors import letter_state, letters_with_state, texts_with_state
from apps.letters.selectors.drafts import APPROVED
from apps.outreach.models import Delivery, Dispatch
from apps.outreach.selectors import versions_ready
from apps.postbox.models import MessageState

#: how many names a line lists
NAMED = 4


@dataclass(frozen=True)
class ActionItem:
    """One line: a state (tone, glyph, word), how many and which, since when, and where one acts on it ("" where the
    person may not)."""

    tone: str
    glyph: str
    word: str
    headline: str
    detail: str
    since: datetime | None
    url: str
    act: str


def action_items(campaign: Campaign, membership: TeamMember) -> list[ActionItem]:
    """What waits in the campaign, as this person sees it."""
    sources: list[Callable[[Campaign, TeamMember], ActionItem | None]] = [
        _unhealthy, _in_doubt, _bounced, _paused, _to_authorise, _to_moderate, _to_correct, _to_review, _to_freeze,
        _to_send, _changed_facts,
    ]  # fmt: skip
    return [line for source in sources if (line := source(campaign, membership)) is not None]


def _link(membership: TeamMember, right: Permission, name: str, *args: Any) -> str:
    return reverse(name, args=[membership.campaign.slug, *args]) if membership.may(right) else ""


def _names(names: Iterable[str]) -> str:
    kept = list(dict.fromkeys(names))
    more = len(kept) - NAMED
    listed = ", ".join(kept[:NAMED])
    return listed if more <= 0 else _("%(names)s and %(more)d more") % {"names": listed, "more": more}


def _unhealthy(campaign: Campaign, membership: TeamMember) -> ActionItem | None:
    """For operators, who can start what stopped: the reasons of /healthz."""
    reasons = problems() if membership.user.is_superuser else []
    if not reasons:
        return None
    headline = ngettext(
        "%d part of the installation is not working", "%d parts of the installation are not working", len(reasons)
    ) % len(reasons)
    detail = " ".join(f"{reason[0].upper()}{reason[1:]}" for reason in reasons)
    where = reverse("postbox:switch")
    return ActionItem("bad", "bad", _("Not working"), headline, detail, None, where, _("Look at the postbox"))


def _in_doubt(campaign: Campaign, membership: TeamMember) -> ActionItem | None:
    rows = Delivery.objects.filter(dispatch__campaign=campaign, message__state=MessageState.IN_DOUBT)
    found = list(rows.select_related("member").annotate(since=F("message__updated_at")).order_by("message__updated_at"))
    if not found:
        return None
    headline = ngettext(
        "%d letter was handed over, but the server did not answer",
        "%d letters were handed over, but the server did not answer",
        len(found),
    )
    return ActionItem(
        "bad", "doubt", _("In doubt"), headline % len(found), _names(row.member.name for row in found),
        found[0].since, _link(membership, Permission.READ, "outreach:dispatch", found[0].dispatch_id),
        _("Decide one by one"),
    )  # fmt: skip


def _bounced(campaign: Campaign, membership: TeamMember) -> ActionItem | None:
    dead = RecipientAddress.objects.filter(
        recipient__campaign=campaign, recipient__active=True, health=RecipientAddress.Health.BOUNCED
    )
    found = list(dead.select_related("recipient__office__member").order_by("bounced_at"))
    if not found:
        return None
    headline = ngettext("%d address does not exist", "%d addresses do not exist", len(found)) % len(found)
    where = reverse("dashboard:governments", args=[campaign.slug]) + "?recipients=bounced"
    return ActionItem(
        "bad", "bounce", _("Bounced"), headline, _names(row.recipient.office.member.name for row in found),
        found[0].bounced_at, where, _("See the governments"),
    )  # fmt: skip


def _paused(campaign: Campaign, membership: TeamMember) -> ActionItem | None:
    found = list(
        Dispatch.objects.filter(campaign=campaign, state=Dispatch.State.PREPARED, paused_at__isnull=False).order_by(
            "paused_at"
        )
    )
    if not found:
        return None
    headline = ngettext("%d dispatch is paused", "%d dispatches are paused", len(found)) % len(found)
    url = _link(membership, Permission.READ, "outreach:dispatch", found[0].pk)
    return ActionItem(
        "warn", "clock", _("Paused"), headline, found[0].pause_reason, found[0].paused_at, url, _("Look at it")
    )


def _to_authorise(campaign: Campaign, membership: TeamMember) -> ActionItem | None:
    rows = Dispatch.objects.filter(
        Exists(Delivery.objects.filter(dispatch=OuterRef("pk"))),  # where everybody is left out, nobody is waited for
        campaign=campaign, state=Dispatch.State.PREPARED, paused_at__isnull=True, expires_at__gt=timezone.now(),
    )  # fmt: skip
    found = list(rows.select_related("prepared_by").order_by("prepared_at"))
    if not found:
        return None
    letters = Delivery.objects.filter(dispatch__in=found).count()
    headline = ngettext(
        "%d dispatch waits for a second person", "%d dispatches wait for a second person", len(found)
    ) % len(found)
    detail = ngettext("%(n)d letter, prepared by %(who)s", "%(n)d letters, prepared by %(who)s", letters)
    who = _names(str(dispatch.prepared_by) for dispatch in found)
    url = _link(membership, Permission.READ, "outreach:dispatch", found[0].pk)
    return ActionItem(
        "warn", "half", _("Authorise"), headline, detail % {"n": letters, "who": who}, found[0].prepared_at, url,
        _("Look at it"),
    )  # fmt: skip


def _to_moderate(campaign: Campaign, membership: TeamMember) -> ActionItem | None:
    queue = moderation_queue(campaign)
    waiting = queue.count()
    if not waiting:
        return None
    headline = ngettext("%d signature waits for a look", "%d signatures wait for a look", waiting) % waiting
    since = queue.aggregate(since=Min("created_at"))["since"]
    url = _link(membership, Permission.MODERATE, "sign_on:moderate")
    return ActionItem("idle", "pen", _("Moderate"), headline, "", since, url, _("Empty the queue"))


def _to_correct(campaign: Campaign, membership: TeamMember) -> ActionItem | None:
    queue = corrections_waiting(campaign)
    waiting = queue.count()
    if not waiting:
        return None
    headline = (
        ngettext("%d correction of a recipient is proposed", "%d corrections of recipients are proposed", waiting)
        % waiting
    )
    since = queue.aggregate(since=Min("created_at"))["since"]
    url = _link(membership, Permission.SEE_CONTACTS, "recipients:corrections")
    return ActionItem("idle", "pen", _("Correct"), headline, "", since, url, _("Look at them"))


def _to_review(campaign: Campaign, membership: TeamMember) -> ActionItem | None:
    texts: Any = texts_with_state()  # annotated, which the type checker does not see
    asked = texts.filter(letter__campaign=campaign, review_asked_at__isnull=False, approved=False)
    found = list(asked.select_related("letter").order_by("review_asked_at"))
    if not found:
        return None
    headline = ngettext("%d text waits for review", "%d texts wait for review", len(found)) % len(found)
    url = _link(membership, Permission.READ, "letters:workspace", found[0].letter.number)
    return ActionItem(
        "idle", "pen", _("Review"), headline, _names(text.letter.title for text in found), found[0].review_asked_at,
        url, _("Read it"),
    )  # fmt: skip


def _to_freeze(campaign: Campaign, membership: TeamMember) -> ActionItem | None:
    letters = letters_with_state(campaign.letters.filter(closed_at__isnull=True)).order_by("number")
    found = [letter for letter in letters if letter_state(letter) == APPROVED]
    if not found:
        return None
    headline = ngettext("%d letter is approved and not frozen", "%d letters are approved and not frozen", len(found))
    url = _link(membership, Permission.READ, "letters:workspace", found[0].number)
    return ActionItem(
        "idle", "ok", _("Freeze"), headline % len(found), _names(letter.title for letter in found), None, url,
        _("Open it"),
    )  # fmt: skip


def _to_send(campaign: Campaign, membership: TeamMember) -> ActionItem | None:
    found = [ready for ready in versions_ready(campaign) if ready.call is None or not ready.call.is_open()]
    if not found:
        return None
    headline = ngettext("%d frozen letter has not been sent", "%d frozen letters have not been sent", len(found))
    return ActionItem(
        "idle", "sent", _("Send"), headline % len(found), _names(ready.version.letter.title for ready in found),
        min(ready.version.frozen_at for ready in found), _link(membership, Permission.READ, "outreach:index"),
        _("See what is ready"),
    )  # fmt: skip


def _changed_facts(campaign: Campaign, membership: TeamMember) -> ActionItem | None:
    stale = FactUse.objects.filter(text__letter__campaign=campaign, text__letter__closed_at__isnull=True).filter(
        Q(fact__retired_at__isnull=False) | Q(fact_revision__lt=F("fact__revision"))
    )
    found = list(stale.select_related("fact__point", "text__letter").order_by("text__letter__number"))
    if not found:
        return None
    facts = len({use.fact_id for use in found})
    headline = ngettext("%d fact used in a draft was corrected", "%d facts used in drafts were corrected", facts)
    url = _link(membership, Permission.READ, "letters:workspace", found[0].text.letter.number)
    return ActionItem(
        "idle", "warn", _("Changed"), headline % facts, _names(use.text.letter.title for use in found), None, url,
        _("Update the draft"),
    )  # fmt: skip
