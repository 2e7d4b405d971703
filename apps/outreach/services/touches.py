"""Contacts by other ways than our mailings: recorded, withdrawn, and their personal data deleted."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import PurePath

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.coalitions.services.evidence_files import evidence_check
from apps.core.audit import audit_record
from apps.core.encryption import lookup_hashes
from apps.core.errors import DomainError
from apps.core.logs import ADDRESS
from apps.core.retention import RetentionJob, retention_job
from apps.core.text import clean_line
from apps.governments.models import Member

from ..models import FollowUp, Touch, TouchFile
from ..selectors.tracking import campaign_today
from .tracking_rights import tracking_check

#: what is deleted of a contact
EMPTY = {"place_and_people": "", "summary": "", "link": ""}


class DayToCome(DomainError):
    default_message = _("This day is in the future. Enter the day of the contact, or add a next step instead.")


@dataclass(frozen=True)
class Contact:
    """What is said of a contact, by the fields of Touch."""

    channel: str
    on: date
    summary: str
    place_and_people: str = ""
    link: str = ""
    answered: bool = False
    at: time | None = None


@transaction.atomic
def touch_record(
    *, campaign: Campaign, member: Member, actor: User, contact: Contact, file: tuple[str, bytes] | None = None
) -> Touch:
    """Record a contact, with a file (name, content) that shows it. Raises NotYourGovernment, DayToCome, NotEvidence."""
    tracking_check(campaign=campaign, member=member, actor=actor)
    if contact.on > campaign_today(campaign) + timedelta(days=1):  # it may be tomorrow where they met
        raise DayToCome(field="on")
    if file:
        evidence_check(*file)
    row = Touch.objects.create(campaign=campaign, member=member, recorded_by=actor, **vars(contact))
    if file:
        name = clean_line(PurePath(file[0].replace("\\", "/")).name)[-200:]
        TouchFile.objects.create(touch=row, name=name, size=len(file[1]), content=file[1])
    audit_record(
        verb="touch.record", subject=row, actor=actor, member=member.code, on=contact.on.isoformat(),
        channel=contact.channel,
    )  # fmt: skip
    return row


@transaction.atomic
def touch_withdraw(*, touch: Touch, actor: User) -> None:
    """Take back what was recorded in error, and delete its text and file. Idempotent. Raises NotYourGovernment."""
    row = Touch.objects.select_for_update(of=("self",)).select_related("member", "campaign").get(pk=touch.pk)
    tracking_check(campaign=row.campaign, member=row.member, actor=actor)
    if row.withdrawn_at is not None:
        return
    Touch.objects.filter(pk=row.pk).update(withdrawn_at=timezone.now())
    _erase([row.pk])
    audit_record(verb="touch.withdraw", subject=row, actor=actor, member=row.member.code)


def _erase(ids: Collection[int]) -> None:
    TouchFile.objects.filter(touch__in=ids).delete()
    Touch.objects.filter(pk__in=ids).update(**EMPTY, erased_at=timezone.now(), updated_at=timezone.now())


def tracking_delete_expired() -> int:
    """Delete the text and files of contacts and next steps after the campaign's retention, counted from the end of the
    conference and from when they were recorded, whichever is later. Returns how many."""
    with retention_job("contacts") as job:
        return sum(_campaign_delete_expired(campaign, job) for campaign in Campaign.objects.all())


@transaction.atomic
def _campaign_delete_expired(campaign: Campaign, job: RetentionJob) -> int:
    kept = timedelta(days=campaign.retention_days)
    if campaign.ends_on + kept >= campaign_today(campaign):
        return 0
    old = {"campaign": campaign, "created_at__lt": timezone.now() - kept}
    ids = list(Touch.objects.filter(**old, erased_at=None).values_list("pk", flat=True))
    _erase(ids)
    steps = [row.pk for row in FollowUp.objects.filter(**old).only("what") if row.what]
    FollowUp.objects.filter(pk__in=steps).update(what="", updated_at=timezone.now())
    if ids or steps:
        audit_record(verb="touches.forget", subject=campaign, campaign_id=campaign.pk, rows=len(ids) + len(steps))
    return job.deleted(len(ids) + len(steps), campaign_id=campaign.pk)


@transaction.atomic
def touches_erase(*, hashes: Collection[str], **_options: object) -> int:
    """Receiver of `personal_data_erase`: what names the address. Text that names only the person is found by people.

    All text is decrypted, since an address may stand anywhere in it and has no hash beside it; people write these rows
    by hand, so there are thousands at most."""
    found = [
        row.pk
        for row in Touch.objects.filter(erased_at=None)
        if _names(hashes, row.place_and_people, row.summary, row.link)
    ]
    _erase(found)
    steps = [row.pk for row in FollowUp.objects.only("what") if _names(hashes, row.what)]
    FollowUp.objects.filter(pk__in=steps).update(what="", updated_at=timezone.now())
    return 0


def _names(hashes: Collection[str], *texts: str) -> bool:
    addresses = {address.strip(".,;:") for text in texts for address in ADDRESS.findall(text)}
    return any(each.digest in hashes for address in addresses for each in lookup_hashes(address))
