"""Plan what would happen to every row of the sheet, and why. Nothing is written here.

Rows are planned in order. Each changes objects that are not saved yet, so that later rows see what earlier ones planned
and accepting writes exactly what was shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from apps.campaigns.models import Campaign
from apps.core.encryption import lookup_hashes
from apps.core.text import clean_line, fold
from apps.core.types import JsonObject
from apps.governments.country_names import unambiguous_name
from apps.governments.models import Member, Office, Recipient

from ..column_mapping import reading_order
from ..columns import COLUMNS, COLUMNS_BY_KEY, REQUIRED, Change, kind_of_office
from ..columns.country_and_office import Country
from ..spreadsheets.reader import Sheet
from ..spreadsheets.table import Row
from .existing_recipients import ExistingRecipients, identity
from .matching import Found
from .plan import Answers, Kind, Match, Plan, PlannedRow

COUNTRY = Country()
#: matches that are offered for merging
MAX_OFFERED = 3
STEP = 500


def plan_import(
    *, campaign: Campaign, sheet: Sheet, mapping: list[str], answers: Answers, existing: ExistingRecipients,
    today: date, progress: Callable[[int], None] = lambda done: None,
) -> Plan:  # fmt: skip
    """What accepting would do. `progress` is called with the number of planned rows."""
    planner = _Planner(campaign, existing, answers, today)
    rows = []
    columns = [(mapping[index], index) for index in reading_order(mapping, sheet.headings) if mapping[index]]
    for done, row in enumerate(sheet.rows):
        if done % STEP == 0:
            progress(done)
        rows.append(planner.plan(row.number, _cells(row, columns, answers)))
    return Plan(rows, list(planner.touched.values()))


def _cells(row: Row, columns: list[tuple[str, int]], answers: Answers) -> dict[str, str]:
    """{key: text}. Columns with the same key are joined; a person's corrections replace the text."""
    cells: dict[str, str] = {}
    for key, index in columns:
        text = row.cells[index]
        cells[key] = f"{cells[key]}{COLUMNS_BY_KEY[key].joiner}{text}" if cells.get(key, "").strip() else text
    return cells | answers.cells.get(str(row.number), {})


