"""Reads of members, groups, recipients and positions, as of a day."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Prefetch, QuerySet
from django.utils import timezone

from apps.campaigns.models import Campaign, TeamMember
from apps.campaigns.roles import Permission
from apps.core.encryption import lookup_hashes
from apps.core.optimistic_locking import fingerprint
from apps.core.search_query import Rank, SearchQuery, best_first
from apps.core.text import fold_letters
from apps.core.types import JsonObject
from apps.sources.models import Source

from .country_names import CountryLookup
from .models import Correction, Group, GroupMembership, Member, MemberQuerySet, Position, Recipient, RecipientAddress

#: what an audience entry may start with, as in "group:ldc", "member:KE", "stance:opposes"
ENTRY_KINDS = ("group", "member", "stance")

#: of a recipient, beside its office and addresses
RECIPIENT_FIELDS = ("post", "name", "form", "language", "salutation", "phone", "source", "verified_on", "notes")

#: recipients that a search reads
MOST_COMPARED = 3000


@dataclass(frozen=True)
class PositionContent:
    """The content of a position, with the field names of Position."""

    stance: str
    on: date
    statement: str = ""
    source: Source | None = None
    confidence: str = "medium"
    note: str = ""


def reference_day(campaign: Campaign) -> date:
    """Today in the campaign's time zone, or the conference's last day if past: old campaigns keep the names of then."""
    return min(timezone.localdate(timezone=ZoneInfo(campaign.time_zone)), campaign.ends_on)


def members_on(day: date) -> MemberQuerySet:
    """Members of the organisation on that day, by their English name of that day."""
    return Member.objects.on(day).by_name_on(day)


def groups_of(member: Member, day: date) -> list[Group]:
    """The groups a member belongs to on that day, by label; none while it was no member of the organisation."""
    if not member.belongs_on(day):
        return []
    memberships = GroupMembership.objects.on(day).filter(member=member).select_related("group")
    return [membership.group for membership in memberships.order_by("group__label")]


def groups_on(day: date) -> dict[int, list[str]]:
    """{member id: slugs of its groups on that day}; members without one are missing."""
    found: dict[int, list[str]] = defaultdict(list)
    for slug, members in sorted(_members_by_group(day).items()):
        for pk in members:
            found[pk].append(slug)
    return found


def members_of_groups(groups: Iterable[Group], day: date) -> MemberQuerySet:
    """Members that belong to at least one of the groups on that day, each once."""
    held = GroupMembership.objects.on(day).filter(group__in=list(groups))
    return members_on(day).filter(pk__in=held.values("member_id"))


def group_counts(day: date) -> dict[str, int]:
    """{group slug: number of members on that day}, groups without any included."""
    members = _members_by_group(day)
    return {slug: len(members[slug]) for slug in Group.objects.values_list("slug", flat=True)}


def stance_on(campaign: Campaign, member: Member, day: date) -> Position | None:
    """The member's last recorded position up to and including that day."""
    return Position.objects.standing().filter(campaign=campaign, member=member, on__lte=day).first()


def stances_on(campaign: Campaign, day: date) -> dict[int, Position]:
    """{member id: last recorded position up to and including that day}; members without one are missing."""
    said = Position.objects.standing().filter(campaign=campaign, on__lte=day).select_related("source")
    latest = said.order_by("member_id", "-on", "-id").distinct("member_id")
    return {position.member_id: position for position in latest}


def same_position(campaign: Campaign, content: PositionContent) -> QuerySet[Position]:
    """Positions on record with the same stance, day, source and statement."""
    return Position.objects.standing().filter(
        campaign=campaign, stance=content.stance, on=content.on, source=content.source, statement=content.statement
    )


def position_days(campaign: Campaign) -> list[date]:
    """The days on which some member's position is on record, oldest first."""
    rows = Position.objects.standing().filter(campaign=campaign)
    return list(rows.order_by("on").values_list("on", flat=True).distinct())


def audience_matcher(campaign: Campaign, day: date) -> Callable[[Member, Collection[str]], bool]:
    """A function (member, entries) → whether the member matches any of the entries on that day. It reads groups and
    positions once, when first needed, and raises ValueError for an entry of an unknown kind."""
    groups = cache(lambda: _members_by_group(day))
    stances = cache(lambda: {pk: position.stance for pk, position in stances_on(campaign, day).items()})

    def matches_entry(member: Member, entry: str) -> bool:
        kind, _colon, value = entry.partition(":")
        if kind == "group":
            return member.pk in groups()[value]
        if kind == "member":
            return member.code == value
        if kind == "stance":
            return stances().get(member.pk) == value
        raise ValueError(f"an audience entry starts with {', '.join(ENTRY_KINDS)}, not {entry!r}")

    return lambda member, entries: any(matches_entry(member, entry) for entry in entries)


def recipients_of(campaign: Campaign, members: Iterable[Member]) -> QuerySet[Recipient]:
    """The campaign's active recipients in these members, with office, member and addresses at hand."""
    return (
        Recipient.objects.filter(campaign=campaign, active=True, office__member__in=members)
        .select_related("office__member")
        .prefetch_related(Prefetch("addresses", RecipientAddress.objects.with_suppressed()))
    )


