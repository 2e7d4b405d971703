"""Mail to those who must act: at once, or together once a day. Each person is locked while it is decided what they are
told, and what they were told is stored with the mail: two workers tell nobody twice, and one that dies tells nobody."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from apps.accounts.models import User
from apps.core.interface_languages import interface_language
from apps.core.registries import ActionItem, ActionSource, Timing, action_sources
from apps.core.site_url import site_url
from apps.core.types import JsonObject
from apps.postbox.services.queue import message_queue_composed
from apps.postbox.transports.email_addresses import address_header

from ..models import Campaign, Notice, NoticeChoice
from ..selectors import notice_sources, notice_timings

log = structlog.get_logger(__name__)

#: the name in `mail_composers`, and the origin of the mails
COMPOSER = "campaigns.notice"
#: the source of the row that says when somebody last got the mail of the day
DIGEST = "digest"
#: hour of the reader's day from which that mail may leave
FROM_HOUR = 7
#: also for those who travel west
AT_LEAST = timedelta(hours=20)


@dataclass(frozen=True)
class Waiting:
    """An item that waits for a person, in a campaign or in the installation."""

    campaign: Campaign | None
    name: str
    item: ActionItem

    @property
    def source(self) -> ActionSource:
        return action_sources[self.name]

    @property
    def campaign_id(self) -> int | None:
        return self.campaign.pk if self.campaign else None

    def rows(self) -> list[tuple[int | None, str, str]]:
        return [(self.campaign_id, self.name, key) for key in self.item.keys]


type Told = Mapping[tuple[int | None, str, str], datetime]


def notices_send(*, now: datetime | None = None) -> int:
    """Tell everybody what is news to them and waits for them, at once or in the mail of the day, as they chose. Returns
    the number of mails."""
    now = now or timezone.now()
    people = User.objects.filter(is_active=True, reminders=True).order_by("pk").values_list("pk", flat=True)
    return sum(_person_tell_or_log(pk, now) for pk in people)


def _person_tell_or_log(user_id: int, now: datetime) -> int:
    """A fault in what waits for one person must not silence the mail of the others."""
    try:
        return _person_notify(user_id, now)
    except Exception:
        log.exception("notices_failed", user=user_id)
        return 0


@transaction.atomic
def _person_notify(user_id: int, now: datetime) -> int:
    people = User.objects.select_for_update(no_key=True, skip_locked=True)
    person = people.filter(pk=user_id, is_active=True, reminders=True).first()
    if person is None:
        return 0
    timings, waiting = notice_timings(person), _waiting_for(person)
    told = {(row.campaign_id, row.source, row.key): row.told_at for row in person.notices.all()}
    _forget_gone(person, told, waiting)
    urgent = [each for each in waiting if timings[each.name] == Timing.NOW and _is_due(each, told, now)]
    daily = [each for each in waiting if timings[each.name] == Timing.DAILY]
    groups = _by_campaign(urgent)
    if any(_is_due(each, told, now) for each in daily) and _is_time(person, told, now):
        groups.append(daily)
        _note(person, [(None, DIGEST, "")], now)
    for group in groups:
        _note(person, [row for each in group for row in each.rows()], now)
        _mail(person, group)
    return len(groups)


def _waiting_for(person: User, only: Iterable[str] | None = None) -> list[Waiting]:
    """What the person may act on, and whose item says that they need to know. `only` of these sources."""
    found = []
    for name, source, member in notice_sources(person):
        if only is None or name in only:
            item = source.find(member or person)
            if item is not None and item.keys:
                found.append(Waiting(member.campaign if member else None, name, item))
    return found


def _is_due(each: Waiting, told: Told, now: datetime) -> bool:
    """Whether something of it is news, or was told so long ago that it is told again."""
    of_source = [at for row, at in told.items() if row[:2] == (each.campaign_id, each.name)]
    if of_source and now - max(of_source) < each.source.gap:
        return False
    before = now - (each.source.again - timedelta(days=1) + AT_LEAST)
    return any(row not in told or told[row] <= before for row in each.rows())


def _is_time(person: User, told: Told, now: datetime) -> bool:
    """At most once on each day of the reader."""
    zone, last = ZoneInfo(person.time_zone), told.get((None, DIGEST, ""))
    if now.astimezone(zone).hour < FROM_HOUR:
        return False
    return last is None or (last.astimezone(zone).date() < now.astimezone(zone).date() and now - last >= AT_LEAST)


def _by_campaign(waiting: list[Waiting]) -> list[list[Waiting]]:
    groups: dict[int | None, list[Waiting]] = defaultdict(list)
    for each in waiting:
        groups[each.campaign_id].append(each)
    return list(groups.values())


def _forget_gone(person: User, told: Told, waiting: list[Waiting]) -> None:
    """What comes back later is news again."""
    standing = {row for each in waiting for row in each.rows()} | {(None, DIGEST, "")}
    if gone := [row for row in told if row not in standing]:
        ids = [each.pk for each in person.notices.all() if (each.campaign_id, each.source, each.key) in gone]
        Notice.objects.filter(pk__in=ids).delete()


def _note(person: User, rows: list[tuple[int | None, str, str]], now: datetime) -> None:
    made = [
        Notice(user=person, campaign_id=campaign_id, source=name, key=key, told_at=now)
        for campaign_id, name, key in rows
    ]
    unique = ["user", "campaign", "source", "key"]
    Notice.objects.bulk_create(made, update_conflicts=True, unique_fields=unique, update_fields=["told_at"])


def _mail(person: User, group: list[Waiting]) -> None:
    """Written when it leaves: what was settled meanwhile is left out."""
    campaign = next((each.campaign for each in group if each.campaign), None)
    about = [[each.campaign_id, each.name, list(each.item.keys)] for each in group]
    message_queue_composed(
        kind="notice", composer=COMPOSER, values={"about": about}, to_address=person.email,
        from_header=_sender(campaign), reply_to=campaign.contact_address if campaign else "",
        origin=COMPOSER, origin_id=person.pk, campaign_id=campaign.pk if campaign else None, language=person.language,
    )  # fmt: skip


def _sender(campaign: Campaign | None) -> str:
    return address_header(campaign.sender_name, campaign.sender_address) if campaign else settings.DEFAULT_FROM_EMAIL


def notice_compose(origin_id: str, values: JsonObject) -> tuple[str, str] | None:
    """Subject and text, with numbers and links and no names; None where nothing of it waits any more."""
    person = User.objects.filter(pk=origin_id, is_active=True).first()
    if person is None:
        return None
    keys = {(campaign_id, name): set(told) for campaign_id, name, told in values["about"]}
    with translation.override(interface_language(person.language)), timezone.override(person.time_zone):
        standing = [
            each for each in _waiting_for(person, {name for _campaign, name in keys})
            if keys.get((each.campaign_id, each.name), set()) & set(each.item.keys)
        ]  # fmt: skip
        if not standing:
            return None
        context = {
            "groups": [(group[0].campaign, [_line(each) for each in group]) for group in _by_campaign(standing)],
            "total": len(standing), "first": standing[0].item.headline,
            "choices": site_url(reverse("accounts:notices")),
        }  # fmt: skip
        subject = render_to_string("campaigns/email/notice_subject.txt", context)
        return " ".join(subject.split()), render_to_string("campaigns/email/notice.txt", context).strip() + "\n"


def _line(each: Waiting) -> tuple[str, str]:
    """What waits, and where to act on it."""
    return each.item.headline, site_url(each.item.url) if each.item.url else ""


@transaction.atomic
def notice_choices_save(*, user: User, timings: Mapping[str, str]) -> None:
    """`timings` says when the person wants mail from each source that is named."""
    rows = [NoticeChoice(user=user, source=name, timing=Timing(timing)) for name, timing in timings.items()]
    NoticeChoice.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["user", "source"], update_fields=["timing"]
    )
