"""Taking back a table of signatures that was entered."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.errors import Conflict
from apps.postbox.services.queue import messages_erase

from ..models import SignOn, SignOnImport
from .evidence_files import evidence_erase
from .lock_order import signing_lock_shared
from .signer_mails import MAIL_ORIGIN


class ImportAlreadyUndone(Conflict):
    default_message = _("This import was taken back already, or was never entered.")


@transaction.atomic
def sign_on_import_take_back(*, batch: SignOnImport, actor: User) -> int:
    """Delete the signatures of the import that nobody has confirmed or accepted, with their mails that have not left;
    links in those that have are dead. Returns how many. What counts stays: its signer or a second person said so.
    Raises ImportAlreadyUndone."""
    signing_lock_shared(batch.call.letter_id)
    batch = SignOnImport.objects.select_for_update().defer("content").get(pk=batch.pk)
    if batch.state != SignOnImport.State.ENTERED:
        raise ImportAlreadyUndone
    rows = SignOn.objects.filter(collected__batch=batch, state=SignOn.State.PENDING, covers=None).order_by("pk")
    ids = [row.pk for row in rows.select_for_update(of=("self",)).only("pk")]
    messages_erase(origin=MAIL_ORIGIN, origin_ids=ids)
    evidence_erase(sign_on_ids=ids, shared=False)
    SignOn.objects.filter(pk__in=ids).delete()
    batch.state = SignOnImport.State.TAKEN_BACK
    batch.save(update_fields=["state", "updated_at"])
    audit_record(verb="sign_on_import.take_back", subject=batch, actor=actor, sign_ons=len(ids))
    return len(ids)
