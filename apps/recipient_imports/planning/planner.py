"""The plan: for every row of the sheet what would happen to it, and why. Nothing is written here.

The planner goes through the rows in their order and keeps, on objects that are never saved from here, what the rows
before have planned: so a row that repeats another is seen, and what is shown is what accepting writes.
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
from ..columns.office import Country
from ..spreadsheets.reader import Sheet
from ..spreadsheets.table import Row
from .existing_recipients import Known, identity
from .matching import Found
from .plan import Answers, Kind, Like, Plan, Planned

COUNTRY = Country()
#: so many of those like a row are offered for merging
MOST_OFFERED = 3
STEP = 500


def plan_import(
    *, campaign: Campaign, sheet: Sheet, mapping: list[str], answers: Answers, known: Known, today: date,
    progress: Callable[[int], None] = lambda done: None,
) -> Plan:  # fmt: skip
    """What accepting would do. `progress` hears now and then how many rows are planned."""
    planner = _Planner(campaign, known, answers, today)
    rows = []
    columns = [(mapping[place], place) for place in reading_order(mapping, sheet.headings) if mapping[place]]
    for done, row in enumerate(sheet.rows):
        if done % STEP == 0:
            progress(done)
        rows.append(planner.plan(row.number, _cells(row, columns, answers)))
    return Plan(rows, list(planner.touched.values()))


def _cells(row: Row, columns: list[tuple[str, int]], answers: Answers) -> dict[str, str]:
    """{field: text}; several columns of one field come together, and what a person typed since stands instead."""
    cells: dict[str, str] = {}
    for key, place in columns:
        text = row.cells[place]
        cells[key] = f"{cells[key]}{COLUMNS_BY_KEY[key].joiner}{text}" if cells.get(key, "").strip() else text
    return cells | answers.cells.get(str(row.number), {})


class _Planner:
    def __init__(self, campaign: Campaign, known: Known, answers: Answers, today: date) -> None:
        self.campaign, self.known, self.answers, self.today = campaign, known, answers, today
        self.touched: dict[int, Office] = {}  # by identity of the object: new offices have no id
        self.taken: dict[int, int] = {}  # recipient, as an object → the first row that is it
        self.rows: dict[int, Planned] = {}  # those that have a recipient

    def plan(self, number: int, cells: dict[str, str]) -> Planned:
        row = Planned(number, cells)
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

    def _values(self, row: Planned) -> JsonObject:
        """{key: value} of what can be read; the rest is a reason of the row's."""
        values: JsonObject = {}
        for key, text in row.cells.items():
            values[key], wrong = COLUMNS_BY_KEY[key].parse(text, self.today)
            row.reasons += wrong
        wrong_keys = {key for _code, key, _values in row.reasons}
        for key in REQUIRED:
            if key not in ("country", "address") and not values.get(key) and key not in wrong_keys:
                row.reasons.append((f"{key}_missing", key, {}))
        return values

    def _country(self, row: Planned) -> Member | None:
        text = row.cells.get("country", "")
        member, reasons = COUNTRY.find(text, self.known.countries)
        row.reasons[:0] = reasons
        if member is not None and clean_line(text) != member.name:
            row.country = unambiguous_name(member)
        return member

    def _office(self, member: Member, values: JsonObject) -> Office:
        """The office of that name, and kind where it is said; else one to be made."""
        same = self.known.offices[member.pk, fold(values["office"])]
        kind = values.get("kind")
        found = next((office for office in same if not kind or office.kind == kind), None)
        if found is not None:
            return found
        return Office(
            campaign=self.campaign, member=member, kind=kind or kind_of_office(values["office"]), name=values["office"]
        )

    def _match(self, row: Planned, office: Office, values: JsonObject) -> None:
        """Sets the kind, and the recipient the row belongs to."""
        hashes = [(address, lookup_hashes(address)) for address in values.get("address") or []]
        row.key = identity(office, values["post"], values.get("name") or "")
        digests = {found.digest for _address, all_of in hashes for found in all_of}
        free = [one for one in self.known.by_identity.get(row.key, []) if id(one) not in self.taken]
        known = next((one for one in free if self.known.hashes[id(one)] & digests), free[0] if free else None)
        held = self.known.hashes[id(known)] if known is not None else set()
        new = {found.digest for _address, all_of in hashes if not {h.digest for h in all_of} & held for found in all_of}
        strangers = self._likes(self.known.alike.strangers(office.member_id, new))
        if known is None or not known.active:
            self._unknown(row, digests, known, strangers)
        elif strangers and row.decided != "add":
            row.like = _offered([], strangers)
            self._ask(row, strangers)
        else:
            row.recipient, row.kind = known, Kind.UNCHANGED
            row.decided = row.decided if strangers else ""  # nothing is left to decide
        if row.kind == Kind.ADDED:
            row.recipient = self._make(office)
        if row.recipient is not None:
            held = self.known.hashes[id(row.recipient)]
            row.addresses = [
                (address, all_of[0]) for address, all_of in hashes if not {h.digest for h in all_of} & held
            ]

    def _unknown(self, row: Planned, digests: set[str], retired: Recipient | None, strangers: list[Like]) -> None:
        """A row that is nobody we know by office, post and name: somebody new, or somebody like it."""
        assert row.key is not None
        found = self.known.alike.find(row.key, digests)
        if retired is not None:
            found = {id(retired): (retired, "same")} | found
        like = self._likes(found)
        twice = next((one.row for one in like if one.why == "same" and one.row and self._repeats(row, one.row)), None)
        chosen = next((one for one in like if row.decided in one.decisions), None)
        row.like = _offered(like, strangers)
        if twice is not None:
            row.kind, row.reasons = Kind.REFUSED, [("twice", "", {"row": twice})]
        elif chosen is not None:
            row.recipient, row.kind, row.into = chosen.recipient, Kind.UNCHANGED, chosen.row
        elif (like or strangers) and row.decided != "add":
            self._ask(row, [*like, *strangers])
        elif not digests:
            row.kind, row.reasons = Kind.REFUSED, [("address_missing", "address", {})]
        else:
            row.kind = Kind.ADDED

    def _ask(self, row: Planned, like: list[Like]) -> None:
        """Leave it to a person who the row is."""
        row.decided, in_file = "", all(one.row for one in like)
        row.kind, row.beside = (Kind.REPEATED, like[0].row) if in_file else (Kind.DUPLICATE, None)

    def _likes(self, found: Found) -> list[Like]:
        return [
            Like(one, why if one.active or why == "elsewhere" else "retired", self.taken.get(id(one)))
            for one, why in found.values()
        ]

    def _repeats(self, row: Planned, earlier: int) -> bool:
        """Whether nothing but spelling tells the row from the one before, which has the same office, post and name."""
        theirs = self.rows[earlier].cells
        told = (row.cells | theirs).keys() - {"country", "office", "post", "name"}
        return all(fold(row.cells.get(key, "")) == fold(theirs.get(key, "")) for key in told)

    def _make(self, office: Office) -> Recipient:
        recipient = Recipient(campaign=self.campaign, salutation={}, language="", post="")
        recipient.office = office
        return recipient

    def _apply(self, row: Planned, office: Office, values: JsonObject) -> None:
        """The row's values onto its recipient and office, each difference noted. Empty cells change nothing."""
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

    def _remember(self, row: Planned, recipient: Recipient) -> None:
        """For the rows to come: who this one is, how it is spelled, and where mail reaches it."""
        for _address, digest in row.addresses:
            self.known.hashes[id(recipient)].add(digest.digest)
            self.known.alike.add_address(recipient, digest.digest)
        self.taken.setdefault(id(recipient), row.number)
        self.rows[row.number] = row
        if row.key is not None and (row.kind == Kind.ADDED or row.decided):
            self.known.alike.add(recipient, row.key)

    def _changes(
        self, recipient: Recipient, values: JsonObject, *, only_empty: bool, with_office: bool
    ) -> Iterator[Change]:
        """Sets what the row says. `only_empty`: only where nothing is known, for merging into somebody else."""
        office = recipient.office
        if with_office and office.pk is None and id(office) not in self.touched:
            self.touched[id(office)] = office
            self.known.offices[office.member_id, fold(office.name)].append(office)
            yield "office", "", office.name
        for column in COLUMNS:
            if not column.assigns or values.get(column.key) is None or (column.of_office and not with_office):
                continue
            for change in column.assign(recipient, values[column.key], only_empty=only_empty):
                if column.of_office:
                    self.touched[id(office)] = office
                yield change


def _offered(like: list[Like], strangers: list[Like]) -> list[JsonObject]:
    return [one.shown() for one in [*like[:MOST_OFFERED], *strangers]]
