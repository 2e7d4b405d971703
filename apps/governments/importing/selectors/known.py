"""What the campaign knows already, laid out for looking up: countries by any name, offices, recipients, addresses."""

from collections import defaultdict
from dataclasses import dataclass, field
from difflib import get_close_matches

from apps.campaigns.models import Campaign
from apps.governments.models import Member, Office, Recipient, RecipientAddress

from ..columns import fold

#: how many different unknown names are looked for among the known ones: that is slow
MOST_SUGGESTED = 200


class Countries:
    """Members by their codes and by every name they have or had, in the languages we know them in."""

    def __init__(self) -> None:
        self.by_word: dict[str, Member] = {}
        self.names: dict[str, str] = {}
        self._suggested: dict[str, list[str]] = {}
        self.by_id = {member.pk: member for member in Member.objects.all()}
        for member in self.by_id.values():
            earlier = [
                value
                for names in member.earlier_names
                for key, value in names.items()
                if key.startswith(("name", "official"))
            ]
            for name in [member.official_name, member.name_fr, member.name_es, *earlier, member.name]:
                if name:
                    self.by_word[fold(name)] = member
                    self.names[fold(name)] = member.name
        for member in self.by_id.values():
            self.by_word[member.code.lower()] = self.by_word[member.code3.lower()] = member

    def find(self, text: str) -> Member | None:
        folded = fold(text)
        plain = folded.removeprefix("the ").removeprefix("republic of ").removeprefix("kingdom of ")
        return self.by_word.get(folded) or self.by_word.get(plain)

    def is_one(self, text: str) -> bool:
        return self.find(text) is not None

    def like(self, text: str) -> list[str]:
        """Up to three names that are spelled similarly."""
        folded = fold(text)
        if folded not in self._suggested:
            if len(self._suggested) >= MOST_SUGGESTED or len(folded) > 80:
                return []
            found = get_close_matches(folded, self.names, n=6, cutoff=0.7)
            self._suggested[folded] = list(dict.fromkeys(self.names[name] for name in found))[:3]
        return self._suggested[folded]


type Identity = tuple[int, str, str, str, str]


@dataclass
class Known:
    """A campaign's offices and recipients as of one moment. The planner changes these objects, never the rows."""

    countries: Countries
    offices: dict[tuple[int, str], list[Office]] = field(default_factory=lambda: defaultdict(list))
    by_identity: dict[Identity, list[Recipient]] = field(default_factory=lambda: defaultdict(list))
    by_office: dict[int, list[Recipient]] = field(default_factory=lambda: defaultdict(list))
    by_hash: dict[str, list[Recipient]] = field(default_factory=lambda: defaultdict(list))
    hashes: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))


def identity(office: Office, post: str, name: str) -> Identity:
    """What makes two rows the same recipient: office, post and name, however they are spelled."""
    return (office.member_id, office.kind, fold(office.name), fold(post), fold(name))


def known_in(campaign: Campaign) -> Known:
    """Four queries, however many rows there are."""
    known = Known(Countries())
    offices = {office.pk: office for office in Office.objects.filter(campaign=campaign).order_by("pk")}
    for office in offices.values():
        office.member = known.countries.by_id[office.member_id]
        known.offices[office.member_id, fold(office.name)].append(office)
    recipients = {row.pk: row for row in Recipient.objects.filter(campaign=campaign).order_by("pk")}
    for row in recipients.values():
        row.office = offices[row.office_id]
        known.by_identity[identity(row.office, row.post, row.name)].append(row)
        known.by_office[row.office_id].append(row)
    held = RecipientAddress.objects.filter(recipient__campaign=campaign).order_by("pk")
    for recipient_id, digest in held.values_list("recipient_id", "address_hash"):
        known.by_hash[digest].append(recipients[recipient_id])
        known.hashes[recipient_id].add(digest)
    return known
