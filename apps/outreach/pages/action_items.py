"""What waits in the mailings of a campaign."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from apps.campaigns.models import TeamMember
from apps.campaigns.roles import Permission
from apps.core.registries import ActionItem, ActionSource, Timing
from apps.core.text import first_names
from apps.governments.models import RecipientAddress
from apps.postbox.models import InboundMail, MessageEvent, MessageState
from apps.postbox.pages.action_items import sending_switch_item, stopped_switches

from ..models import Delivery, Dispatch, Reply, SignerReport
from ..selectors.dispatches import versions_ready
from ..selectors.failed_letters import letters_to_repeat
from ..selectors.mail_conditions import came_back
from ..selectors.tracking import answers_unassigned
from .alarms import TOO_LONG_AFTER

#: for how long an answer is news
NEWS = timedelta(days=7)


def _in_doubt(member: TeamMember) -> QuerySet[Delivery]:
    return Delivery.objects.filter(dispatch__campaign=member.campaign, message__state=MessageState.IN_DOUBT)


def _dead(member: TeamMember) -> QuerySet[RecipientAddress]:
    return RecipientAddress.objects.dead().filter(recipient__campaign=member.campaign)


def _to_send_again(member: TeamMember) -> QuerySet[Delivery]:
    return letters_to_repeat(member.campaign)


def _paused(member: TeamMember) -> QuerySet[Dispatch]:
    return Dispatch.objects.filter(
        campaign=member.campaign, state__in=[Dispatch.State.PREPARED, Dispatch.State.PAUSED], paused_at__isnull=False
    )


def _prepared(member: TeamMember) -> QuerySet[Dispatch]:
    return Dispatch.objects.filter(
        Exists(Delivery.objects.filter(dispatch=OuterRef("pk"))),  # nobody waits for a mailing without letters
        campaign=member.campaign, state=Dispatch.State.PREPARED, paused_at__isnull=True, expires_at__gt=timezone.now(),
    )  # fmt: skip


def _drafts(member: TeamMember) -> QuerySet[SignerReport]:
    return SignerReport.objects.filter(campaign=member.campaign, state=SignerReport.State.DRAFT)


def letters_in_doubt(member: TeamMember) -> ActionItem | None:
    rows = _in_doubt(member).select_related("member").annotate(since=F("message__updated_at"))
    found = list(rows.order_by("since"))
    if not found:
        return None
    headline = ngettext(
        "%(n)d letter was sent, but the mail server did not answer",
        "%(n)d letters were sent, but the mail server did not answer",
        len(found),
    )
    late = found[0].since < timezone.now() - TOO_LONG_AFTER["letter in doubt"]
    return ActionItem(
        "bad", "doubt", pgettext("letters", "In doubt for long") if late else pgettext("letters", "In doubt"),
        headline % {"n": len(found)}, _names(found), found[0].since, _mailing(member, found[0].dispatch_id),
        _("Decide one by one"), count=len(found), keys=tuple(str(row.pk) for row in found),
    )  # fmt: skip


def letters_returned(member: TeamMember) -> ActionItem | None:
    """Letters that were refused, came back or expired in the last days, for those who have to find another way. Listed
    where an address is not dead: that is an item of its own."""
    rows = Delivery.objects.filter(
        came_back() | Q(message__state=MessageState.EXPIRED), dispatch__campaign=member.campaign,
        message__updated_at__gt=timezone.now() - NEWS,
    )  # fmt: skip
    rows = rows.order_by("message__updated_at")
    found = list(rows.values_list("pk", "dispatch", "message__updated_at", "address__health"))
    if not found:
        return None
    headline = ngettext("%(n)d letter was not delivered", "%(n)d letters were not delivered", len(found))
    return ActionItem(
        "bad", "bounce", pgettext("letters", "Not delivered"), headline % {"n": len(found)}, "", found[0][2],
        _mailing(member, found[0][1]), _("Open the mailing"), keys=tuple(str(pk) for pk, *_letter in found),
        past=all(health == RecipientAddress.Health.BOUNCED for *_letter, health in found),
    )  # fmt: skip


def addresses_dead(member: TeamMember) -> ActionItem | None:
    found = list(_dead(member).select_related("recipient__office__member").order_by("bounced_at"))
    if not found:
        return None
    headline = ngettext("%(n)d email address does not exist", "%(n)d email addresses do not exist", len(found))
    url = reverse("dashboard:governments", args=[member.campaign.slug]) + "?recipients=bounced"
    return ActionItem(
        "bad", "bounce", pgettext("email addresses", "Bounced"), headline % {"n": len(found)},
        first_names((row.recipient.office.member.name for row in found), most=4), found[0].bounced_at, url,
        _("See the governments"), count=len(found), keys=tuple(str(row.pk) for row in found),
    )  # fmt: skip


def letters_to_send_again(member: TeamMember) -> ActionItem | None:
    """Letters that came back, to contacts that have been corrected since."""
    found = list(_to_send_again(member))
    if not found:
        return None
    headline = ngettext(
        "%(n)d letter that came back can be sent to a corrected address",
        "%(n)d letters that came back can be sent to corrected addresses", len(found),
    )  # fmt: skip
    return ActionItem(
        "warn", "sent", pgettext("letters", "Send again"), headline % {"n": len(found)}, _names(found), None,
        f"{_mailing(member, found[0].dispatch_id)}#again", _("Open the mailing"), count=len(found),
        keys=tuple(str(row.pk) for row in found),
    )  # fmt: skip


def mailings_paused(member: TeamMember) -> ActionItem | None:
    found = list(_paused(member).order_by("paused_at"))
    if not found:
        return None
    headline = ngettext("%(n)d mailing is paused", "%(n)d mailings are paused", len(found)) % {"n": len(found)}
    return ActionItem(
        "warn", "clock", pgettext("mailing", "Paused"), headline, " ".join(_reasons(found)),
        found[0].paused_at, _mailing(member, found[0].pk), _("Open the mailing"), count=len(found),
        keys=tuple(f"{row.pk}:{row.paused_at}" for row in found if row.paused_by_id != member.user_id),
    )  # fmt: skip


def _reasons(found: list[Dispatch]) -> list[str]:
    return list(dict.fromkeys(row.get_pause_reason_display() for row in found))


def mailings_to_authorise(member: TeamMember) -> ActionItem | None:
    """Those that other people prepared; where there are none, the person's own, of which they need no mail."""
    rows = _prepared(member).select_related("prepared_by").order_by("prepared_at")
    waiting = list(rows.annotate(letters=Count("deliveries")))
    others = [row for row in waiting if member.user_id not in row.maker_ids]
    found = others or waiting
    if not found:
        return None
    letters = sum(row.letters for row in found)
    headline = ngettext(
        "%(n)d mailing waits for a second person", "%(n)d mailings wait for a second person", len(found)
    )
    detail = ngettext("%(n)d letter, prepared by %(who)s", "%(n)d letters, prepared by %(who)s", letters)
    who = first_names((str(row.prepared_by) for row in found), most=4)
    late = found[0].prepared_at < timezone.now() - TOO_LONG_AFTER["mailing not authorised"]
    return ActionItem(
        "bad" if late else "warn", "half", pgettext("verb", "Authorise"), headline % {"n": len(found)},
        detail % {"n": letters, "who": who}, found[0].prepared_at, _mailing(member, found[0].pk),
        _("Open the mailing"), count=len(others), keys=tuple(str(row.pk) for row in others),
    )  # fmt: skip


