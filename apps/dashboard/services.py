"""Writes that span what lower apps offer singly."""

from django.db import transaction

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.governments.models import Member, Recipient
from apps.governments.services import address_add, office_save, recipient_save


@transaction.atomic
def recipient_add(
    *,
    campaign: Campaign,
    member: Member,
    actor: User,
    kind: str,
    office: str,
    post: str,
    name: str,
    salutation: str,
    language: str,
    address: str,
) -> Recipient:
    """Somebody to write to in a government, with office and address; all or nothing. An office of that kind and name
    that is known already is used as it is. Raises NotAnAddress."""
    known = campaign.offices.filter(member=member, kind=kind, name=office).first()
    place = known or office_save(campaign=campaign, member=member, kind=kind, name=office, actor=actor)
    recipient = recipient_save(
        office=place, post=post, name=name, language=language, salutation={language: salutation}, actor=actor
    )
    address_add(recipient=recipient, address=address, actor=actor)
    return recipient
