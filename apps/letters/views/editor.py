"""JSON for the letter editor, with session, CSRF and the campaign's permissions."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy
from rest_framework.decorators import api_view
from rest_framework.exceptions import ParseError, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from apps.campaigns.access import staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import DomainError
from apps.core.types import JsonObject
from apps.governments.selectors import reference_day

from ..document.cleaning import clean_document, clean_subject
from ..document.schema import validate_document, validate_subject
from ..document.traversal import with_block_ids
from ..document.validators import DocumentInvalid
from ..merge_fields import envelope_values, labelled_values, present_counts
from ..pages.country_letters import letter_marks
from ..pages.draft_preview import preview_edition
from ..pages.evidence import evidence_for
from ..pages.workspace import draft_state, text_state
from ..rendering import render_draft_html
from ..selectors.drafts import text_facts
from ..selectors.letters import recipient_or_first
from ..serializers import SavedText, ShownText, UpdatedCitation
from ..services.adaptations import BaseChanged
from ..services.citations import citation_update as update_citation
from ..services.drafts import StaleText, letter_text_save
from .lookups import StaffApiRequest, addressee_or_404, text_or_404

#: a body of 500 KB with JSON escapes
MAX_REQUEST = 2_000_000

type Endpoint = Callable[..., Response]


def staff_api(permission: Permission, *methods: str) -> Callable[[Endpoint], Callable[..., HttpResponse]]:
    """A staff page that answers with JSON, also errors."""

    def decorate(endpoint: Endpoint) -> Callable[..., HttpResponse]:
        @wraps(endpoint)
        def answered(request: Request, *args: Any, **kwargs: object) -> Response:
            try:
                return endpoint(request, *args, **kwargs)
            except DomainError as error:
                return _refused(error)

        return staff_page(permission)(api_view(list(methods))(answered))

    return decorate


def _refused(error: DomainError) -> Response:
    answer: JsonObject = {"error": str(error)}
    if isinstance(error, DocumentInvalid):
        answer["path"] = error.path
    if isinstance(error, StaleText):
        answer |= {"revision": error.revision, "saved_by": error.saved_by, "saved_at": error.saved_at.isoformat()}
    if isinstance(error, BaseChanged):
        answer["base_sha256"] = error.base_sha256
    return Response(answer, status=error.status)


class TooLarge(DomainError):
    status = 413
    default_message = gettext_lazy("The text is larger than 500 KB.")


def read_body(request: Request, serializer: type[Serializer[Any]]) -> JsonObject:
    """The valid fields of the request's JSON. Raises TooLarge, ParseError."""
    length = str(request.META.get("CONTENT_LENGTH") or 0)
    if not length.isdecimal() or int(length) > MAX_REQUEST:
        raise TooLarge
    try:
        data = request.data
        fields = serializer(data=data)
        fields.is_valid(raise_exception=True)
    except RecursionError:
        raise ParseError("The text is nested too deeply.") from None
    return dict(fields.validated_data)


@staff_api(Permission.READ, "GET", "PUT")
def text(request: StaffApiRequest, letter_number: int, language: str) -> Response:
    """PUT {revision, subject, body}: 409 with the present revision and who saved it; 400 with the error's path."""
    found = text_or_404(request, letter_number, language)
    if request.method == "GET":
        return Response({"subject": found.subject, "body": found.body, **text_state(found)})
    if not request.team_member.may(Permission.DRAFT):
        raise PermissionDenied
    sent = read_body(request, SavedText)
    saved = letter_text_save(text=found, actor=request.user, **sent)
    answer = text_state(saved)
    if saved.body != sent["body"]:
        answer["body"] = saved.body
    return Response(answer)


@staff_api(Permission.READ, "POST")
def preview(request: StaffApiRequest, letter_number: int, language: str) -> Response:
    found = text_or_404(request, letter_number, language)
    sent = read_body(request, ShownText)
    body, subject = clean_document(sent["body"]), clean_subject(sent["subject"])
    validate_subject(subject)
    validate_document(body)
    body = with_block_ids(body)
    member = addressee_or_404(found.letter, sent.get("member"))
    campaign = found.letter.campaign
    facts = text_facts(found, body)
    recipient = recipient_or_first(campaign, member, sent.get("recipient")) if member else None
    names = request.team_member.may(Permission.SEE_CONTACTS)
    counts = present_counts(found.letter)
    envelope = envelope_values(campaign, member, recipient, counts, language=language, names=names)
    shown = preview_edition(found, member, body=body, subject=subject, facts=facts)
    context = {"campaign": campaign, "member": member, "day": reference_day(campaign), "language": language}
    values = labelled_values({**context, "recipient": recipient, "names": names, "counts": counts})
    state = draft_state(found, subject, body, facts, member)
    return Response(
        {
            "html": render_draft_html(shown, envelope, letter_marks(found, member, body)),
            "values": {key: value for key, (_label, value) in values.items()},
            "notes": shown["notes"],
            "problems": state["problems"],
            "facts": state["facts"],
        }
    )


@staff_api(Permission.DRAFT, "POST")
def citation_update(request: StaffApiRequest, letter_number: int, language: str) -> Response:
    """POST {fact, revision}: the text cites the fact as that revision says."""
    found = text_or_404(request, letter_number, language)
    update_citation(text=found, actor=request.user, **read_body(request, UpdatedCitation))
    return Response(status=204)


@staff_api(Permission.READ, "GET")
def evidence(request: StaffApiRequest, letter_number: int, language: str) -> Response:
    """Points and facts, those that fit `member` best first; `q` searches."""
    found = text_or_404(request, letter_number, language)
    member = addressee_or_404(found.letter, request.query_params.get("member"))
    words = request.query_params.get("q", "")[:200]
    return Response({"points": evidence_for(found.letter.campaign, member, words, language)})
