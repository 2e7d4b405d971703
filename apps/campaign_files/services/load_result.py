"""What a load did, in words."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.text import first_names

from .field_change import FieldChange

#: at most: keys of new rows, rows that left the files, differences of one load
MOST_KEYS = 8
MOST_GONE = 50
MOST_FIELDS = 200


@dataclass
class Changes:
    """Rows of one kind, by key. `gone`: in no file. `newer`, `corrected`: left as they are."""

    kind: str
    file: str = ""
    created: list[str] = field(default_factory=list)
    changed: dict[str, list[FieldChange]] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    newer: list[str] = field(default_factory=list)
    corrected: dict[str, list[str]] = field(default_factory=dict)

    def change(self, key: str, fields: list[FieldChange]) -> None:
        if fields:
            self.changed[key] = fields

    def lines(self, *, most_changed: int | None = None) -> list[str]:
        changed = {key: [change.name for change in changes] for key, changes in self.changed.items()}
        groups = (
            (_("created"), self.created, MOST_KEYS),
            (_("changed"), _with_fields(changed), most_changed),
            (_("retired, no longer in the files:"), self.retired, MOST_GONE),
            (_("kept, no longer in the files:"), self.gone, MOST_GONE),
            (_("kept, newer than these files:"), self.newer, MOST_KEYS),
            (_("kept as corrected in the product, different in the files:"), _with_fields(self.corrected), None),
        )
        return [self._counted(act, keys, most) for act, keys, most in groups if keys]

    def field_lines(self) -> list[str]:
        prefix = self.file if self.file.endswith("/") else f"{self.file} "
        return [
            f"  {prefix}{key} {line}"
            for key, changes in self.changed.items()
            for change in changes
            for line in change.lines()
        ]

    def _counted(self, act: str, keys: list[str], most: int | None) -> str:
        shown = first_names(keys, most or len(keys))
        kind = self.kind.removesuffix("s") if len(keys) == 1 else self.kind
        return f"{act} {len(keys)} {kind}: {shown}"


def _with_fields(rows: dict[str, list[str]]) -> list[str]:
    return [f"{key} ({', '.join(fields)})" for key, fields in rows.items()]


@dataclass
class LoadResult:
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
        """With `fields`, every difference of a field."""
        most = MOST_KEYS if fields else None
        found = [line for kind in self.kinds for line in kind.lines(most_changed=most)]
        if fields:
            found += self.field_lines()
        if self.missing_files:
            found.append(_("not in the folder, unchanged: %(files)s") % {"files": ", ".join(self.missing_files)})
        created = ngettext("%(count)d created", "%(count)d created", self.created) % {"count": self.created}
        changed = ngettext("%(count)d changed", "%(count)d changed", self.changed) % {"count": self.changed}
        end = _(" (dry run: nothing was written)") if self.dry_run else ""
        return [*found, f"{self.campaign}: {created}, {changed}{end}"]

    def field_lines(self) -> list[str]:
        found = [line for kind in self.kinds for line in kind.field_lines()]
        if len(found) <= MOST_FIELDS:
            return found
        more = len(found) - MOST_FIELDS
        words = ngettext("  and %(count)d more difference", "  and %(count)d more differences", more)
        return [*found[:MOST_FIELDS], words % {"count": more}]
