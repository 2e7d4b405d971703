"""Signatures for staff pages."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign, TeamMember
from apps.campaigns.roles import Permission
from apps.core.optimistic_locking import fingerprint

from ..models import SignOn, SignOnQuerySet
from ..models.sign_on_fields import public


def campaign_sign_ons(campaign: Campaign, *, state: str = "", call_id: int | None = None) -> SignOnQuerySet:
    """Newest first. `state`: a moderation state, or "" for all."""
    found = SignOn.objects.filter(campaign=campaign).order_by("-created_at", "-id")
    found = found.select_related("campaign", "call", "letter", "version", "organisation", "moderated_by")
    if call_id is not None:
        found = found.filter(call_id=call_id)
    return found.in_moderation_state(state) if state else found


def sign_on_fingerprint(sign_on: SignOn) -> str:
    """Of what a moderator sees: what lists show, and what others decided."""
    names = [*sorted(public(sign_on.kind)), "state", "moderation", "authority_verified"]
    return fingerprint({name: getattr(sign_on, name) for name in names})


def names_visible_to(membership: TeamMember, sign_ons: Iterable[SignOn]) -> dict[int, str]:
    """{id: name}; other than public names only for people who may see contact data."""
    if membership.may(Permission.SEE_CONTACTS):
        return {sign_on.pk: sign_on.own_name or _("(deleted)") for sign_on in sign_ons}
    rows = list(sign_ons)
    public = set(SignOn.objects.filter(pk__in=[row.pk for row in rows]).named_publicly().values_list("pk", flat=True))
    return {row.pk: row.shown_name if row.pk in public else _("(not public)") for row in rows}


def is_named_to_programs(sign_on: SignOn, *, with_contacts: bool) -> bool:
    """Whether a program gets the name, as lists that are exported for the team have it: only public names, or, for
    people who may see contact data (`with_contacts`), all but those of signers who are only counted. None while the
    names of the letter are hidden."""
    if sign_on.call.names_hidden_at is not None or sign_on.visibility == SignOn.Visibility.COUNTED:
        return False
    accepted = sign_on.state == SignOn.State.CONFIRMED and sign_on.moderation == SignOn.Moderation.ACCEPTED
    return with_contacts or (accepted and sign_on.visibility == SignOn.Visibility.PUBLIC)


def named_to_programs(campaign: Campaign, *, with_contacts: bool) -> SignOnQuerySet:
    """Those of which `is_named_to_programs` is true."""
    found = SignOn.objects.filter(campaign=campaign)
    if not with_contacts:
        return found.named_publicly()
    return found.exclude(visibility=SignOn.Visibility.COUNTED).filter(call__names_hidden_at=None)


def duplicate_of(sign_on: SignOn) -> SignOn | None:
    """The counted signature of this signature's organisation to the same letter, other than this one."""
    rows = SignOn.objects.confirmed().filter(letter_id=sign_on.letter_id, organisation=sign_on.organisation)
    return rows.exclude(pk=sign_on.pk).select_related("letter").first()


def possible_duplicates(sign_ons: list[SignOn]) -> dict[int, SignOn]:
    """{id: the signature that counts for the organisation that a held back one claims}, in one query."""
    claims = {row.pk: (row.letter_id, row.claims or 0) for row in sign_ons}
    rows = SignOn.objects.confirmed().filter(
        letter_id__in={letter for letter, _organisation in claims.values()},
        organisation__in={organisation for _letter, organisation in claims.values()},
    )
    counted = {(row.letter_id, row.organisation_id): row for row in rows.select_related("letter", "organisation")}
    return {pk: counted[claim] for pk, claim in claims.items() if claim in counted and counted[claim].pk != pk}
