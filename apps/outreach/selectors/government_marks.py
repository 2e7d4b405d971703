"""What shows from which government a mail comes: addresses, domains, names of the government, offices and people."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from apps.campaigns.models import Campaign
from apps.coalitions.email_domains import is_free_domain
from apps.governments.models import Member, RecipientAddress
from apps.postbox.inbound.phrase_matching import fold

#: shorter names of offices, posts and people are in many signatures
MIN_NAME = 8
#: where a signature is: the last lines that its writer wrote
SIGNATURE_LINES = 12


@dataclass(frozen=True)
class GovernmentMarks:
    """Each gives ids of members. What several governments share is no mark of any."""

    addresses: dict[str, int]
    domains: dict[str, int]
    #: folded names of offices, posts and people
    offices: dict[str, int]
    #: folded names of governments
    governments: dict[str, int]

    def of_address(self, sender: str) -> int | None:
        return self.addresses.get(sender)

    def of_domain(self, domain: str) -> int | None:
        """Also of a part of a domain that is known."""
        parts = domain.split(".")
        candidates = (".".join(parts[start:]) for start in range(len(parts) - 1))
        return next((self.domains[each] for each in candidates if each in self.domains), None)

    def signed(self, lines: list[str]) -> set[int]:
        """Those whose office, post or person the last lines name."""
        end = fold(" ".join(lines[-SIGNATURE_LINES:]))
        return {member for name, member in self.offices.items() if name in end}

    def named(self, text: str) -> set[int]:
        """Those that a folded text names, as words: of "Papua New Guinea" only that one."""
        found = re.findall(self._names(), text) if self.governments else []
        return {self.governments[name] for name in found}

    def _names(self) -> str:
        longest_first = sorted(self.governments, key=len, reverse=True)
        return rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)"


def government_marks(campaign: Campaign, members: Iterable[Member]) -> GovernmentMarks:
    """Of these members' recipients, whether they can be written to now or not. One statement."""
    wanted = {member.pk: member for member in members}
    addresses, domains, offices = _Unique(), _Unique(), _Unique()
    rows = RecipientAddress.objects.filter(recipient__campaign=campaign, recipient__office__member__in=wanted)
    for row in rows.select_related("recipient__office"):
        office, address = row.recipient.office, row.address.strip().lower()
        addresses.add(address, office.member_id)
        domains.add(address.rpartition("@")[2], office.member_id)
        for name in map(fold, (office.name, row.recipient.post, row.recipient.name)):
            offices.add(name if len(name) >= MIN_NAME else "", office.member_id)
    governments = _Unique()
    for member in wanted.values():
        for name in (member.name, member.name_fr, member.name_es, member.official_name):
            governments.add(fold(name), member.pk)
    known = {domain: member for domain, member in domains.own().items() if not is_free_domain(domain)}
    return GovernmentMarks(addresses.own(), known, offices.own(), governments.own())


class _Unique:
    """Which one a text belongs to, unless it belongs to several."""

    def __init__(self) -> None:
        self.found: defaultdict[str, set[int]] = defaultdict(set)

    def add(self, text: str, member: int) -> None:
        self.found[text].add(member)

    def own(self) -> dict[str, int]:
        return {text: next(iter(members)) for text, members in self.found.items() if text and len(members) == 1}
