"""Domains of recipients: their keys, and which are held back."""

from django.db.models import QuerySet

from apps.core.encryption import lookup_hashes

from ..models import RecipientDomain


def domain_key(address: str) -> str:
    """The keyed hash under which a domain is counted. A new key begins new counts, which is harmless."""
    return lookup_hashes(f"@{address.rpartition('@')[2]}")[0].digest[:32]


def domains_held() -> QuerySet[RecipientDomain]:
    """Domains whose mail is held back, longest first."""
    return RecipientDomain.objects.filter(opened_at__isnull=False).order_by("opened_at")
