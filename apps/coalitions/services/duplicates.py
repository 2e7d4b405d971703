"""An organisation signs a letter once, and nobody learns from us that one has signed whose signature is not public."""

from apps.core.audit import audit_record
from apps.core.text import name_key

from ..models import Organisation, SignOn
from ..selectors import shown_to_everybody, twin_of
from .refusals import SIGNER, DuplicateOrganisation


def organisation_matched(sign_on: SignOn) -> Organisation:
    """The organisation of this campaign with the claimed name and country, made where there is none."""
    organisation, _made = Organisation.objects.get_or_create(
        campaign_id=sign_on.campaign_id, country=sign_on.country, name_key=name_key(sign_on.org_name),
        defaults={
            "name": sign_on.org_name, "name_english": sign_on.org_name_english, "acronym": sign_on.org_acronym,
            "kind": sign_on.org_kind, "website": sign_on.org_website, "members_represented": sign_on.org_members,
        },
    )  # fmt: skip
    return organisation


def sign_on_hold_back(*, sign_on: SignOn, counted_as: Organisation | None) -> None:
    """Save a signature in whose way another one of its organisation stands. In the caller's transaction.

    Raises DuplicateOrganisation where everybody may read the other's name. Else the signer must not learn of it: the
    signature goes on as if nothing were in its way, and a moderator decides. One that was counted already, as another
    organisation, stays counted as that one, unnamed: a count that fell would tell. A new one is held, not counted.
    """
    twin = twin_of(sign_on)
    if twin is not None and shown_to_everybody(twin):
        raise DuplicateOrganisation(sign_on.campaign.contact_address)
    if counted_as is None:
        sign_on.state = SignOn.State.HELD
    else:
        sign_on.organisation = counted_as
        sign_on.moderation = SignOn.Moderation.WAITING
    sign_on.save()
    audit_record(
        verb="sign_on.hold", subject=sign_on, actor=SIGNER, same_as=twin.pk if twin is not None else None,
        state=sign_on.state,
    )  # fmt: skip
