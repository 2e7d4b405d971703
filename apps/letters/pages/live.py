"""What the editor needs to draft together: the document, and who the reader is to the others."""

import base64

from django.conf import settings

from apps.accounts.models import User
from apps.core.errors import DomainError
from apps.core.types import JsonObject

from ..models import LetterText
from ..selectors.text_documents import OrphanedWords, document_name, text_document
from ..services.text_updates import UpdateIncomplete

#: of carets and names; the style sheet has so many
COLOURS = 3


def live_data(text: LetterText, user: User) -> JsonObject:
    """For the page, so that the editor opens with the text at once."""
    state = text_document(text).get_update()
    return {
        "document": document_name(text),
        "state": base64.b64encode(state).decode(),
        "person": live_person(user),
    }


def live_person(user: User) -> JsonObject:
    return {"id": user.pk, "name": str(user), "colour": user.pk % COLOURS + 1}


def live_path(text: LetterText) -> str:
    """Of the socket, on this host; with LIVE_PORT in the settings, on that port."""
    path = f"/live/letters/{text.letter.campaign.slug}/{text.letter.number}/{text.language}/"
    return f":{settings.LIVE_PORT}{path}" if settings.LIVE_PORT else path


def orphaned_json(orphaned: list[OrphanedWords]) -> list[JsonObject]:
    return [
        {"number": one.number, "ranges": one.ranges, "before": base64.b64encode(one.before).decode()}
        for one in orphaned
    ]


def is_reset(error: DomainError) -> bool:
    """Whether the browser must begin anew: what it has cannot be stored."""
    return not isinstance(error, UpdateIncomplete) and error.status in {400, 403, 409, 413}
