"""Offices and recipients. All of it is contact data."""

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.campaigns.scopes import Scope
from apps.core.errors import Conflict, DomainError
from apps.core.text import joined
from apps.governments.forms.recipients import NewRecipientForm, RecipientForm
from apps.governments.models import Office, Recipient, RecipientAddress
from apps.governments.selectors import possible_duplicates, recipient_fingerprint
from apps.governments.services.addresses import (
    address_add,
    address_allow,
    address_first,
    address_restore,
    address_retire,
)
from apps.governments.services.recipients import (
    recipient_add,
    recipient_change,
    recipient_set_active,
    recipient_verify,
)

from ..serializers import recipient_bodies as bodies
from ..serializers import recipients
from .contact_data import ContactDataViewSet

#: what `do` of an address does
ADDRESS_ACTS = {"retire": address_retire, "restore": address_restore, "first": address_first, "allow": address_allow}


class PossibleDuplicateRecipient(Conflict):
    def __init__(self, known: list[str]) -> None:
        message = _("This may be somebody you know: recipient %(known)s. If not, send “anyway” as true.")
        super().__init__(message % {"known": joined(known)}, field="anyway")


class OfficeViewSet(ContactDataViewSet[Office]):
    """The offices of governments, by government. One is changed with its recipients."""

    serializer_class = recipients.OfficeSerializer
    list_query_serializer = recipients.OfficeQuerySerializer
    read_scope = Scope.RECIPIENTS_READ
    lookup_description = "The office's number, as in the list."

    def get_queryset(self) -> QuerySet[Office]:
        found = Office.objects.filter(campaign=self.campaign, **self.lookups(member="member__code", kind="kind"))
        return found.select_related("member").order_by("member__sort_en", "kind", "name", "pk")


class RecipientViewSet(ContactDataViewSet[Recipient]):
    """Whom letters go to, by government. A single one is found also when it was retired. A token that may only write
    gets no contact data back."""

    serializer_class = recipients.RecipientSerializer
    list_query_serializer = recipients.RecipientQuerySerializer
    read_scope = Scope.RECIPIENTS_READ
    write_scope = Scope.RECIPIENTS_WRITE
    body_serializers = {
        "create": bodies.RecipientBody,
        "partial_update": bodies.RecipientChangeBody,
        "addresses": bodies.AddressBody,
        "change_address": bodies.AddressChangeBody,
    }
    lookup_description = "The recipient's number, as in the list."

    def get_queryset(self) -> QuerySet[Recipient]:
        names = {"member": "office__member__code", "kind": "office__kind", "office": "office", "language": "language"}
        found = Recipient.objects.filter(campaign=self.campaign, **self.lookups(**names))
        if self.params.get("active", "all") != "all":
            found = found.filter(active=self.params["active"] == "true")
        if "address" in self.params:
            usable = Exists(RecipientAddress.objects.usable().filter(recipient=OuterRef("pk")))
            found = found.filter(usable if self.params["address"] == "usable" else ~usable)
        addresses = Prefetch("addresses", RecipientAddress.objects.with_suppressed())
        found = found.select_related("office__member").prefetch_related(addresses)
        return found.order_by("office__member__sort_en", "office__kind", "pk")

    def create(self, request: Request, **_parts: object) -> Response:
        """Add a recipient with its office and address: letters go to it from the next mailing. Where it may be somebody
        known already, nothing is added until `anyway` says that it is not."""
        body = self.body
        member = body["member"]
        office = Office(member=member)
        blank = Recipient(campaign=self.campaign, office=office, language=member.working_language)
        blank.salutation = dict.fromkeys(body.get("salutation", {}), "")  # so that the form has a field for each
        form = NewRecipientForm(bodies.form_data(body), recipient=blank)
        bodies.check_recipient(form)
        values = form.values()
        if not body["anyway"]:
            same = possible_duplicates(self.campaign, member, addresses=[values["address"]], name=values["name"])
            if same:
                raise PossibleDuplicateRecipient([str(row.recipient.pk) for row in same])
        return self.answer(recipient_add(campaign=self.campaign, member=member, actor=self.actor, **values))

    def partial_update(self, request: Request, **_parts: object) -> Response:
        """Change a recipient, from the next mailing on. Another office of the government moves it there; an office that
        others share is not renamed."""
        row = self.get_object_to_change()
        seen, body = recipient_fingerprint(row), self.body
        kept = dict(row.salutation)
        row.salutation = {**dict.fromkeys(body.get("salutation", {}), ""), **kept}
        data = bodies.form_data(body, row)
        form = RecipientForm(data, recipient=row)
        bodies.check_recipient(form)
        return self.answer(recipient_change(recipient=row, seen=seen, values=form.values(), actor=self.actor))

    @action(detail=True, methods=["post"])
    def verify(self, request: Request, **_parts: object) -> Response:
        """Record that somebody checked today that everything on record is right. Send the ETag of what they saw as
        If-Match."""
        row = self.get_object_to_change()
        return self.answer(recipient_verify(recipient=row, seen=recipient_fingerprint(row), actor=self.actor))

    @action(detail=True, methods=["post"])
    def retire(self, request: Request, **_parts: object) -> Response:
        """Take a recipient out of later mailings; it stays on record."""
        return self._set_active(False)

    @action(detail=True, methods=["post"])
    def restore(self, request: Request, **_parts: object) -> Response:
        """Write to a retired recipient again, from the next mailing."""
        return self._set_active(True)

    def _set_active(self, active: bool) -> Response:
        row = self.get_object_to_change()
        return self.answer(recipient_set_active(recipient=row, active=active, actor=self.actor))

    @action(detail=True, methods=["post"])
    def addresses(self, request: Request, **_parts: object) -> Response:
        """Add an email address after the recipient's others. One that it has already changes nothing."""
        row = self.get_object_to_change()
        address_add(recipient=row, address=self.body["address"], actor=self.actor)
        return self.answer(row)

    @action(detail=True, methods=["post"], url_path="change-address")
    def change_address(self, request: Request, **_parts: object) -> Response:
        """Retire an email address, use it again, put it first, or allow email again after a complaint."""
        row, body = self.get_object_to_change(), self.body
        address = RecipientAddress.objects.filter(recipient=row, pk=body["id"]).first()
        if address is None:
            raise DomainError(_("This recipient has no address with that number."), field="id")
        ADDRESS_ACTS[body["do"]](address=address, actor=self.actor)
        return self.answer(row)
