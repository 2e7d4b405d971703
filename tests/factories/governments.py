"""Members, groups and recipients of letters."""

from datetime import date
from typing import Any

from apps.campaigns.models import Campaign
from apps.governments.models import Group, GroupMembership, Member, Recipient
from apps.governments.services.addresses import address_add
from apps.governments.services.recipients import office_save, recipient_save


def make_member(code: str = "KE", name: str = "Kenya", **extra: Any) -> Member:
    defaults: dict[str, Any] = {
        "code3": f"{code}X",
        "name": name,
        "name_fr": name,
        "name_es": name,
        "official_name": name,
        "sort_en": name.lower(),
        "sort_fr": name.lower(),
        "sort_es": name.lower(),
        "acceded_on": date(1995, 1, 1),
        "capital": "Capital",
        "region": "Africa/Sub-Saharan Africa",
        "official_languages": ["en"],
        "working_language": "en",
        "working_language_basis": "official",
    }
    return Member.objects.create(code=code, **{**defaults, **extra})


def make_group(slug: str, *members: Member, label: str = "") -> Group:
    group = Group.objects.create(slug=slug, label=label or slug.replace("-", " ").title(), confidence="high")
    GroupMembership.objects.bulk_create(GroupMembership(group=group, member=member) for member in members)
    return group


def make_recipient(
    campaign: Campaign, member: Member, post: str, *addresses: str, office: str = "Ministry", **details: Any
) -> Recipient:
    """A recipient with a salutation in English and these addresses."""
    row = office_save(campaign=campaign, member=member, kind="capital", name=office, actor=None)
    values = {"salutation": {"en": "Excellency"}, "language": "en", **details}
    recipient = recipient_save(office=row, post=post, actor=None, **values)
    for address in addresses:
        address_add(recipient=recipient, address=address, actor=None)
    return recipient
