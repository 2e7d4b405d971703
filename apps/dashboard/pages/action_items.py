"""What waits for somebody in a campaign, the most urgent first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db.models import Exists, F, Min, Model, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from apps.campaigns.models import Campaign, TeamMember
from apps.campaigns.roles import Permission
from apps.coalitions.selectors.moderation_queue import campaign_queue
from apps.core.health import problems
from apps.core.text import first_names
from apps.governments.models import RecipientAddress
from apps.governments.selectors import corrections_waiting
from apps.letters.models import FactUse
from apps.letters.selectors.drafts import APPROVED, letter_state, letters_with_state, texts_with_state
from apps.outreach.models import Delivery, Dispatch
from apps.outreach.selectors.dispatches import versions_ready
from apps.postbox.models import MessageState

#: names listed in an item
_first_names = partial(first_names, most=4)


@dataclass(frozen=True)
class ActionItem:
    """A state (tone, glyph, word), how many rows and which, since when, and the link to act, "" without permission."""

    tone: str
    glyph: str
    word: str
    headline: str
    detail: str
    since: datetime | None
    url: str
    act: str


def action_items(campaign: Campaign, membership: TeamMember) -> list[ActionItem]:
    sources: list[Callable[[Campaign, TeamMember], ActionItem | None]] = [
        _unhealthy, _in_doubt, _bounced, _paused, _to_authorise, _to_moderate, _to_correct, _to_review, _to_freeze,
        _to_send, _changed_facts,
    ]  # fmt: skip
    return [item for source in sources if (item := source(campaign, membership)) is not None]


def _link(membership: TeamMember, right: Permission, name: str, *args: object) -> str:
    return reverse(name, args=[membership.campaign.slug, *args]) if membership.may(right) else ""


def _unhealthy(campaign: Campaign, membership: TeamMember) -> ActionItem | None:
    """For operators: the problems of /healthz."""
    reasons = problems() if membership.user.is_superuser else []
    if not reasons:
        return None
    headline = ngettext(
        "%(n)d part of the installation does not work", "%(n)d parts of the installation do not work", len(reasons)
    )
    detail = " ".join(reasons)
    url = reverse("postbox:switch")
    return ActionItem(
        "bad", "bad", _("Not working"), headline % {"n": len(reasons)}, detail, None, url, _("Check the postbox")
    )


def _in_doubt(campaign: Campaign, membership: TeamMember) -> ActionItem | None:
    rows = Delivery.objects.filter(dispatch__campaign=campaign, message__state=MessageState.IN_DOUBT)
    found = list(rows.select_related("member", "message").order_by("message__updated_at"))
    if not found:
        return None
    headline = ngettext(
        "%(n)d letter was sent, but the mail server did not answer",
        "%(n)d letters were sent, but the mail server did not answer",
        len(found),
    )
    since = found[0].message.updated_at if found[0].message else None
    url = _link(membership, Permission.READ, "outreach:dispatch", found[0].dispatch_id)
    names = _first_names(row.member.name for row in found)
    return ActionItem(
        "bad",
        "doubt",
        pgettext("letters", "In doubt"),
        headline % {"n": len(found)},
        names,
        since,
        url,
        _("Decide one by one"),
    )


def _bounced(campaign: Campaign, membership: TeamMember) -> ActionItem | None:
    dead = RecipientAddress.objects.filter(
        recipient__campaign=campaign, recipient__active=True, health=RecipientAddress.Health.BOUNCED
    )
    found = list(dead.select_related("recipient__office__member").order_by("bounced_at"))
    if not found:
        return None
    headline = ngettext("%(n)d email address does not exist", "%(n)d email addresses do not exist", len(found)) % {
        "n": len(found)
    }
    names = _first_names(row.recipient.office.member.name for row in found)
    url = reverse("dashboard:governments", args=[campaign.slug]) + "?recipients=bounced"
    since = found[0].bounced_at
    return ActionItem(
        "bad", "bounce", pgettext("email addresses", "Bounced"), headline, names, since, url, _("See the governments")
    )


def _paused(campaign: Campaign, membership: TeamMember) -> ActionItem | None:
    rows = Dispatch.objects.filter(campaign=campaign, state=Dispatch.State.PREPARED, paused_at__isnull=False)
    found = list(rows.order_by("paused_at"))
    if not found:
        return None
    first, headline = (
        found[0],
        ngettext("%(n)d mailing is paused", "%(n)d mailings are paused", len(found)) % {"n": len(found)},
    )
    url = _link(membership, Permission.READ, "outreach:dispatch", first.pk)
    return ActionItem(
        "warn",
        "clock",
        pgettext("mailing", "Paused"),
        headline,
        first.get_pause_reason_display(),
        first.paused_at,
        url,
        _("Open the mailing"),
    )


def _to_authorise(campaign: Campaign, membership: TeamMember) -> ActionItem | None:
    rows = Dispatch.objects.filter(
        Exists(Delivery.objects.filter(dispatch=OuterRef("pk"))),  # nobody waits for a mailing without letters
        campaign=campaign, state=Dispatch.State.PREPARED, paused_at__isnull=True, expires_at__gt=timezone.now(),
    )  # fmt: skip
    found = list(rows.select_related("prepared_by").order_by("prepared_at"))
    if not found:
        return None
    letters = Delivery.objects.filter(dispatch__in=found).count()
    headline = ngettext(
        "%(n)d mailing waits for a second person", "%(n)d mailings wait for a second person", len(found)
    )
    detail = ngettext("%(n)d letter, prepared by %(who)s", "%(n)d letters, prepared by %(who)s", letters)
    detail %= {"n": letters, "who": _first_names(str(dispatch.prepared_by) for dispatch in found)}
    url, since = _link(membership, Permission.READ, "outreach:dispatch", found[0].pk), found[0].prepared_at
    return ActionItem(
        "warn",
        "half",
        pgettext("verb", "Authorise"),
        headline % {"n": len(found)},
        detail,
        since,
        url,
        _("Open the mailing"),
    )


def _oldest[M: Model](queue: QuerySet[M]) -> tuple[int, datetime | None]:
    """(number of rows, when the oldest was created)."""
    return queue.count(), queue.aggregate(since=Min("created_at"))["since"]


def _to_moderate(campaign: Campaign, membership: TeamMember) -> ActionItem | None:
    waiting, since = _oldest(campaign_queue(campaign))
    if not waiting:
        return None
    headline = ngettext("%(n)d signature waits for a check", "%(n)d signatures wait for a check", waiting) % {
        "n": waiting
    }
    url = _link(membership, Permission.MODERATE, "sign_on:moderate")
    return ActionItem("idle", "pen", pgettext("verb", "Check"), headline, "", since, url, _("Check signatures"))


def _to_correct(campaign: Campaign, membership: TeamMember) -> ActionItem | None:
    waiting, since = _oldest(corrections_waiting(campaign))
    if not waiting:
        return None
    headline = ngettext(
        "%(n)d correction of a recipient is proposed", "%(n)d corrections of recipients are proposed", waiting
    )
    url = _link(membership, Permission.SEE_CONTACTS, "recipients:corrections")
    return ActionItem(
        "idle", "pen", pgettext("verb", "Correct"), headline % {"n": waiting}, "", since, url, _("Check corrections")
    )


def _to_review(campaign: Campaign, membership: TeamMember) -> ActionItem | None:
    asked = texts_with_state().filter(letter__campaign=campaign, review_asked_at__isnull=False).defer("body")
    found = [text for text in asked.select_related("letter").order_by("review_asked_at") if not text.approved]
    if not found:
        return None
    headline = ngettext("%(n)d text waits for review", "%(n)d texts wait for review", len(found)) % {"n": len(found)}
    url = _link(membership, Permission.READ, "letters:workspace", found[0].letter.number)
    names, since = _first_names(text.letter.title for text in found), found[0].review_asked_at
    return ActionItem("idle", "pen", pgettext("verb", "Review"), headline, names, since, url, _("Read the text"))


def _to_freeze(campaign: Campaign, membership: TeamMember) -> ActionItem | None:
    letters = letters_with_state(campaign.letters.filter(closed_at__isnull=True)).order_by("number")
    found = [letter for letter in letters if letter_state(letter) == APPROVED]
    if not found:
        return None
    headline = ngettext(
        "%(n)d letter is approved and not frozen", "%(n)d letters are approved and not frozen", len(found)
    )
    url = _link(membership, Permission.READ, "letters:workspace", found[0].number)
    names = _first_names(letter.title for letter in found)
    return ActionItem(
        "idle", "ok", pgettext("verb", "Freeze"), headline % {"n": len(found)}, names, None, url, _("Open the letter")
    )


def _to_send(campaign: Campaign, membership: TeamMember) -> ActionItem | None:
    found = [ready for ready in versions_ready(campaign) if ready.call is None or not ready.call.is_open()]
    if not found:
        return None
    headline = ngettext("%(n)d frozen letter has not been sent", "%(n)d frozen letters have not been sent", len(found))
    names = _first_names(ready.version.letter.title for ready in found)
    since = min(ready.version.frozen_at for ready in found)
    url = _link(membership, Permission.READ, "outreach:index")
    return ActionItem(
        "idle",
        "sent",
        pgettext("verb", "Send"),
        headline % {"n": len(found)},
        names,
        since,
        url,
        _("See what is ready"),
    )


def _changed_facts(campaign: Campaign, membership: TeamMember) -> ActionItem | None:
    changed = FactUse.objects.filter(text__letter__campaign=campaign, text__letter__closed_at__isnull=True).filter(
        Q(fact__retired_at__isnull=False) | Q(fact_revision__lt=F("fact__revision"))
    )
    found = list(
        changed.select_related("fact__point", "text__letter").defer("text__body").order_by("text__letter__number")
    )
    if not found:
        return None
    facts = len({use.fact_id for use in found})
    headline = ngettext(
        "%(n)d fact used in a draft was corrected", "%(n)d facts used in drafts were corrected", facts
    ) % {"n": facts}
    names = _first_names(use.text.letter.title for use in found)
    url = _link(membership, Permission.READ, "letters:workspace", found[0].text.letter.number)
    return ActionItem("idle", "warn", pgettext("fact", "Changed"), headline, names, None, url, _("Update the draft"))
