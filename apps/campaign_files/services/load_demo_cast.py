"""The cast of the demo: people, recipients, positions. Only in a demo database."""

from collections.abc import Container
from datetime import date, timedelta
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import demo_mark
from apps.campaigns.models import Campaign, TeamMember
from apps.coalitions.models import Coalition
from apps.core.audit import audit_record
from apps.core.errors import DomainError
from apps.governments.models import Group, Member, Position, Recipient
from apps.governments.selectors import PositionContent, members_of_groups
from apps.governments.services.addresses import address_add
from apps.governments.services.positions import positions_record
from apps.governments.services.recipients import office_save, recipient_save
from apps.sources.models import Source

from ..faults import Faults, InvalidFiles, Report
from ..file_types.demo import FILES
from ..formats import read_tree
from ..schema import Entry
from .load_result import Changes, LoadResult


def demo_load(*, folder: Path) -> LoadResult:
    """Add what is missing of the cast, all or nothing, and mark an empty database as a demo's. Raises DatabaseInUse if
    a database without the mark has users, DomainError if the postbox is live, InvalidFiles."""
    if settings.POSTBOX["MODE"] != "sink":
        raise DomainError(_("The postbox is live. Load the demo only where no email can be sent: POSTBOX_MODE=sink."))
    faults = Faults()
    files = _read(folder, faults)
    with transaction.atomic():
        demo_mark()
        campaign = _campaign(files["cast.yaml"], faults)
        result = LoadResult(campaign.slug, dry_run=False)
        result.kinds = [
            _people(campaign, files["cast.yaml"]),
            _recipients(campaign, files["recipients.yaml"], faults.report("recipients.yaml")),
            _positions(campaign, files["positions.yaml"], faults.report("positions.yaml")),
        ]
        faults.raise_if_any()
        if not campaign.fictional:
            campaign.fictional = True
            campaign.save(update_fields=["fictional", "updated_at"])
        if result.created:
            audit_record(verb="demo.load", subject=campaign, campaign_id=campaign.pk, rows=result.created)
    return result


def _read(folder: Path, faults: Faults) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for name, shape in FILES.items():
        report = faults.report(name)
        node = read_tree(folder / name, report)
        if isinstance(entry := shape.read(node, report) if node else None, Entry):
            found[name] = entry
    faults.raise_if_any()
    return found


def _campaign(cast: Entry, faults: Faults) -> Campaign:
    slug = cast["campaign"]
    campaign = Campaign.objects.select_for_update(no_key=True).filter(slug=slug).first()
    if campaign is None:
        reason = _("campaign “%(slug)s” does not exist yet. Load it first with load_campaign.") % {"slug": slug}
        faults.report("cast.yaml")(cast.line_of("campaign"), reason)
        raise InvalidFiles(faults.found)
    return campaign


def _people(campaign: Campaign, cast: Entry) -> Changes:
    changes = Changes("people")
    if "coalition" in cast:
        Coalition.objects.get_or_create(campaign=campaign, name=cast["coalition"])
    for person in cast["people"]:
        email = person["email"].lower()
        if User.objects.filter(email=email).exists():
            continue
        user = User.objects.create_user(
            email=email,
            name=person["name"],
            time_zone=person.get("time_zone", "UTC"),
            language=person.get("language", "en"),
        )
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        if person["roles"]:
            membership = TeamMember.objects.create(
                campaign=campaign, user=user, roles=list(person["roles"]), state=TeamMember.State.ACTIVE
            )
            audit_record(verb="team_member.demo", subject=membership, roles=list(person["roles"]))
        changes.created.append(person["name"])
    return changes


def _recipients(campaign: Campaign, file: Entry, report: Report) -> Changes:
    changes = Changes("recipients")
    members = {member.code: member for member in Member.objects.all()}
    for entry in file["recipients"]:
        code, post = entry["member"], entry["post"]
        if code not in members:
            report(entry.line_of("member"), _("member: member “%(code)s” does not exist.") % {"code": code})
            continue
        offices = {"office__member": members[code], "office__name": entry["office"]["name"]}
        if not Recipient.objects.filter(campaign=campaign, post=post, **offices).exists():
            _recipient(campaign, members[code], entry)
            changes.created.append(f"{code} {post}")
    return changes


def _recipient(campaign: Campaign, member: Member, entry: Entry) -> None:
    kind, name, city = (entry["office"].get(field, "") for field in ("kind", "name", "city"))
    office = office_save(campaign=campaign, member=member, kind=kind, name=name, city=city, actor=None)
    recipient = recipient_save(
        office=office,
        post=entry["post"],
        language=entry["language"],
        actor=None,
        name=entry.get("name", ""),
        form=entry.get("form", Recipient.Form.UNKNOWN),
        salutation=dict(entry["salutation"]),
        verified_on=_moved(entry.get("verified_on"), campaign),
        notes=_("Invented for the demonstration."),
    )
    for address in entry["addresses"]:
        address_add(recipient=recipient, address=address, actor=None)


def _moved(day: date | None, campaign: Campaign) -> date | None:
    """A day of the campaign's own calendar, which moves with the conference."""
    return day + timedelta(days=campaign.moved_days) if day else None


def _positions(campaign: Campaign, file: Entry, report: Report) -> Changes:
    changes = Changes("positions")
    groups = {group.slug: group for group in Group.objects.all()}
    sources = {source.key: source for source in Source.objects.filter(campaign=campaign)}
    stored = Position.objects.filter(campaign=campaign)
    withdrawn = set(
        stored.filter(withdrawn_at__isnull=False).values_list("member", "stance", "on", "source", "statement")
    )
    for entry in file["positions"]:
        for slug, line in zip(entry["groups"], entry["groups"].lines, strict=True):
            if slug not in groups:
                report(line, _("groups: group “%(slug)s” does not exist.") % {"slug": slug})
        if entry.get("source_id", "") not in {"", *sources}:
            report(entry.line_of("source_id"), _("source “%(key)s” does not exist.") % {"key": entry["source_id"]})
        for group in (groups[slug] for slug in entry["groups"] if slug in groups):
            note = file["note"].replace("{group}", group.label)
            for row in _record(campaign, group, entry, sources.get(entry.get("source_id", "")), note, withdrawn):
                changes.created.append(f"{row.member.code} {entry['stance']}")
    return changes


def _record(
    campaign: Campaign, group: Group, entry: Entry, source: Source | None, note: str, withdrawn: Container[object]
) -> list[Position]:
    """The new positions of the group's members, except what somebody has withdrawn or corrected."""
    stance, on, statement = entry["stance"], entry["on"], entry.get("statement", "")
    members = [
        member
        for member in members_of_groups([group], on)
        if (member.pk, stance, on, source.pk if source else None, statement) not in withdrawn
    ]
    content = PositionContent(stance=stance, on=on, statement=statement, source=source, confidence="low", note=note)
    return positions_record(campaign=campaign, members=members, content=content, actor=None).added