class _Planner:
    def __init__(self, campaign: Campaign, existing: ExistingRecipients, answers: Answers, today: date) -> None:
        self.campaign, self.existing, self.answers, self.today = campaign, existing, answers, today
        self.touched: dict[int, Office] = {}  # by id() of the object: new offices have no primary key
        self.taken: dict[int, int] = {}  # id() of a recipient → its first row
        self.rows: dict[int, PlannedRow] = {}  # those that have a recipient

    def plan(self, number: int, cells: dict[str, str]) -> PlannedRow:
        row = PlannedRow(number, cells)
        row.decided = self.answers.decisions.get(str(number), "")
        if row.decided == "skip":
            row.kind = Kind.SKIPPED
            return row
        values = self._values(row)
        member = self._country(row)
        if row.reasons or member is None:
            row.kind = Kind.REFUSED
            return row
        office = self._office(member, values)
        self._match(row, office, values)
        if row.kind in (Kind.ADDED, Kind.CHANGED, Kind.UNCHANGED):
            self._apply(row, office, values)
        return row

    def _values(self, row: PlannedRow) -> JsonObject:
        """{key: value} of the valid cells; adds a reason for each of the others."""
        values: JsonObject = {}
        for key, text in row.cells.items():
            values[key], wrong = COLUMNS_BY_KEY[key].parse(text, self.today)
            row.reasons += wrong
        wrong_keys = {key for _code, key, _values in row.reasons}
        for key in REQUIRED:
            if key not in ("country", "address") and not values.get(key) and key not in wrong_keys:
                row.reasons.append((f"{key}_missing", key, {}))
        return values

    def _country(self, row: PlannedRow) -> Member | None:
        text = row.cells.get("country", "")
        member, reasons = COUNTRY.find(text, self.existing.countries)
        row.reasons[:0] = reasons
        if member is not None and clean_line(text) != member.name:
            row.country = unambiguous_name(member)
        return member

    def _office(self, member: Member, values: JsonObject) -> Office:
        """The existing office with that name, and kind if given, or a new one."""
        same = self.existing.offices[member.pk, fold(values["office"])]
        kind = values.get("kind")
        found = next((office for office in same if not kind or office.kind == kind), None)
        if found is not None:
            return found
        return Office(
            campaign=self.campaign, member=member, kind=kind or kind_of_office(values["office"]), name=values["office"]
        )

    def _match(self, row: PlannedRow, office: Office, values: JsonObject) -> None:
        """Set the row's kind and recipient."""
        hashes = [(address, lookup_hashes(address)) for address in values.get("address") or []]
        row.key = identity(office, values["post"], values.get("name") or "")
        digests = {found.digest for _address, all_of in hashes for found in all_of}
        free = [one for one in self.existing.by_identity.get(row.key, []) if id(one) not in self.taken]
        known = next((one for one in free if self.existing.hashes[id(one)] & digests), free[0] if free else None)
        held = self.existing.hashes[id(known)] if known is not None else set()
        new = {found.digest for _address, all_of in hashes if not {h.digest for h in all_of} & held for found in all_of}
        elsewhere = self._matches(self.existing.matches.find_elsewhere(office.member_id, new))
        if known is None or not known.active:
            self._match_unknown(row, digests, known, elsewhere)
        elif elsewhere and row.decided != "add":
            row.like = _offered([], elsewhere)
            self._ask(row, elsewhere)
        else:
            row.recipient, row.kind = known, Kind.UNCHANGED
            row.decided = row.decided if elsewhere else ""  # nothing to decide
        if row.kind == Kind.ADDED:
            row.recipient = self._make(office)
        if row.recipient is not None:
            held = self.existing.hashes[id(row.recipient)]
            row.addresses = [
                (address, all_of[0]) for address, all_of in hashes if not {h.digest for h in all_of} & held
            ]

    def _match_unknown(
        self, row: PlannedRow, digests: set[str], retired: Recipient | None, elsewhere: list[Match]
    ) -> None:
        """A row whose office, post and name are not known: a new recipient, or one that is similar."""
        assert row.key is not None
        found = self.existing.matches.find(row.key, digests)
        if retired is not None:
            found = {id(retired): (retired, "same")} | found
        like = self._matches(found)
        twice = next((one.row for one in like if one.why == "same" and one.row and self._repeats(row, one.row)), None)
        chosen = next((one for one in like if row.decided in one.decisions), None)
        row.like = _offered(like, elsewhere)
        if twice is not None:
            row.kind, row.reasons = Kind.REFUSED, [("twice", "", {"row": twice})]
        elif chosen is not None:
            row.recipient, row.kind, row.into = chosen.recipient, Kind.UNCHANGED, chosen.row
        elif (like or elsewhere) and row.decided != "add":
            self._ask(row, [*like, *elsewhere])
        elif not digests:
            row.kind, row.reasons = Kind.REFUSED, [("address_missing", "address", {})]
        else:
            row.kind = Kind.ADDED

    def _ask(self, row: PlannedRow, like: list[Match]) -> None:
        """Leave the decision to a person."""
        row.decided, in_file = "", all(one.row for one in like)
        row.kind, row.beside = (Kind.REPEATED, like[0].row) if in_file else (Kind.DUPLICATE, None)

    def _matches(self, found: Found) -> list[Match]:
        return [
            Match(one, why if one.active or why == "elsewhere" else "retired", self.taken.get(id(one)))
            for one, why in found.values()
        ]

    def _repeats(self, row: PlannedRow, earlier: int) -> bool:
        """Whether the row differs only in spelling from an earlier one with the same office, post and name."""
        theirs = self.rows[earlier].cells
        compared = (row.cells | theirs).keys() - {"country", "office", "post", "name"}
        return all(fold(row.cells.get(key, "")) == fold(theirs.get(key, "")) for key in compared)

    def _make(self, office: Office) -> Recipient:
        recipient = Recipient(campaign_id=self.campaign.pk, salutation={}, language="", post="")
        recipient.office = office
        return recipient

    def _apply(self, row: PlannedRow, office: Office, values: JsonObject) -> None:
        """Apply the row's values to its recipient and office and record each change. Empty cells change nothing."""
        recipient = row.recipient
        assert recipient is not None
        merged = row.decided.startswith(("merge:", "row:"))
        if row.kind == Kind.ADDED:
            recipient.language = values.get("language") or office.member.working_language
        own_office = not merged or identity(office, "", "") == identity(recipient.office, "", "")
        row.changes = list(self._changes(recipient, values, only_empty=merged, with_office=own_office))
        if merged and not recipient.active:
            recipient.active = True
            row.changes.append(("active", "no", "yes"))
        row.changes += [("address", "", address) for address, _digest in row.addresses]
        if row.changes and row.kind != Kind.ADDED:
            row.kind = Kind.MERGED if row.into else Kind.CHANGED
        self._remember(row, recipient)

    def _remember(self, row: PlannedRow, recipient: Recipient) -> None:
        """Let later rows match this one."""
        for _address, digest in row.addresses:
            self.existing.hashes[id(recipient)].add(digest.digest)
            self.existing.matches.add_address(recipient, digest.digest)
        self.taken.setdefault(id(recipient), row.number)
        self.rows[row.number] = row
        if row.key is not None and (row.kind == Kind.ADDED or row.decided):
            self.existing.matches.add(recipient, row.key)

    def _changes(
        self, recipient: Recipient, values: JsonObject, *, only_empty: bool, with_office: bool
    ) -> Iterator[Change]:
        """Set the values and yield the changes. `only_empty`: only fill gaps, when merging into another recipient."""
        office = recipient.office
        if with_office and office.pk is None and id(office) not in self.touched:
            self.touched[id(office)] = office
            self.existing.offices[office.member_id, fold(office.name)].append(office)
            yield "office", "", office.name
        for column in COLUMNS:
            if not column.assigns or values.get(column.key) is None or (column.of_office and not with_office):
                continue
            for change in column.assign(recipient, values[column.key], only_empty=only_empty):
                if column.of_office:
                    self.touched[id(office)] = office
                yield change


def _offered(like: list[Match], elsewhere: list[Match]) -> list[JsonObject]:
    return [one.shown() for one in [*like[:MAX_OFFERED], *elsewhere]]