def reports_to_authorise(member: TeamMember) -> ActionItem | None:
    rows = _drafts(member).select_related("written_by").prefetch_related("writers")
    waiting = list(rows.order_by("written_at"))
    others = [row for row in waiting if not row.is_written_by(member.user_id)]
    found = others or waiting
    if not found:
        return None
    headline = ngettext(
        "%(n)d email to signers waits for a second person", "%(n)d emails to signers wait for a second person",
        len(found),
    )  # fmt: skip
    return ActionItem(
        "warn", "half", pgettext("verb", "Authorise"), headline % {"n": len(found)},
        first_names((str(row.written_by) for row in found), most=4), found[0].written_at,
        reverse("outreach:report", args=[member.campaign.slug, found[0].pk]), _("Read it"), count=len(others),
        keys=tuple(str(row.pk) for row in others),
    )  # fmt: skip


def _answers_fresh(member: TeamMember) -> QuerySet[InboundMail]:
    """Answers that nobody looks after yet; those left for days have an alarm of their own."""
    return answers_unassigned(member.campaign).filter(
        received_at__gte=timezone.now() - TOO_LONG_AFTER["answer unassigned"]
    )


def answers_new(member: TeamMember) -> ActionItem | None:
    """Told to all who may read them; counted for those who may look after them, while nobody does."""
    rows = Reply.objects.filter(campaign=member.campaign, kind=Reply.Kind.REPLY)
    found = list(
        rows.filter(created_at__gt=timezone.now() - NEWS).order_by("-created_at").values_list("pk", "created_at")
    )
    if not found:
        return None
    headline = ngettext("%(n)d answer came in the last week", "%(n)d answers came in the last week", len(found))
    slug = member.campaign.slug
    only = reverse("outreach:reply", args=[slug, found[0][0]]) if len(found) == 1 else ""
    fresh = _answers_fresh(member).count() if member.may(Permission.TRACK) else 0
    alone = ngettext("Nobody looks after %(n)d of them", "Nobody looks after %(n)d of them", fresh)
    return ActionItem(
        "warn" if fresh else "ok", "reply", pgettext("answers", "New"), headline % {"n": len(found)},
        alone % {"n": fresh} if fresh else "", found[0][1], only or reverse("outreach:inbox", args=[slug]),
        _("Read the latest"), count=fresh, keys=tuple(str(pk) for pk, _at in found), past=not fresh,
    )  # fmt: skip


