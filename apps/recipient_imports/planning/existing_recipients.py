"""The recipients that a campaign has already, indexed for the planner."""

from collections import defaultdict
from dataclasses import dataclass, field

from apps.campaigns.models import Campaign
from apps.core.text import fold
from apps.governments.country_names import CountryLookup
from apps.governments.models import Member, Office, Recipient, RecipientAddress

from .matching import Identity, MatchIndex


@dataclass
class ExistingRecipients:
    """A campaign's offices and recipients at one moment. The planner changes these objects but never saves them."""

    countries: CountryLookup
    offices: dict[tuple[int, str], list[Office]] = field(default_factory=lambda: defaultdict(list))
    by_identity: dict[Identity, list[Recipient]] = field(default_factory=lambda: defaultdict(list))
    matches: MatchIndex = field(default_factory=MatchIndex)
    #: by id() of the object, since a new recipient has no primary key
    hashes: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))


def identity(office: Office, post: str, name: str) -> Identity:
    """Two rows with the same office, post and name, whatever their spelling, are one recipient."""
    return (office.member_id, office.kind, fold(office.name), fold(post), fold(name))


def load_existing(campaign: Campaign) -> ExistingRecipients:
    """Four queries, however many rows there are. A row that somebody adds between them is not needed by those read
    before it: addresses are read first, then their recipients, then the offices of these."""
    addresses = RecipientAddress.objects.filter(recipient__campaign=campaign).order_by("pk")
    digests = list(addresses.values_list("recipient_id", "address_hash"))
    recipients = {row.pk: row for row in Recipient.objects.filter(campaign=campaign).order_by("pk")}
    offices = {office.pk: office for office in Office.objects.filter(campaign=campaign).order_by("pk")}
    members = {member.pk: member for member in Member.objects.all()}
    existing = ExistingRecipients(CountryLookup(members.values()))
    for office in offices.values():
        office.member = members[office.member_id]
        existing.offices[office.member_id, fold(office.name)].append(office)
    for row in recipients.values():
        row.office = offices[row.office_id]
        key = identity(row.office, row.post, row.name)
        if row.merged_into_id is None:
            existing.by_identity[key].append(row)
        existing.matches.add(recipients[row.merged_into_id or row.pk], key)
    for pk, digest in digests:
        kept = recipients[recipients[pk].merged_into_id or pk]
        existing.matches.add_address(kept, digest)
        existing.hashes[id(kept)].add(digest)
    return existing
