"""Letters, their texts, frozen versions and country letters."""

from typing import Any

from django.db.models import Count, Model, QuerySet, Value
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.decorators import action
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from apps.campaigns.roles import Permission
from apps.campaigns.scopes import Scope
from apps.core.site_url import site_url
from apps.core.types import JsonObject
from apps.governments.models import Member
from apps.governments.selectors import reference_day
from apps.letters.models import Edition, Letter, LetterTemplate, LetterText, LetterVersion
from apps.letters.pages.languages import free_languages
from apps.letters.rendering import campaign_letterhead, edition_verification_link, render_pdf
from apps.letters.selectors.drafts import letters_with_state, original_text, texts_with_state
from apps.letters.selectors.editions import edition_envelope, version_editions
from apps.letters.selectors.letters import campaign_templates, letters_to, letters_visible_to
from apps.letters.services.approvals import letter_text_approve, letter_text_ask_review
from apps.letters.services.drafts import letter_create, letter_text_save
from apps.letters.services.languages import letter_text_add, letter_text_remove
from apps.letters.services.text_updates import text_refresh
from apps.letters.services.versions import letter_version_freeze

from ..exceptions import InvalidBody, NotFound
from ..query_params import one_of
from ..schema import CampaignSchema
from ..serializers import letter_bodies, letters, versions
from .base import CampaignViewSet

PDF = "application/pdf"
#: where the URL says which letter, and which version of it
LETTER, VERSION = "letters/<int:letter_number>", "letters/<int:letter_number>/versions/<int:version_number>"
PARENTS = {"letter_number": "The letter's number.", "version_number": "The version's number."}


class PartSchema(CampaignSchema):
    """Of what belongs to a letter or a version."""

    def get_override_parameters(self) -> list[Any]:
        parents = [
            OpenApiParameter(name, OpenApiTypes.INT, OpenApiParameter.PATH, description=words)
            for name, words in PARENTS.items()
            if f"{{{name}}}" in self.path
        ]
        return [*super().get_override_parameters(), *parents]

    def get_response_serializers(self) -> Any:
        found = dict(super().get_response_serializers())
        return {(200, PDF): OpenApiTypes.BINARY, **found} if self.view.action == "pdf" and found.pop(200) else found


class LetterViewSet(CampaignViewSet[Letter]):
    """The campaign's letters, the newest first."""

    write_scope = Scope.LETTERS_WRITE
    body_serializers = {"create": letter_bodies.LetterBody}
    serializer_class = letters.LetterSerializer
    list_query_serializer = letters.LetterQuerySerializer
    lookup_field = "number"
    lookup_value_converter = "int"
    lookup_description = "The letter's number."

    def get_queryset(self) -> QuerySet[Letter]:
        found = letters_with_state(letters_visible_to(self.actor, self.campaign)).order_by("-number")
        if "member" in self.params:
            member = Member.objects.get(code=self.params["member"])
            addressed = letters_to(self.campaign, member, reference_day(self.campaign))
            found = found.filter(pk__in=addressed.values("pk"))
        return found

    def create(self, request: Request, **_parts: object) -> Response:
        """Begin a letter with the text of a template."""
        return self.answer(letter_create(campaign=self.campaign, actor=self.actor, **self.body))


class TemplateViewSet(CampaignViewSet[LetterTemplate]):
    """The texts with which letters begin: each key in several languages."""

    serializer_class = letters.WholeTemplateSerializer
    answer_serializers = {"list": letters.TemplateSerializer}
    list_query_serializer = letters.TemplateQuerySerializer
    lookup_field = "pk"
    lookup_url_kwarg = "id"
    lookup_value_converter = "int"
    lookup_description = "The template's number, as in the list."

    def get_queryset(self) -> QuerySet[LetterTemplate]:
        found = campaign_templates(self.campaign).filter(**self.lookups(language="language"))
        return found if self.action == "list" else found.defer(None)


class PartViewSet[M: Model](CampaignViewSet[M]):
    """What belongs to the letter in the URL."""

    schema = PartSchema()

    @cached_property
    def letter(self) -> Letter:
        visible = letters_visible_to(self.actor, self.campaign).select_related("campaign")
        return get_object_or_404(visible, number=self.kwargs["letter_number"])

    def url_of(self, row: M) -> str:
        names = {**self.kwargs, self.lookup_field: getattr(row, self.lookup_field)}
        return str(self.reverse_action("detail", kwargs=names))


