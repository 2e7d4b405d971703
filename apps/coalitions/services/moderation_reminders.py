"""Telling moderators by mail, at most once a day, that signatures wait."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from apps.campaigns.models import Campaign, TeamMember
from apps.campaigns.roles import Permission
from apps.core.interface_languages import interface_language
from apps.core.site_url import site_url
from apps.postbox.models import Policy
from apps.postbox.services.queue import message_queue
from apps.postbox.transports.email_addresses import address_header

from ..models import ModerationReminder, SignOn
from ..selectors.moderation_queue import WAITING, LetterQueue, queue_by_letter

#: hour of the reader's day from which a reminder may leave
FROM_HOUR = 7
#: also for those who travel west
AT_LEAST = timedelta(hours=20)


def moderators_remind(*, now: datetime | None = None) -> int:
    """Mail those who may moderate what waits, once on each day of theirs, in their language and time. Nothing where
    nothing waits, and nothing to who switched it off. Returns how many were mailed."""
    now = now or timezone.now()
    campaigns = Campaign.objects.filter(pk__in=SignOn.objects.to_moderate().values("campaign"))
    return sum(_campaign_remind(campaign, now) for campaign in campaigns)


def _campaign_remind(campaign: Campaign, now: datetime) -> int:
    team = TeamMember.objects.filter(campaign=campaign, state=TeamMember.State.ACTIVE, user__is_active=True)
    members = [row for row in team.select_related("user", "campaign") if row.may(Permission.MODERATE)]
    return sum(_remind(member, now) for member in members if member.user.reminders and _may_be_told(member, now))


def _may_be_told(member: TeamMember, now: datetime) -> bool:
    zone = ZoneInfo(member.user.time_zone)
    last = ModerationReminder.objects.filter(team_member=member).values_list("sent_at", flat=True).first()
    if now.astimezone(zone).hour < FROM_HOUR:
        return False
    return last is None or (last.astimezone(zone).date() < now.astimezone(zone).date() and now - last >= AT_LEAST)


def _remind(member: TeamMember, now: datetime) -> int:
    """Of two workers one writes the row; the mail is queued with it or not at all."""
    try:
        with transaction.atomic():
            last, made = ModerationReminder.objects.select_for_update().get_or_create(
                team_member=member, defaults={"sent_at": now}
            )
            if not made and not _may_be_told(member, now):
                return 0
            last.sent_at = now
            last.save(update_fields=["sent_at"])
            return _mail(member)
    except IntegrityError:
        return 0


def _mail(member: TeamMember) -> int:
    campaign, person = member.campaign, member.user
    waiting = queue_by_letter(campaign)
    if not waiting:
        return 0
    with translation.override(interface_language(person.language)), timezone.override(person.time_zone):
        context = {
            "campaign": campaign, "total": sum(row.waiting for row in waiting), "letters": _by_letter(waiting),
            "oldest": min(row.oldest for row in waiting),
            "link": site_url(reverse("sign_on:moderate", args=[campaign.slug])),
            "profile": site_url(reverse("accounts:profile")),
        }  # fmt: skip
        subject = " ".join(render_to_string("coalitions/email/reminder_subject.txt", context).split())
        text = render_to_string("coalitions/email/reminder.txt", context).strip() + "\n"
    message_queue(
        kind="notice", policy=Policy.REPEATABLE, subject=subject, text_body=text, to_address=person.email,
        from_header=address_header(campaign.sender_name, campaign.sender_address), campaign_id=campaign.pk,
        language=person.language,
    )  # fmt: skip
    return 1


def _by_letter(waiting: list[LetterQueue]) -> list[dict[str, object]]:
    """[{number, title, lines: ["4 confirmed", "2 signed twice"]}], by number."""
    found: dict[tuple[int, str], list[str]] = {}
    for row in waiting:
        words = WAITING["waiting" if row.state == SignOn.State.CONFIRMED else row.state]
        found.setdefault((row.number, row.title), []).append(str(words % {"n": row.waiting}))
    return [{"number": number, "title": title, "lines": lines} for (number, title), lines in found.items()]
