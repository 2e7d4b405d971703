"""Whether the mailboxes of the settings are read."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.times import reader_time

from ..models import MailboxCursor


def mailboxes_read() -> list[MailboxCursor]:
    """The folders of the settings that were tried at least once, in their order."""
    box = settings.POSTBOX
    folders = box["IMAP_FOLDERS"] if box["IMAP_HOST"] else []
    rows = {row.folder: row for row in MailboxCursor.objects.filter(folder__in=folders).order_by("pk")}
    return [rows[folder] for folder in folders if folder in rows]


def mailbox_problem() -> str:
    """Health check: folders that were not read for too long, and mail in them that cannot be stored."""
    box, patience = settings.POSTBOX, settings.HEALTH["MAILBOX"]
    if not box["IMAP_HOST"] or not patience:
        return ""
    rows = {row.folder: row for row in mailboxes_read()}
    found = [_problem(folder, rows.get(folder), patience) for folder in box["IMAP_FOLDERS"]]
    return " ".join(sentence for sentence in found if sentence)


def _problem(folder: str, row: MailboxCursor | None, patience: int) -> str:
    why = _(row.problem) if row and row.problem else _("See whether beat and a worker run.")
    if row is None or row.read_at is None:
        return _("The mailbox “%(folder)s” has not been read yet. %(why)s") % {"folder": folder, "why": why}
    if row.read_at < timezone.now() - timedelta(seconds=patience):
        values = {"folder": folder, "since": reader_time(row.read_at), "why": why}
        return _("The mailbox “%(folder)s” has not been read since %(since)s. %(why)s") % values
    if row.unreadable_uids:
        return ngettext(
            "%(n)s email in the mailbox “%(folder)s” could not be stored. The log says why.",
            "%(n)s emails in the mailbox “%(folder)s” could not be stored. The log says why.",
            len(row.unreadable_uids),
        ) % {"n": len(row.unreadable_uids), "folder": folder}
    return ""
