"""Calls for signature, signatories, all signatures, organisations and coalitions."""

from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from apps.campaigns.roles import Permission
from apps.campaigns.scopes import Scope
from apps.coalitions.models import SignOn, SignOnCall
from apps.coalitions.sealed_submissions import submission_seal
from apps.coalitions.selectors.calls import call_fingerprint, campaign_calls, public_call, state_counts
from apps.coalitions.selectors.sign_on_filters import filter_sign_ons
from apps.coalitions.selectors.sign_ons import is_named_to_programs
from apps.coalitions.services.calls import sign_on_call_change, sign_on_call_open
from apps.coalitions.services.closing_times import sign_on_call_close, sign_on_call_reschedule
from apps.coalitions.services.partner_submissions import partner_form_admit, partner_sign_on_submit
from apps.coalitions.services.submission import Submitted
from apps.core.errors import DomainError
from apps.core.site_url import site_url
from apps.core.types import JsonObject
from apps.exports.datasets.signatories import of_state
from apps.letters.models import LetterVersion

from ..exceptions import InvalidBody
from ..serializers import letter_bodies, sign_on_bodies, sign_on_forms, signing
from .base import CampaignViewSet
from .contact_data import CountedContacts


class CallViewSet(CampaignViewSet[SignOnCall]):
    """The times for which letters are or were open for signature, the latest first."""

    write_scope = Scope.CALLS_WRITE
    body_serializers = {"create": letter_bodies.CallBody, "partial_update": letter_bodies.CallChangeBody}
    serializer_class = signing.CallSerializer
    list_query_serializer = signing.CallQuerySerializer
    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_converter = "int"
    lookup_description = "The call's number, as in the list."

    def get_serializer_context(self) -> JsonObject:
        context = dict(super().get_serializer_context())
        return {**context, "state_counts": state_counts(self.campaign)} if "params" in self.__dict__ else context

    def get_queryset(self) -> QuerySet[SignOnCall]:
        found = campaign_calls(self.campaign).filter(**self.lookups(letter="letter__number"))
        return found.defer("version__evidence").prefetch_related("changes")

    def create(self, request: Request, **_parts: object) -> Response:
        """Open the newest version of a letter for signature. The public page shows the form from opens_at."""
        body = self.body
        version = body["version"]
        settings = self._settings(version)
        call = sign_on_call_open(
            version=version, actor=self.actor, opens_at=body.get("opens_at"), closes_at=body["closes_at"], **settings
        )
        return self.answer(call)

    def partial_update(self, request: Request, **_parts: object) -> Response:
        """Change how a letter is signed, and until when: a later closes_at extends the time or, after the end, reopens
        the letter. The public page says so."""
        call = self.get_object_to_change()
        settings, body = self._settings(call.version), self.body
        if "closes_at" in body:
            deliver_on = settings.pop("deliver_on", call.deliver_on)
            call = sign_on_call_reschedule(
                call=call, actor=self.actor, seen=call_fingerprint(call), closes_at=body["closes_at"],
                deliver_on=deliver_on,
            )  # fmt: skip
        if settings:
            call = sign_on_call_change(call=call, actor=self.actor, seen=call_fingerprint(call), **settings)
        return self.answer(call)

    @action(detail=True, methods=["post"])
    def close(self, request: Request, **_parts: object) -> Response:
        """Close a letter for signature now. What is not confirmed is deleted; the list stays."""
        call = self.get_object_to_change()
        return self.answer(sign_on_call_close(call=call, actor=self.actor, seen=call_fingerprint(call)))

    def _settings(self, version: LetterVersion) -> JsonObject:
        return letter_bodies.call_settings(self.body, version)


class SignatoryViewSet(CampaignViewSet[SignOn]):
    """The signatures whose signers show their names to everybody, the newest first."""

    serializer_class = signing.SignatorySerializer
    licensed = True
    list_query_serializer = signing.SignatoryQuerySerializer
    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_converter = "int"
    lookup_description = "The signature's number, as in the list."

    def sees_contacts(self) -> bool:
        return False

    def get_serializer_context(self) -> JsonObject:
        contacts = "params" in self.__dict__ and self.sees_contacts()
        is_named = partial(is_named_to_programs, with_contacts=contacts)
        return {**super().get_serializer_context(), "sees_contacts": contacts, "is_named": is_named}

    def get_queryset(self) -> QuerySet[SignOn]:
        found = SignOn.objects.filter(campaign=self.campaign).named_publicly()
        return self.narrowed(found).order_by("-id")  # as the index of a million rows has them

    def narrowed(self, found: QuerySet[SignOn]) -> QuerySet[SignOn]:
        """Those that fit the parameters."""
        params = self.params
        found = found.filter(
            **self.lookups(
                letter="letter__number", kind="kind", country="country", coalition="organisation__coalitions",
                visibility="visibility", language="language",
            )
        )  # fmt: skip
        if "version" in params:
            of_letter = LetterVersion.objects.filter(letter__campaign=self.campaign, letter__number=params["letter"])
            version = of_letter.filter(number=params["version"]).values_list("pk", flat=True).first()
            found = filter_sign_ons(found, {"version": str(version)}) if version else found.none()
        days: dict[str, str] = {
            name: params[name].isoformat() for name in ("signed_from", "signed_until") if name in params
        }
        found = filter_sign_ons(found, days)
        return found.select_related("call", "letter", "version").defer("version__evidence")