class TextViewSet(PartViewSet[LetterText]):
    """The letter's texts, one for each language."""

    write_scope = Scope.LETTERS_WRITE
    action_permissions = {"approve": Permission.REVIEW}
    body_serializers = {
        "create": letter_bodies.TextBody,
        "partial_update": letter_bodies.TextChangeBody,
        "approve": letter_bodies.ApprovalBody,
    }
    serializer_class = letters.WholeTextSerializer
    answer_serializers = {"list": letters.TextSerializer}
    lookup_field = "language"
    lookup_description = "The language, as in the list: en, or pt-br."

    def get_serializer_context(self) -> JsonObject:
        context = dict(super().get_serializer_context())
        if "letter" in self.__dict__:
            newest = self.letter.versions.defer("evidence").order_by("-number").first()
            context |= {"original_id": original_text(self.letter).pk, "newest_version": newest}
        return context

    def get_queryset(self) -> QuerySet[LetterText]:
        found = texts_with_state().filter(letter=self.letter).select_related("letter__campaign")
        return found.defer("body") if self.action == "list" else found

    def get_object(self) -> LetterText:
        """With the last word that somebody wrote in the editor."""
        found: LetterText = super().get_object()
        if found.body_sequence < found.sequence:
            text_refresh(text=found)
            found = super().get_object()
        return found

    def create(self, request: Request, **_parts: object) -> Response:
        """Add a text in another language."""
        letter, body = self.letter, self.body
        language, free = body["language"], [one.code for one in free_languages(letter)]
        if language not in free and not letter.texts.filter(language=language).exists():
            raise InvalidBody([{"pointer": "#/language", "detail": one_of(language, free)}])
        return self.answer(letter_text_add(letter=letter, actor=self.actor, **body))

    def partial_update(self, request: Request, **_parts: object) -> Response:
        """Save title or body. An approval ends where they change."""
        text = self.get_object_to_change()
        values = {"subject": text.subject, "body": text.body, **self.body}
        return self.answer(letter_text_save(text=text, actor=self.actor, revision=text.revision, **values))

    def destroy(self, request: Request, **_parts: object) -> Response:
        """Remove a translation that no version has. It can be added again as it was."""
        letter_text_remove(text=self.get_object_to_change(), actor=self.actor)
        return Response(status=204)

    @action(detail=True, methods=["post"], url_path="ask-review")
    def ask_review(self, request: Request, **_parts: object) -> Response:
        """Ask the reviewers to read the text as it is."""
        text = self.get_object_to_change()
        return self.answer(letter_text_ask_review(text=text, actor=self.actor))

    @action(detail=True, methods=["post"])
    def approve(self, request: Request, **_parts: object) -> Response:
        """Approve the text with this fingerprint, unless the token's owner wrote in it."""
        text = self.get_object_to_change()
        letter_text_approve(text=text, actor=self.actor, sha256=self.body["sha256"])
        return self.answer(text)


class VersionViewSet(PartViewSet[LetterVersion]):
    """The letter's frozen versions, the newest first."""

    write_scope = Scope.LETTERS_WRITE
    action_permissions = {"create": Permission.REVIEW}
    body_serializers = {"create": letter_bodies.VersionBody}
    serializer_class = versions.VersionSerializer
    lookup_field = "number"
    lookup_value_converter = "int"
    lookup_description = "The version's number."

    def get_queryset(self) -> QuerySet[LetterVersion]:
        found = self.letter.versions.defer("evidence").annotate(edition_count=Count("editions"))
        return found.order_by("-number")

    def create(self, request: Request, **_parts: object) -> Response:
        """Freeze the approved texts as the next version. It can never be changed."""
        return self.answer(letter_version_freeze(letter=self.letter, actor=self.actor, **self.body))


class PdfRenderer(JSONRenderer):
    """Of bytes that are a PDF; of errors, as everywhere."""

    media_type = PDF
    format = "pdf"

    def render(self, data: Any, *args: Any, **kwargs: Any) -> bytes:
        return data if isinstance(data, bytes) else super().render(data, *args, **kwargs)


class OnlyOneFormat(BaseContentNegotiation):
    """Whatever the client says that it accepts."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class EditionViewSet(PartViewSet[Edition]):
    """The texts of a version: the general ones first, then those of each member, by name and language."""

    serializer_class = versions.WholeEditionSerializer
    answer_serializers = {"list": versions.EditionSerializer}
    list_query_serializer = versions.EditionQuerySerializer
    lookup_field = "edition"
    lookup_description = "The member's code or general, and the language: TO-en, general-fr."

    def get_serializer_context(self) -> JsonObject:
        return {**super().get_serializer_context(), "pdf_url": self._pdf_url}

    def _pdf_url(self, name: str) -> str:
        return site_url(reverse("api:editions-pdf", kwargs={**self.kwargs, "edition": name}))

    @cached_property
    def version(self) -> LetterVersion:
        return get_object_or_404(self.letter.versions.defer("evidence"), number=self.kwargs["version_number"])

    def get_queryset(self) -> QuerySet[Edition]:
        general_first = Coalesce("member__sort_en", Value(""))
        found = version_editions(self.version).filter(**self.lookups(language="language"))
        found = found.order_by(general_first, "language", "pk")
        return found.defer("body") if self.action == "list" else found

    def get_object(self) -> Edition:
        code, _dash, language = self.kwargs["edition"].partition("-")
        if "\x00" in code + language:
            raise NotFound  # PostgreSQL refuses the query
        member = {"member": None} if code == versions.GENERAL else {"member__code": code.upper()}
        edition = get_object_or_404(self.get_queryset(), language=language, **member)
        edition.version, edition.version.letter = self.version, self.letter
        return edition

    @action(detail=True, renderer_classes=[PdfRenderer], content_negotiation_class=OnlyOneFormat)
    def pdf(self, request: Request, **_parts: Any) -> Response:
        """The same as a PDF."""
        edition = self.get_object()
        content = render_pdf(
            edition.body, edition_envelope(edition, self.version), None, campaign_letterhead(self.campaign),
            proof=edition_verification_link(edition, self.version, self.letter, self.campaign), gaps=True,
        )  # fmt: skip
        name = f"letter-{self.letter.number}-v{self.version.number}-{versions.edition_name(edition)}.pdf"
        headers = {"Content-Disposition": content_disposition_header(False, name) or "inline"}
        return Response(content, content_type=PDF, headers=headers)
