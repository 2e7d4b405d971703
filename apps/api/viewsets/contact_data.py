"""Rows with contact data, which a program reads as far as its owner could export them without a second person."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from rest_framework.permissions import SAFE_METHODS
from structlog.contextvars import bound_contextvars

from apps.campaigns.models import ApiToken
from apps.campaigns.roles import Permission
from apps.campaigns.scopes import Scope
from apps.core.types import JsonObject
from apps.exports.services.contact_rows import ManyContacts, contact_rows_take

from .base import CampaignViewSet


class CountedContacts[M: Model](CampaignViewSet[M]):
    """Rows that are counted before they are answered, whichever action answers with them. `context["sees_contacts"]`
    says whether the token gets contact data."""

    counts_contacts = True

    def has_contacts(self, row: M) -> bool:
        """Whether the answer has contact data of the row, where the token sees any."""
        return True

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """Raises ManyContacts for what is read. What is written is written: its answer is without contact data then."""
        serializer: Any = super().get_serializer(*args, **kwargs)
        if not args or not serializer.context["sees_contacts"]:
            return serializer
        rows: Iterable[M] = args[0] if kwargs.get("many") else [args[0]]
        try:
            with bound_contextvars(api_token=self.token.pk):
                contact_rows_take(
                    campaign=self.campaign, person=self.actor, kind=self.basename or "",
                    rows=[row.pk for row in rows if self.has_contacts(row)],
                )  # fmt: skip
        except ManyContacts:
            if self.request.method in SAFE_METHODS:
                raise
            serializer.context["sees_contacts"] = False
        return serializer


def sees_contacts(token: ApiToken) -> bool:
    """Whether contact data of governments is in the answer: both the scope and the owner's roles must allow it."""
    return Scope.RECIPIENTS_READ in token.scopes and token.membership.may(Permission.SEE_CONTACTS)


class ContactDataViewSet[M: Model](CountedContacts[M]):
    """Rows with fields of contact data, which are null for those who may not see them."""

    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_converter = "int"
    lookup_description = "The row's number, as in the list."

    def get_serializer_context(self) -> JsonObject:
        token = self.request.auth if self.request else None
        return {
            **super().get_serializer_context(),
            "sees_contacts": isinstance(token, ApiToken) and sees_contacts(token),
        }
