"""The data of audit rows in words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.campaigns.models import Campaign
from apps.core.language_names import language_name
from apps.core.models import AuditEvent
from apps.core.text import joined, joined_clauses
from apps.core.times import reader_time, written_day
from apps.exports.datasets import DATASETS
from apps.governments.models import Group, Member
from apps.outreach.pages.dispatch_choice import terms_in_words
from apps.outreach.sending_terms import Terms

from .audit_labels import DETAILS, FIELDS, NOT_SHOWN, WORDS

DAY = re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")
#: keys with two values, before and after
CHANGES = frozenset({"stance", "on", "closes_at", "embargo_until", "deliver_on", "who", "moderation"})


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
        names = {"member": members, "members": members, "groups": groups}
        return cls(campaign, {**names, "prepared_by": people, "proposed_by": people})

    def sentence(self, event: AuditEvent) -> str:
        parts = (self._part(event.verb, key, event.data[key]) for key in DETAILS if key in event.data)
        return capfirst(joined_clauses(part for part in parts if part))

    def _part(self, verb: str, key: str, value: object) -> str:
        if not value or {key, f"{verb} {key}"} & NOT_SHOWN:
            return ""
        if key == "terms" and isinstance(value, dict) and value:
            return joined_clauses(
                f"{what}: {which}" for what, which in terms_in_words(Terms.stored(value), self.campaign)
            )
        phrase = DETAILS.get(f"{verb} {key}", DETAILS[key])
        number = isinstance(value, int) and key not in self.names
        return str(phrase % {"value": value if number else self._value(key, value)})

    def _value(self, key: str, value: object) -> str:
        if isinstance(value, dict):
            return joined(f"{number} {name}" for name, number in value.items() if number)
        if isinstance(value, list):
            parts = list(dict.fromkeys(self._value(key, part) or pgettext("value", "nothing") for part in value))
            lists = any(isinstance(part, list) for part in value)
            if not (key in CHANGES or lists) or len(parts) == 1:
                return joined(parts)
            return _("%(after)s (before: %(before)s)") % {"before": parts[0], "after": parts[1]}
        text = "" if value is None else str(value)
        if key in {"fields", "unasked_fields"}:
            return str(FIELDS.get(text) or text.replace("_", " "))
        if key == "dataset" and text in DATASETS:
            return str(DATASETS[text].label)
        if key in {"language", "languages"}:
            return language_name(text)
        return self.names.get(key, {}).get(text) or str(WORDS.get(text) or "") or self._day(text)

    def _day(self, text: str) -> str:
        if MOMENT.fullmatch(text):
            return reader_time(datetime.fromisoformat(text), self.campaign)
        return written_day(date.fromisoformat(text)) if DAY.fullmatch(text) else text