def _members_by_group(day: date) -> dict[str, set[int]]:
    """{group slug: ids of those who are in it, and members of the organisation, on that day}."""
    rows = GroupMembership.objects.on(day).filter(member__in=Member.objects.on(day))
    found: dict[str, set[int]] = defaultdict(set)
    for slug, member_id in rows.values_list("group__slug", "member_id"):
        found[slug].add(member_id)
    return found


def recipient_values(recipient: Recipient) -> JsonObject:
    """The editable values of a recipient, by the names of its form."""
    office = recipient.office
    return {
        "kind": office.kind,
        "office": office.name,
        "city": office.city,
        "postal": office.postal_address,
        "office_phone": office.phone,
        **{name: getattr(recipient, name) for name in RECIPIENT_FIELDS},
    }


def recipient_fingerprint(recipient: Recipient) -> str:
    """Changes with every value that the page shows."""
    return fingerprint(recipient_values(recipient) | {"verified_on": str(recipient.verified_on or "")})


def merged_ids(recipients: Iterable[Recipient]) -> dict[int, list[int]]:
    """{id: [ids of the rows that were merged into it]}, only where there are any."""
    found: dict[int, list[int]] = {}
    rows = Recipient.objects.filter(merged_into__in=[recipient.pk for recipient in recipients])
    for pk, kept in rows.order_by("pk").values_list("pk", "merged_into_id"):
        found.setdefault(kept, []).append(pk)
    return found


@dataclass(frozen=True)
class PossibleDuplicate:
    """Another recipient that may be the same: `reasons` says by what ("address", "name")."""

    recipient: Recipient
    reasons: tuple[str, ...]
    same_government: bool


def possible_duplicates(
    campaign: Campaign, member: Member, *, addresses: Iterable[str], name: str, but: Recipient | None = None
) -> list[PossibleDuplicate]:
    """Recipients of the campaign with one of these addresses, and those of this government with this name."""
    rows = Recipient.objects.filter(campaign=campaign, merged_into=None).select_related("office__member")
    rows = rows.exclude(pk=but.pk) if but else rows
    hashes = {found.digest for address in addresses for found in lookup_hashes(address)}
    by_address = {row.pk: row for row in rows.filter(addresses__address_hash__in=hashes)} if hashes else {}
    wanted = fold_letters(name)
    neighbours = rows.filter(office__member=member) if wanted else []  # names are encrypted: compared here
    by_name = {row.pk: row for row in neighbours if fold_letters(row.name) == wanted}
    return [
        PossibleDuplicate(
            row,
            tuple(why for why, found in (("address", by_address), ("name", by_name)) if pk in found),
            row.office.member_id == member.pk,
        )
        for pk, row in sorted((by_address | by_name).items())
    ]


def corrections_waiting(campaign: Campaign) -> QuerySet[Correction]:
    """Undecided corrections, suspect ones last."""
    rows = Correction.objects.filter(campaign=campaign, state=Correction.State.WAITING)
    return rows.select_related("member").order_by("suspect", "pk")


def member_names() -> CountryLookup:
    """The names of all members; kept until one of them changes, since making it takes longer than a search."""
    stamp = Member.objects.aggregate(n=Count("pk"), at=Max("updated_at"))
    return _member_names(stamp["n"], stamp["at"])


@lru_cache(maxsize=1)
def _member_names(_number: int, _changed_at: datetime | None) -> CountryLookup:
    return CountryLookup(Member.objects.all())


def recipients_matching(
    membership: TeamMember, query: SearchQuery, members: Collection[int], most: int
) -> list[tuple[Rank, Recipient]]:
    """Active recipients by post, office and city, and those of the `members`, which the words name; for people who may
    see contact data also by name, which is encrypted and so compared here, and by the exact address. Two statements,
    and one for an address."""
    rows = Recipient.objects.filter(campaign=membership.campaign, merged_into=None, active=True)
    sees = membership.may(Permission.SEE_CONTACTS)
    fields = ["post", "office__name", "office__city", *(["name"] if sees else [])]
    texts = rows.values_list("pk", "office__member", "office__member__name", *fields)[:MOST_COMPARED]
    found = (
        (_recipient_rank(query, of_row, government, named=member in members), pk)
        for pk, member, government, *of_row in texts
    )
    ranks = {pk: rank for rank, pk in best_first(found)}
    if query.address_hashes and sees:
        hashes = [each.digest for each in query.address_hashes]
        ranks |= dict.fromkeys(rows.filter(addresses__address_hash__in=hashes).values_list("pk", flat=True), Rank.EXACT)
    best = sorted(ranks, key=ranks.__getitem__)[:most]
    shown = rows.filter(pk__in=best).select_related("office__member") if best else []
    return best_first((ranks[row.pk], row) for row in shown)


def _recipient_rank(query: SearchQuery, texts: list[str], government: str, *, named: bool) -> Rank | None:
    rank = query.rank(*texts, context=government)
    return Rank.PART if rank is None and named else rank
