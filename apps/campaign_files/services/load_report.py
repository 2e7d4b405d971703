"""What a load did, kind by kind, in words."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .field_diffs import FieldChange

#: so many keys of new rows are shown; of changed rows all, where their fields are not shown below
MOST_KEYS = 8
#: of rows that left the files
MOST_GONE = 50
#: so many differences of fields are shown of one load; the rest is counted
MOST_FIELDS = 200


@dataclass
class Changes:
    """Rows of one kind: keys that are new, changed (with the fields), in the database but in no file,
    that were left alone because what is stored is newer, and those that were corrected in the product, which the files
    still say otherwise (with the names of the fields). `file` is where a person finds them."""

    kind: str
    file: str = ""
    created: list[str] = field(default_factory=list)
    changed: dict[str, list[FieldChange]] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    newer: list[str] = field(default_factory=list)
    corrected: dict[str, list[str]] = field(default_factory=dict)

    def lines(self, *, most_changed: int | None = None) -> list[str]:
        """Sentences, none where there is nothing to say."""
        found = []
        if self.created:
            found.append(self._counted(_("created"), self.created, MOST_KEYS))
        if self.changed:
            keys = [f"{key} ({', '.join(change.name for change in changes)})" for key, changes in self.changed.items()]
            found.append(self._counted(_("changed"), keys, most_changed))
        if self.retired:
            found.append(self._counted(_("retired, no longer in the files:"), self.retired, MOST_GONE))
        if self.gone:
            found.append(self._counted(_("left in place, no longer in the files:"), self.gone, MOST_GONE))
        if self.newer:
            found.append(self._counted(_("left as they are, newer than these files:"), self.newer, MOST_KEYS))
        if self.corrected:
            keys = [f"{key} ({', '.join(fields)})" for key, fields in self.corrected.items()]
            found.append(self._counted(_("left as corrected in the product, the files say otherwise:"), keys))
        return found

    def field_lines(self) -> list[str]:
        """One line for each field that differs: file, row, field, what was there and what is now."""
        place = self.file if self.file.endswith("/") else f"{self.file} "
        return [
            f"  {place}{key} {line}"
            for key, changes in self.changed.items()
            for change in changes
            for line in change.lines()
        ]

    def _counted(self, act: str, keys: list[str], most: int | None = None) -> str:
        shown = ", ".join(keys[:most])
        more = _(" and %(count)d more") % {"count": len(keys) - most} if most and len(keys) > most else ""
        kind = self.kind.removesuffix("s") if len(keys) == 1 else self.kind
        return f"{act} {len(keys)} {kind}: {shown}{more}"


@dataclass
class LoadReport:
    """All kinds of one load."""

    campaign: str
    dry_run: bool
    kinds: list[Changes] = field(default_factory=list)
    missing_files: list[str] = field(default_factory=list)

    @property
    def created(self) -> int:
        return sum(len(kind.created) for kind in self.kinds)

    @property
    def changed(self) -> int:
        return sum(len(kind.changed) + len(kind.retired) for kind in self.kinds)

    def lines(self, *, fields: bool = False) -> list[str]:
        """The whole report, the sum last. With `fields`, every difference of a field."""
        most = MOST_KEYS if fields else None
        found = [line for kind in self.kinds for line in kind.lines(most_changed=most)]
        if fields:
            found += self.field_lines()
        if self.missing_files:
            found.append(_("not in the folder, left as it is: %(files)s") % {"files": ", ".join(self.missing_files)})
        created = ngettext("%(count)d created", "%(count)d created", self.created) % {"count": self.created}
        changed = ngettext("%(count)d changed", "%(count)d changed", self.changed) % {"count": self.changed}
        end = _(" (dry run: nothing was written)") if self.dry_run else ""
        found.append(f"{self.campaign}: {created}, {changed}{end}")
        return found

    def field_lines(self) -> list[str]:
        """The differences field by field; of very many, the first and a count."""
        found = [line for kind in self.kinds for line in kind.field_lines()]
        if len(found) <= MOST_FIELDS:
            return found
        more = _("  and %(count)d more differences") % {"count": len(found) - MOST_FIELDS}
        return [*found[:MOST_FIELDS], more]
