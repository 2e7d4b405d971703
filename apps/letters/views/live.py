"""Drafting together over plain HTTP, where no socket gets through: the same updates, by the same service."""

import base64

from rest_framework.response import Response

from apps.campaigns.roles import Permission
from apps.core.errors import DomainError

from ..pages.live import is_reset, orphaned_json
from ..selectors.drafts import may_edit
from ..selectors.text_documents import orphaned_words
from ..serializers import SentUpdates
from ..services.text_updates import Sent, text_lacking, text_updates_apply
from .editor import read_body, staff_api
from .lookups import StaffApiRequest, stored_text_or_404


@staff_api(Permission.READ, "POST")
def updates(request: StaffApiRequest, letter_number: int, language: str) -> Response:
    """Stores what the browser sends, and answers with what it lacks. With an error, `reset` says that the browser has
    to begin anew, and everything before the refused update is stored."""
    found = stored_text_or_404(request, letter_number, language)
    sent = read_body(request, SentUpdates)
    given = [Sent(request.user, sent["client"], update) for update in sent["updates"]]
    document = sent.get("document")
    try:
        outcomes = text_updates_apply(text=found, sent=given, document=document).outcomes if given else []
        lacking = text_lacking(text=found, state=sent["state"], document=document)
        orphaned = orphaned_words(lacking.text, sent["client"], rewritten=sent["rewritten"])
    except DomainError as error:
        return _refused(error)
    if refused := [outcome.error for outcome in outcomes if outcome.error]:
        return _refused(refused[0])
    return Response(
        {
            "update": base64.b64encode(lacking.update).decode(),
            "state": base64.b64encode(lacking.state).decode(),
            "orphaned": orphaned_json(orphaned),
            "document": lacking.document,
            "sequence": lacking.text.sequence,
            "saved_at": lacking.text.saved_at.isoformat(),
            "revision": lacking.text.revision,
            "can_edit": may_edit(request.user, found.letter),
        }
    )


def _refused(error: DomainError) -> Response:
    return Response({"error": str(error), "reset": is_reset(error)}, status=error.status)
