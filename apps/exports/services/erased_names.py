"""Files that wait to be downloaded are made anew without what was erased or hidden since."""

from django.db import transaction

from apps.core.wakeups import wake
from apps.letters.models import Letter

from ..datasets import DATASETS
from ..models import Export
from .files import stored_file_delete

#: lists with signatures, and all with contact data
OF_SIGNERS = ("annexes", "signatories", "subscribers")
OF_CONTACTS = tuple(key for key, one in DATASETS.items() if any(column.contact for column in one.columns))


def exports_of_letter_remake(*, letter_id: int, **_: object) -> None:
    """Receiver of `names_hidden` and `signatures_erased`."""
    campaigns = Letter.objects.filter(pk=letter_id).values_list("campaign", flat=True)
    _remake_with_the_transaction({"dataset__in": OF_SIGNERS, "campaign__in": list(campaigns)})


def exports_of_contacts_remake(**_: object) -> int:
    """Receiver of `personal_data_erase`: an encrypted file does not tell whether the address is in it."""
    _remake_with_the_transaction({"dataset__in": OF_CONTACTS})
    return 0


def _remake_with_the_transaction(which: dict[str, object]) -> None:
    """And once more when it commits: a file that was begun meanwhile was read without it."""
    _remake(which)
    transaction.on_commit(lambda: _remake(which))


@transaction.atomic
def _remake(which: dict[str, object]) -> None:
    """A worker that makes one of them finds at its end that it is to be made again."""
    files = Export.objects.filter(state__in=[Export.State.READY, Export.State.RUNNING], **which)
    for export in files.select_for_update(of=("self",)).order_by("pk"):
        stored_file_delete(export)
        export.state, export.tries = Export.State.QUEUED, 0
        export.save()
        wake("exports")
