"""Names of people on the lists that went with letters, when their time is over."""

from collections.abc import Collection

from django.db import transaction

from apps.core.models import Blob
from apps.postbox.models import MessageState
from apps.postbox.services.sent_contents import sent_contents_forget

from ..models import Dispatch
from ..selectors.dispatches import names_removed
from .hidden_names import letters_hold
from .mail_outcomes import LETTER_ORIGIN


@transaction.atomic
def sent_names_forget(*, letter_id: int, version_ids: Collection[int], **_: object) -> None:
    """Receiver of `retention_over`. A name cannot be taken out of a mail or a file that was sent, so both are emptied
    where their list named people; the fingerprint of the file stays. Pages print the letter anew without the names.
    What has not left by then is called back, as where all names are hidden."""
    letters_hold(letter_id=letter_id)
    for dispatch in Dispatch.objects.filter(version__in=version_ids).select_related("annex", "addendum").order_by("pk"):
        if names_removed(dispatch):
            rows = dispatch.deliveries.exclude(message__state__in=MessageState.OPEN)
            sent_contents_forget(origin=LETTER_ORIGIN, origin_ids=list(rows.values_list("pk", flat=True)))
            Blob.objects.filter(pk__in=rows.values("pdf")).update(content=b"")
