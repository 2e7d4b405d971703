"""The plan: for every row of the sheet what would happen to it, and why. Nothing is written here.

The planner goes through the rows in their order and keeps, on objects that are never saved from here, what the rows
before have planned: so a row that repeats another is seen, and what is shown is what accepting writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from apps.campaigns.models import Campaign
from apps.core.encryption import lookup_hashes
from apps.governments.models import Member, Office, Recipient

from ..columns import BY_KEY, NEEDED, fold
from ..sheet import Row, Sheet
from ..values import Reason, clean, kind_of_office, parse
from .known import Known, identity
from .plan import Answers, Change, Kind, Plan, Planned

#: plain fields of a recipient that a row may set
PLAIN = ("post", "name", "form", "language", "phone", "source", "verified_on", "notes")
SALUTATIONS = ("en", "fr", "es", "ar")
#: among how many recipients of one office somebody similar is looked for
LOOKED_AT = 50
STEP = 500


def plan_import(
    *, campaign: Campaign, sheet: Sheet, mapping: list[str], answers: Answers, known: Known, today: date,
    progress: Callable[[int], None] = lambda done: None,
) -> Plan:  # fmt: skip
    """What accepting would do. `progress` hears now and then how many rows are planned."""
    planner = _Planner(campaign, known, answers, today)
    rows = []
    for done, row in enumerate(sheet.rows):
        if done % STEP == 0:
            progress(done)
        rows.append(planner.plan(row.number, _cells(row, mapping, answers)))
    return Plan(rows, list(planner.touched.values()))


def _cells(row: Row, mapping: list[str], answers: Answers) -> dict[str, str]:
    """{field: text}; several columns of one field come together, and what a person typed since stands instead."""
    cells: dict[str, str] = {}
    for key, text in zip(mapping, row.cells, strict=True):
        if key:
            cells[key] = f"{cells[key]}{BY_KEY[key].joint}{text}" if cells.get(key, "").strip() else text
    return cells | answers.cells.get(str(row.number), {})


class _Planner:
    def __init__(self, campaign: Campaign, known: Known, answers: Answers, today: date) -> None:
        self.campaign, self.known, self.answers, self.today = campaign, known, answers, today
        self.touched: dict[int, Office] = {}  # by identity of the object: new offices have no id
        self.seen: dict[Any, int] = {}  # identity or recipient → row that took it
        self.seen_address: dict[str, int] = {}  # address of a recipient to be made → row

    def plan(self, number: int, cells: dict[str, str]) -> Planned:
        row = Planned(number, cells)
        row.decided = self.answers.decisions.get(str(number), "")
        if row.decided == "out":
            row.kind = Kind.OUT
            return row
        values, row.reasons = self._values(cells)
        member = self._country(cells, row.reasons)
        self._needed(values, row)
        if row.reasons or member is None:
            row.kind = Kind.REFUSED
            return row
        office = self._office(member, values)
        self._match(row, office, values)
        if row.kind in (Kind.ADDED, Kind.CHANGED, Kind.LEFT):
            self._apply(row, office, values)
        return row

    def _values(self, cells: dict[str, str]) -> tuple[dict[str, Any], list[Reason]]:
        values: dict[str, Any] = {}
        reasons: list[Reason] = []
        for key, text in cells.items():
            if key != "country":
                values[key], wrong = parse(key, text, self.today)
                reasons += wrong
        return values, reasons

    def _country(self, cells: dict[str, str], reasons: list[Reason]) -> Member | None:
        text = clean(cells.get("country", ""))
        member = self.known.countries.find(text) if text else None
        if not text:
            reasons.insert(0, ("country_missing", "country", {}))
        elif member is None:
            like = self.known.countries.like(text)
            reasons.insert(0, ("country_unknown", "country", {"value": text[:80], "like": like}))
        return member

    def _needed(self, values: dict[str, Any], row: Planned) -> None:
        wrong = {field for _code, field, _params in row.reasons}
        for key in NEEDED:
            if key not in ("country", "address") and not values.get(key) and key not in wrong:
                row.reasons.append((f"{key}_missing", key, {}))

    def _office(self, member: Member, values: dict[str, Any]) -> Office:
        """The office of that name, and kind where it is said; else one to be made."""
        same = self.known.offices[member.pk, fold(values["office"])]
        kind = values.get("kind")
        found = next((office for office in same if not kind or office.kind == kind), None)
        if found is not None:
            return found
        return Office(
            campaign=self.campaign, member=member, kind=kind or kind_of_office(values["office"]), name=values["office"]
        )

    def _match(self, row: Planned, office: Office, values: dict[str, Any]) -> None:
        """Sets the kind, and the recipient the row belongs to."""
        hashes = [(address, lookup_hashes(address)) for address in values.get("address") or []]
        key = identity(office, values["post"], values.get("name") or "")
        same = self.known.by_identity.get(key, [])
        digests = {found.digest for _address, all_of in hashes for found in all_of}
        fresh = [one for one in same if one.pk not in self.seen] or same
        known = next((one for one in fresh if self.known.hashes[one.pk] & digests), fresh[0] if fresh else None)
        twice = self.seen.get(known.pk if known else key)
        if twice is not None:
            row.kind, row.reasons = Kind.REFUSED, [("twice", "", {"row": twice})]
        elif known is not None and known.active:
            row.recipient, row.kind = known, Kind.LEFT
        else:
            self._unknown(row, office, values, digests, known)
        if row.recipient is None and row.kind == Kind.ADDED:
            row.recipient = self._make(office)
        if row.recipient is not None:
            held = self.known.hashes.get(row.recipient.pk, set()) if row.recipient.pk else set()
            row.addresses = [
                (address, all_of[0]) for address, all_of in hashes if not {h.digest for h in all_of} & held
            ]

    def _unknown(
        self, row: Planned, office: Office, values: dict[str, Any], digests: set[str], retired: Recipient | None
    ) -> None:
        """A row that is nobody we know by office, post and name: somebody new, or somebody like it."""
        like = {**self._by_address(digests), **self._similar(office, values)}
        if retired is not None:
            like = {retired.pk: (retired, ""), **like}
        row.like = [
            {"id": one.pk, "why": why if one.active else "retired", "label": _label(one)} for one, why in like.values()
        ][:3]
        other = next((self.seen_address[digest] for digest in digests if digest in self.seen_address), None)
        merge = row.decided.removeprefix("merge:") if row.decided.startswith("merge:") else ""
        chosen = next((one for one, _why in like.values() if str(one.pk) == merge), None)
        if chosen is not None and chosen.pk in self.seen:
            row.kind, row.reasons = Kind.REFUSED, [("twice", "", {"row": self.seen[chosen.pk]})]
        elif chosen is not None:
            row.recipient, row.kind = chosen, Kind.LEFT
        elif (row.like or other) and row.decided != "add":
            row.decided, row.kind = "", Kind.DUPLICATE
            row.reasons = [("address_twice", "address", {"row": other})] if other else []
        elif not digests:
            row.kind, row.reasons = Kind.REFUSED, [("address_missing", "address", {})]
        else:
            row.kind = Kind.ADDED

    def _by_address(self, digests: set[str]) -> dict[int, tuple[Recipient, str]]:
        return {
            one.pk: (one, "address") for digest in sorted(digests) for one in self.known.by_hash.get(digest, [])[:3]
        }

    def _similar(self, office: Office, values: dict[str, Any]) -> dict[int, tuple[Recipient, str]]:
        post, name = fold(values["post"]), fold(values.get("name") or "")
        found = {}
        for one in self.known.by_office.get(office.pk, [])[:LOOKED_AT] if office.pk else []:
            theirs = fold(one.name)
            if fold(one.post) == post and (not name or not theirs or SequenceMatcher(None, name, theirs).ratio() > 0.7):
                found[one.pk] = (one, "name")
            elif name and name == theirs:
                found[one.pk] = (one, "post")
        return found

    def _make(self, office: Office) -> Recipient:
        recipient = Recipient(campaign=self.campaign, salutation={}, language="", post="")
        recipient.office = office
        return recipient

    def _apply(self, row: Planned, office: Office, values: dict[str, Any]) -> None:
        """The row's values onto its recipient and office, each difference noted. Empty cells change nothing."""
        recipient = row.recipient
        assert recipient is not None
        is_new = recipient.pk is None
        merged = row.decided.startswith("merge:")
        if is_new:
            recipient.language = values.get("language") or office.member.working_language
        else:
            office = recipient.office
        row.changes = list(self._office_changes(office, values))
        row.changes += list(_changes(recipient, values, gaps_only=merged))
        if merged and not recipient.active:
            recipient.active = True
            row.changes.append(("active", "no", "yes"))
        row.changes += [("address", "", address) for address, _digest in row.addresses]
        if row.changes and not is_new:
            row.kind = Kind.CHANGED
        self._remember(row, recipient, office)

    def _remember(self, row: Planned, recipient: Recipient, office: Office) -> None:
        for _address, digest in row.addresses:
            if recipient.pk is None:
                self.seen_address[digest.digest] = row.number
            else:
                self.known.hashes[recipient.pk].add(digest.digest)
        self.seen[recipient.pk or identity(office, recipient.post, recipient.name)] = row.number

    def _office_changes(self, office: Office, values: dict[str, Any]) -> Iterator[Change]:
        if office.pk is None and id(office) not in self.touched:
            self.touched[id(office)] = office
            self.known.offices[office.member_id, fold(office.name)].append(office)
            yield "office", "", office.name
        for key, attribute in (("city", "city"), ("postal", "postal_address")):
            new, old = values.get(key), getattr(office, attribute)
            if new and new != old:
                setattr(office, attribute, new)
                self.touched[id(office)] = office
                yield key, old, new


def _changes(recipient: Recipient, values: dict[str, Any], *, gaps_only: bool) -> Iterator[Change]:
    """Sets what the row says otherwise. `gaps_only`: only where nothing is known, for merging into somebody else."""
    for key in PLAIN:
        old, new = getattr(recipient, key), values.get(key)
        if new is None or new == old or (key == "form" and new == "unknown"):
            continue
        if not gaps_only or not old or (key == "form" and old == "unknown"):
            setattr(recipient, key, new)
            yield key, _text(old), _text(new)
    salutation = dict(recipient.salutation)
    own = {f"salutation_{language}": language for language in SALUTATIONS}
    for key, language in {"salutation": recipient.language or "", **own}.items():
        new, old = values.get(key), salutation.get(language, "")
        if new and language and new != old and not (gaps_only and old):
            salutation[language] = new
            yield f"salutation_{language}", old, new
    recipient.salutation = salutation


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _label(recipient: Recipient) -> str:
    return ", ".join(
        filter(None, [recipient.name, recipient.post, recipient.office.name, recipient.office.member.name])
    )