class SignOnViewSet(CountedContacts[SignOn], SignatoryViewSet):
    """All signatures, the newest first. Names and contact data are those that the role of the token's owner sees, but
    never of signers who are only counted."""

    serializer_class = signing.SignOnSerializer
    licensed = False
    list_query_serializer = signing.SignOnQuerySerializer
    read_scope, write_scope = Scope.SIGN_ONS_READ, Scope.SIGN_ONS_WRITE
    body_serializers = {"create": sign_on_bodies.SignOnBody}
    answer_serializers = {"create": sign_on_bodies.TakenSerializer}
    success_statuses = {"create": 202}

    def sees_contacts(self) -> bool:
        return self.params.get("contact_data") != "false" and self.token.membership.may(Permission.SEE_CONTACTS)

    def has_contacts(self, row: SignOn) -> bool:
        return is_named_to_programs(row, with_contacts=True)

    def get_queryset(self) -> QuerySet[SignOn]:
        found = self.narrowed(SignOn.objects.filter(campaign=self.campaign)).select_related("partner_submission")
        return (of_state(found, self.params["state"]) if "state" in self.params else found).order_by("-id")

    def create(self, request: Request, **_parts: object) -> Response:
        """Send in what a person entered in a form of your own. The person gets our email with a link, and signs by
        confirming on our page. The answer is the same whether we know the email address or not."""
        body = self.body
        call = public_call(self.campaign, body["letter"]) if self.campaign.published else None
        if call is None:
            raise InvalidBody([{"pointer": "#/letter", "detail": _("No letter with this number is public.")}])
        with translation.override(body["language"]):
            try:
                typed = sign_on_bodies.typed_sign_on(body, call)
                partner_form_admit(token=self.token, signer_ip=body.get("signer_ip", ""))
                submitted = partner_sign_on_submit(call=call, typed=typed, sha256=body["sha256"], token=self.token)
            except DomainError as error:
                error.message = str(error)  # in the language of whoever signs
                raise
            return Response(self._taken(call, submitted), status=202)

    def _taken(self, call: SignOnCall, submitted: Submitted) -> JsonObject:
        sealed = submission_seal(*submitted.mailed_about)
        path = reverse("website:mail_sent", args=[self.campaign.slug, call.letter.number, sealed])
        return {
            "status": "mail_sent",
            "message": _(
                "We have sent you an email. Open the link in it and press the button there. Your signature counts only "
                "after that."
            ),
            "page": site_url(path),
        }


class SignOnFormViewSet(CampaignViewSet[SignOnCall]):
    """What a form of your own shows, for each public letter: its text, what it asks and in which words."""

    serializer_class = sign_on_forms.SignOnFormSerializer
    list_query_serializer = sign_on_forms.FormsQuerySerializer
    detail_query_serializer = sign_on_forms.FormQuerySerializer
    read_scope = Scope.SIGN_ONS_WRITE
    lookup_field = "letter__number"
    lookup_url_kwarg = "number"
    lookup_value_converter = "int"
    lookup_description = "The letter's number."

    def get_queryset(self) -> QuerySet[SignOnCall]:
        shown = SignOnCall.objects.shown().filter(campaign=self.campaign, campaign__published=True)
        newest = shown.order_by("letter_id", "-opens_at", "-id").distinct("letter_id")
        found = SignOnCall.objects.filter(pk__in=newest.values("pk")).select_related("campaign", "letter", "version")
        return found.defer("version__evidence").order_by("-letter__number", "-id")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        with translation.override(self.params["language"]):
            return super().list(request, *args, **kwargs)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        with translation.override(self.params["language"]):
            return super().retrieve(request, *args, **kwargs)
