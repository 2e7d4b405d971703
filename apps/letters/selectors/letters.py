"""Letters and their addressees, and the governments that a drafter is limited to."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, When

from apps.accounts.models import User
from apps.campaigns.models import Campaign, TeamMember
from apps.campaigns.roles import Permission, Role
from apps.governments.models import DrafterLimit, Group, Member, Recipient, RecipientAddress
from apps.governments.selectors import groups_of, members_of_groups, members_on, recipients_of, reference_day

from ..models import Letter, LetterTemplate, LetterVersion


def letters_visible_to(user: User, campaign: Campaign) -> QuerySet[Letter]:
    """The campaign's letters, for active members of its team only."""
    return Letter.objects.filter(
        campaign=campaign, campaign__team__user=user, campaign__team__state=TeamMember.State.ACTIVE
    )


def campaign_templates(campaign: Campaign) -> QuerySet[LetterTemplate]:
    """Those for all governments first, then those for groups; each in the order of the campaign's languages."""
    places = [When(language=code, then=place) for place, code in enumerate(campaign.languages)]
    templates = LetterTemplate.objects.filter(campaign=campaign).defer("body")
    place = Case(*places, default=len(places), output_field=IntegerField())
    return templates.order_by("group_slug", "key", place, "language")


def letter_addressees(letter: Letter, on: date) -> list[Member]:
    """By their English name of that day; only those that are members on it."""
    return addressees_of(on, to_all=letter.to_all, groups=letter.to_groups.all(), members=letter.to_members.all())


def addressees_of(on: date, *, to_all: bool, groups: Iterable[Group], members: Iterable[Member]) -> list[Member]:
    """As `letter_addressees`, of a letter that would go there."""
    found = members_on(on)
    if not to_all:
        in_groups = members_of_groups(groups, on).order_by().values("pk")
        found = found.filter(Q(pk__in=[member.pk for member in members]) | Q(pk__in=in_groups))
    return list(found)


def letters_to(campaign: Campaign, member: Member, on: date) -> QuerySet[Letter]:
    """The letters that have the member among their addressees of that day."""
    letters = Letter.objects.filter(campaign=campaign)
    if not member.belongs_on(on):
        return letters.none()
    addressed = Q(to_all=True) | Q(to_members=member) | Q(to_groups__in=groups_of(member, on))
    return letters.filter(pk__in=letters.filter(addressed).values("pk"))


def kept_letters(letters: QuerySet[Letter]) -> QuerySet[Letter]:
    """Without drafts that are archived; what was frozen of an archived letter still counts."""
    return letters.filter(Q(archived_at=None) | Exists(LetterVersion.objects.filter(letter=OuterRef("pk"))))


def drafter_limits(user: User, campaign: Campaign) -> frozenset[int] | None:
    """Ids of the members this person may write to; None without a limit."""
    membership = TeamMember.objects.filter(campaign=campaign, user=user, state=TeamMember.State.ACTIVE).first()
    return limits_by_membership([membership])[membership.pk] if membership else None


def may_write_to(user: User, campaign: Campaign, member: Member) -> bool:
    """Whether a drafter's limits, if any, contain the government."""
    limits = drafter_limits(user, campaign)
    return limits is None or member.pk in limits


def limits_by_membership(memberships: Collection[TeamMember]) -> dict[int, frozenset[int] | None]:
    """{primary key: ids of the members that person of a team may write to; None without a limit}"""
    found: dict[int, set[int]] = {}
    drafters = [row.pk for row in memberships if Role.COORDINATOR not in row.roles and row.may(Permission.DRAFT)]
    limits = DrafterLimit.objects.filter(team_member__in=drafters).values_list("team_member_id", "member_id")
    for drafter, member in limits:
        found.setdefault(drafter, set()).add(member)
    return {row.pk: frozenset(found[row.pk]) if row.pk in found else None for row in memberships}


def named_addressees(letter_ids: Collection[int]) -> dict[int, frozenset[int] | None]:
    """{letter: ids of the members to which it goes by name; None where it goes to all or to groups}"""
    letters = Letter.objects.filter(pk__in=letter_ids)
    named: dict[int, set[int]] = {pk: set() for pk in letter_ids}
    for letter, member in letters.filter(to_members__isnull=False).values_list("pk", "to_members"):
        named[letter].add(member)
    wide = set(letters.filter(Q(to_all=True) | Q(to_groups__isnull=False)).values_list("pk", flat=True))
    return {pk: None if pk in wide else frozenset(members) for pk, members in named.items()}


def is_within(limits: frozenset[int] | None, addressees: frozenset[int] | None) -> bool:
    """Whether somebody with these limits writes to these addressees."""
    return limits is None or (addressees is not None and addressees <= limits)


def first_addressee(letter: Letter) -> Member | None:
    return next(iter(letter_addressees(letter, reference_day(letter.campaign))), None)


def members_without_address(campaign: Campaign, members: Iterable[Member]) -> list[Member]:
    """Those without an active recipient that has a usable address."""
    members = list(members)
    usable = RecipientAddress.objects.usable().filter(recipient__active=True)
    reached = usable.filter(recipient__campaign=campaign, recipient__office__member__in=members)
    found = set(reached.values_list("recipient__office__member_id", flat=True))
    return [member for member in members if member.pk not in found]


def reachable_recipients(campaign: Campaign, members: Iterable[Member]) -> QuerySet[Recipient]:
    """The active recipients with a usable address, with office and member at hand."""
    usable = RecipientAddress.objects.usable().values("recipient_id")
    return recipients_of(campaign, members).filter(pk__in=usable).prefetch_related(None).order_by("pk")


def recipient_or_first(campaign: Campaign, member: Member, recipient_id: int | None = None) -> Recipient | None:
    """The member's recipient with this id, otherwise its first."""
    found = list(recipients_of(campaign, [member]))
    return next((one for one in found if one.pk == recipient_id), found[0] if found else None)