def answers_too_large(member: TeamMember) -> ActionItem | None:
    rows = MessageEvent.objects.filter(
        kind="too_large", message__delivery__dispatch__campaign=member.campaign,
        occurred_at__gt=timezone.now() - NEWS,
    ).order_by("-occurred_at")  # fmt: skip
    found = list(rows.values_list("pk", "occurred_at", "message__delivery__dispatch", "message__delivery"))
    if not found:
        return None
    headline = ngettext(
        "%(n)d email to the campaign was too large to receive",
        "%(n)d emails to the campaign were too large to receive",
        len(found),
    )
    _pk, since, *letter = found[0]
    return ActionItem(
        "bad", "reply", pgettext("email", "Too large"), headline % {"n": len(found)}, "", since,
        reverse("outreach:delivery", args=[member.campaign.slug, *letter]), _("Open the letter"),
        keys=tuple(str(row[0]) for row in found), past=True,
    )  # fmt: skip


def letters_to_send(member: TeamMember) -> ActionItem | None:
    ready = versions_ready(member.campaign)
    found = [each.version for each in ready if each.call is None or not each.call.is_open()]
    if not found:
        return None
    headline = ngettext("%(n)d frozen letter has not been sent", "%(n)d frozen letters have not been sent", len(found))
    return ActionItem(
        "idle", "sent", pgettext("verb", "Send"), headline % {"n": len(found)},
        first_names((version.letter.title for version in found), most=4), min(each.frozen_at for each in found),
        reverse("outreach:index", args=[member.campaign.slug]), _("See what is ready"), count=len(found),
        keys=tuple(str(version.pk) for version in found),
    )  # fmt: skip


def sending_stopped(member: TeamMember) -> ActionItem | None:
    """For those whose letters wait meanwhile; an operator is told of it as one. In the demo everybody is."""
    url = reverse("postbox:switch") if settings.DEMO else ""
    return None if member.user.is_superuser else sending_switch_item(member.user, url)


def _mailing(member: TeamMember, dispatch_id: int) -> str:
    return reverse("outreach:dispatch", args=[member.campaign.slug, dispatch_id])


def _names(found: Iterable[Delivery]) -> str:
    return first_names((row.member.name for row in found), most=4)


SOURCES = {
    "mailings_to_authorise": ActionSource(
        gettext_lazy("A mailing waits for your authorisation"), Permission.AUTHORISE, mailings_to_authorise,
        section="outreach", rows=_prepared, timing=Timing.NOW, again=timedelta(days=1),
    ),
    "reports_to_authorise": ActionSource(
        gettext_lazy("An email to signers waits for your authorisation"), Permission.AUTHORISE, reports_to_authorise,
        section="outreach", rows=_drafts, timing=Timing.NOW, again=timedelta(days=1),
    ),
    "sending_stopped": ActionSource(
        gettext_lazy("All sending was stopped or resumed"), Permission.AUTHORISE, sending_stopped,
        section="outreach", rows=stopped_switches, timing=Timing.NOW,
    ),
    "letters_in_doubt": ActionSource(
        gettext_lazy("It is in doubt whether letters arrived"), Permission.PREPARE, letters_in_doubt,
        section="outreach", rows=_in_doubt, gap=timedelta(hours=1),
    ),
    "letters_returned": ActionSource(
        gettext_lazy("Letters were not delivered"), Permission.SEE_CONTACTS, letters_returned, gap=timedelta(hours=1)
    ),
    "addresses_dead": ActionSource(
        gettext_lazy("An email address does not exist"), Permission.SEE_CONTACTS, addresses_dead,
        section="governments", rows=_dead,
    ),
    "letters_to_send_again": ActionSource(
        gettext_lazy("A letter that came back can be sent again"), Permission.PREPARE, letters_to_send_again,
        section="outreach", rows=_to_send_again,
    ),
    "mailings_paused": ActionSource(
        gettext_lazy("A mailing is paused"), Permission.PREPARE, mailings_paused, section="outreach", rows=_paused
    ),
    "answers": ActionSource(
        gettext_lazy("A government answered"), Permission.SEE_CONTACTS, answers_new,
        section="outreach", rows=_answers_fresh, gap=timedelta(hours=1),
    ),
    "answers_too_large": ActionSource(
        gettext_lazy("An email to the campaign was too large to receive"), Permission.SEE_CONTACTS, answers_too_large,
        gap=timedelta(hours=1),
    ),
    "letters_to_send": ActionSource(
        gettext_lazy("A frozen letter has not been sent"), Permission.PREPARE, letters_to_send, timing=Timing.NEVER
    ),
}  # fmt: skip
