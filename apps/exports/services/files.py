"""Making the file of an export, and keeping it encrypted for a time."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC
from typing import Any, BinaryIO, cast

from django.core.files import File
from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.core.text import joined_clauses
from apps.core.times import campaign_time
from apps.core.types import Label

from ..datasets import DATASETS
from ..encrypted_files import decrypted_portions, encrypt_file
from ..models import Export, Format, Purpose
from ..selectors import selection_of
from ..writers import write_file

#: hours for which a file can be downloaded
KEPT_HOURS = 72


class Hashing:
    """Hands bytes on to a file, and keeps their number and hash."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.sha256, self.size = file, hashlib.sha256(), 0

    def write(self, content: bytes) -> int:
        self.sha256.update(content)
        self.size += len(content)
        return self.file.write(content)


def export_write(export: Export, file: BinaryIO, progress: Callable[[int], None] = lambda _rows: None) -> None:
    """Write the file; number of rows, size and hash are set on the row, which is not saved. Call it in a transaction.
    Raises DomainError where the format cannot take the list."""
    file_format = Format(export.format)
    selection = selection_of(export)
    if file_format == Format.XLSX:  # a ZIP archive, which is not written from one end to the other
        export.rows = write_file(selection, file_format, file, about=about(export), progress=progress)
        file.seek(0)
        out = Hashing(cast("BinaryIO", _Nowhere()))
        for portion in iter(lambda: file.read(1 << 20), b""):
            out.write(portion)
    else:
        out = Hashing(file)
        export.rows = write_file(
            selection, file_format, cast("BinaryIO", out), about=about(export), progress=progress,
            with_letter=export.with_letter,
        )  # fmt: skip
    export.size, export.sha256 = out.size, out.sha256.hexdigest()


class _Nowhere:
    def write(self, content: bytes) -> int:
        return len(content)


def about(export: Export) -> list[tuple[Label, str]]:
    """What the list is, in the language of the file."""
    dataset, campaign = DATASETS[export.dataset], export.campaign
    with override(export.language or "en"):
        words = dataset.filter_words(campaign, Purpose(export.purpose), export.filters, for_file=True)
        narrowed = [_("%(title)s: %(name)s") % {"title": label, "name": value} for label, value in words]
        found: list[tuple[Label, str]] = [
            (_("List"), str(dataset.label)),
            (_("Campaign"), campaign.text_in("name", export.language or "en")),
            (_("For whom"), str(Purpose(export.purpose).label)),
            *dataset.about(campaign, export.filters),
            (_("Limited to"), joined_clauses(narrowed) or _("nothing: the whole list")),
            (_("Made"), campaign_time(timezone.now(), campaign)),
        ]
        return [(str(heading), value) for heading, value in found]


def file_name(export: Export) -> str:
    """ASCII: "mc11-signatories-public-2017-11-20.csv"."""
    day = export.created_at.astimezone(UTC).date().isoformat()
    return f"{slugify(export.campaign.slug)}-{export.dataset}-{export.purpose}-{day}.{Format(export.format).extension}"


def stored_file_save(export: Export, plain: BinaryIO) -> str:
    """Encrypt the file into the storage; returns its name there."""
    with tempfile.TemporaryFile() as sealed:
        encrypt_file(plain, cast("BinaryIO", sealed))
        sealed.seek(0)
        return storages["exports"].save(stored_name(export), File(cast("Any", sealed)))


def stored_name(export: Export) -> str:
    return f"{export.pk}-{export.tries}.export"


def stored_file_portions(export: Export) -> Iterator[bytes]:
    """The plain bytes. Raises FileNotFoundError and UnreadableValue."""
    with storages["exports"].open(export.stored_as, "rb") as sealed:
        yield from decrypted_portions(cast("Any", sealed))


def stored_file_delete(export: Export) -> None:
    """When the transaction commits; the row forgets it now."""
    name, export.stored_as = export.stored_as, ""
    if name:
        transaction.on_commit(lambda: storages["exports"].delete(name))
