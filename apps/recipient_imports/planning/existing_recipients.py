"""What the campaign knows already, laid out for looking up: countries by any name, offices, recipients, addresses."""

from collections import defaultdict
from dataclasses import dataclass, field

from apps.campaigns.models import Campaign
from apps.core.text import fold
from apps.governments.country_names import CountryLookup
from apps.governments.models import Member, Office, Recipient, RecipientAddress

from .matching import Alike, Identity


@dataclass
class Known:
    """A campaign's offices and recipients as of one moment. The planner changes these objects, never the rows."""

    countries: CountryLookup
    offices: dict[tuple[int, str], list[Office]] = field(default_factory=lambda: defaultdict(list))
    by_identity: dict[Identity, list[Recipient]] = field(default_factory=lambda: defaultdict(list))
    alike: Alike = field(default_factory=Alike)
    #: by identity of the object, since a recipient to be made has no id
    hashes: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))


def identity(office: Office, post: str, name: str) -> Identity:
    """What makes two rows the same recipient: office, post and name, however they are spelled."""
    return (office.member_id, office.kind, fold(office.name), fold(post), fold(name))


def known_in(campaign: Campaign) -> Known:
    """Four queries, however many rows there are."""
    members = {member.pk: member for member in Member.objects.all()}
    known = Known(CountryLookup(members.values()))
    offices = {office.pk: office for office in Office.objects.filter(campaign=campaign).order_by("pk")}
    for office in offices.values():
        office.member = members[office.member_id]
        known.offices[office.member_id, fold(office.name)].append(office)
    recipients = {row.pk: row for row in Recipient.objects.filter(campaign=campaign).order_by("pk")}

    def kept(pk: int) -> Recipient:
        """Whoever was merged is another one's spelling."""
        return recipients[recipients[pk].merged_into_id or pk]

    for row in recipients.values():
        row.office = offices[row.office_id]
        key = identity(row.office, row.post, row.name)
        if row.merged_into_id is None:
            known.by_identity[key].append(row)
        known.alike.add(kept(row.pk), key)
    held = RecipientAddress.objects.filter(recipient__campaign=campaign).order_by("pk")
    for recipient_id, digest in held.values_list("recipient_id", "address_hash"):
        known.alike.add_address(kept(recipient_id), digest)
        known.hashes[id(kept(recipient_id))].add(digest)
    return known
