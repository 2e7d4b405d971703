"""The data of audit rows in words. Ids of other rows are left out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign
from apps.core.models import AuditEvent
from apps.core.times import reader_time
from apps.governments.models import Group, Member

from .audit_labels import LABELS, WORDS

DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")
HASH = re.compile(r"[0-9a-f]{64}")
#: keys with two values, before and after
CHANGES = frozenset({"stance", "on"})
EMPTY: tuple[object, ...] = ("", None, [], {})


@dataclass(frozen=True)
class Details:
    """`names` is {key in the data: {id, code or slug: name}}."""

    campaign: Campaign
    names: dict[str, dict[str, str]]

    @classmethod
    def load(cls, campaign: Campaign, events: Iterable[AuditEvent], people: dict[str, str]) -> Self:
        """Look up the governments and groups of all rows in two queries."""
        codes: set[str] = set()
        slugs: set[str] = set()
        for event in events:
            codes |= {*event.data.get("members", ()), event.data.get("member", "")}
            slugs |= {*event.data.get("groups", ())}
        members = dict(Member.objects.filter(code__in=codes).values_list("code", "name"))
        groups = {group.slug: group.label for group in Group.objects.filter(slug__in=slugs)}
        return cls(campaign, {"member": members, "members": members, "groups": groups, "prepared_by": people})

    def of(self, event: AuditEvent) -> list[tuple[str, str]]:
        """(label, value) of one row's data."""
        return [
            (str(LABELS[key]), self._value(key, value))
            for key, value in event.data.items()
            if key in LABELS and value not in EMPTY and not (key == "version" and event.verb.startswith("dispatch."))
        ]

    def _value(self, key: str, value: object) -> str:
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, dict):
            return ", ".join(f"{self._value(key, inner)} {name}" for name, inner in value.items())
        if isinstance(value, list):
            separator = " → " if key in CHANGES else ", "
            return separator.join(self._value(key, part) for part in value)
        text = str(value)
        if key == "fields":
            return text.replace("_", " ")
        return self.names.get(key, {}).get(text) or str(WORDS.get(text) or "") or self._day_or_hash(text)

    def _day_or_hash(self, text: str) -> str:
        if HASH.fullmatch(text):
            return f"{text[:8]} {text[8:16]} …"
        if MOMENT.fullmatch(text):
            return reader_time(datetime.fromisoformat(text), self.campaign)
        return date_format(date.fromisoformat(text), "j F Y") if DAY.fullmatch(text) else text
