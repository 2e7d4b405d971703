"""Signatures for staff pages."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign, TeamMember
from apps.campaigns.roles import Permission
from apps.core.optimistic_locking import fingerprint

from ..models import SignOn
from ..models.sign_on_fields import public


def campaign_sign_ons(campaign: Campaign, *, state: str = "", call_id: int | None = None) -> QuerySet[SignOn]:
    """Newest first. `state`: a SignOn.State, "waiting" (confirmed but unchecked, not in "confirmed"), or "" for all."""
    found = SignOn.objects.filter(campaign=campaign)
    found = found.select_related("campaign", "call", "letter", "version", "organisation", "moderated_by")
    if call_id is not None:
        found = found.filter(call_id=call_id)
    if state == "waiting":
        return found.waiting()
    if state == SignOn.State.CONFIRMED:
        found = found.exclude(moderation=SignOn.Moderation.WAITING)
    return found.filter(state=state) if state else found


def moderation_queue(campaign: Campaign) -> QuerySet[SignOn]:
    """Signatures that wait for a moderator, the oldest first."""
    waiting = Q(state=SignOn.State.CONFIRMED, moderation=SignOn.Moderation.WAITING)
    aside = Q(state__in=[SignOn.State.HELD, SignOn.State.SUSPECT])
    found = SignOn.objects.filter(campaign=campaign).filter(waiting | aside)
    return found.select_related("call", "letter", "version", "organisation").order_by("created_at", "id")


def sign_on_fingerprint(sign_on: SignOn) -> str:
    return fingerprint({name: getattr(sign_on, name) for name in public(sign_on.kind)})


def names_visible_to(membership: TeamMember, sign_ons: Iterable[SignOn]) -> dict[int, str]:
    """{id: name}; other than public names only for people who may see contact data."""
    if membership.may(Permission.SEE_CONTACTS):
        return {sign_on.pk: sign_on.own_name or _("(deleted)") for sign_on in sign_ons}
    rows = list(sign_ons)
    public = set(SignOn.objects.filter(pk__in=[row.pk for row in rows]).named_publicly().values_list("pk", flat=True))
    return {row.pk: row.shown_name if row.pk in public else _("(not public)") for row in rows}


def duplicate_of(sign_on: SignOn) -> SignOn | None:
    """The counted signature of the claimed organisation to the same letter, other than this one."""
    return possible_duplicates([sign_on]).get(sign_on.pk)


def possible_duplicates(sign_ons: list[SignOn]) -> dict[int, SignOn]:
    """{id: the counted signature of the same organisation}, in one query."""
    wanted = {row.pk: (row.letter_id, row.country, row.name_key) for row in sign_ons}
    organisations = SignOn.objects.confirmed().filter(kind=SignOn.Kind.ORGANISATION)
    found = (
        organisations.filter(
            letter_id__in={row.letter_id for row in sign_ons},
            organisation__name_key__in={row.name_key for row in sign_ons},
        )
        .select_related("letter", "organisation")
        .order_by("id")
    )
    counted = {
        (row.letter_id, row.organisation.country, row.organisation.name_key): row for row in found if row.organisation
    }
    return {pk: counted[key] for pk, key in wanted.items() if key in counted and counted[key].pk != pk}
