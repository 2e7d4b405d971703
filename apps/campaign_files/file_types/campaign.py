"""campaign.yaml: the campaign itself, and how new the shared data beside it is."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign

from ..problems import Report
from ..schema import LANGUAGE, SLUG, Date, Entry, Flag, Integer, ListOf, Mail, Mapping, Text, fit
from .base import given, in_order

FILE = "campaign.yaml"


class Zone(Text):
    """A time zone of the IANA database."""

    def fault(self, node: yaml.Node, text: str) -> str:
        try:
            ZoneInfo(text)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return _("“%(text)s” is not a time zone such as Europe/Zurich.") % {"text": text[:60]}
        return super().fault(node, text)


SHAPE = Mapping(
    required={
        "slug": SLUG,
        "name": fit(Campaign, "name"),
        "title": fit(Campaign, "title"),
        "conference": fit(Campaign, "conference"),
        "conference_short": fit(Campaign, "conference_short"),
        "body_name": fit(Campaign, "body_name"),
        "city": fit(Campaign, "city"),
        "starts_on": Date(),
        "ends_on": Date(),
        "languages": ListOf(LANGUAGE, least=1),
        "sender_name": fit(Campaign, "sender_name"),
        "sender_address": Mail(254),
        "contact_address": Mail(254),
        "data_controller": fit(Campaign, "data_controller"),
    },
    optional={
        "schema_version": Integer(1, 1),
        "summary": Text(),
        "venue_time_zone": Zone(60),
        "time_zone": Zone(60),
        "time_zone_place": fit(Campaign, "time_zone_place"),
        "postal_address": fit(Campaign, "postal_address"),
        "retention_days": Integer(1, 3650),
        "published": Flag(),
        "reference_data_as_of": Date(),
    },
    defaulted=frozenset({"time_zone", "time_zone_place", "venue_time_zone", "retention_days", "published"}),
)
#: fields of the file that the model Campaign does not have
NOT_STORED = ("schema_version", "reference_data_as_of", "slug")
#: fields of the campaign that are in no file: the demo's cast sets it
APART = frozenset({"fictional"})
ORDER = (
    "schema_version",
    "slug",
    "name",
    "title",
    "summary",
    "conference",
    "conference_short",
    "body_name",
    "city",
    "venue_time_zone",
    "starts_on",
    "ends_on",
    "time_zone",
    "time_zone_place",
    "languages",
    "sender_name",
    "sender_address",
    "postal_address",
    "contact_address",
    "data_controller",
    "retention_days",
    "published",
    "reference_data_as_of",
)
OPTIONAL_DEFAULTS: dict[str, Any] = {"summary": "", "postal_address": "", "published": False, "retention_days": 180}


def read(node: yaml.Node, report: Report) -> Entry | None:
    """The campaign, or None after reporting."""
    entry = SHAPE.read(node, report)
    if not isinstance(entry, Entry):
        return None
    if entry["ends_on"] < entry["starts_on"]:
        report(entry.line_of("ends_on"), _("ends_on: the conference ends before it starts."))
    return entry


def values(entry: Entry) -> dict[str, Any]:
    """The campaign's fields without its slug. A field that left the file gets its default back."""
    zone = entry.get("time_zone", "UTC")
    return {
        **OPTIONAL_DEFAULTS,
        "time_zone": zone,
        "time_zone_place": zone,
        "venue_time_zone": zone,
        **{name: value for name, value in entry.items() if name not in NOT_STORED},
    }


def to_file(campaign: Campaign, as_of: date | None) -> dict[str, Any]:
    """The fields of campaign.yaml; `as_of` says how new the shared data beside it is."""
    same = {name: name for name in ORDER if name not in NOT_STORED}
    fields = {"schema_version": 1, "slug": campaign.slug, **given(campaign, same, SHAPE)}
    return in_order({**fields, **({"reference_data_as_of": as_of} if as_of else {})}, ORDER)
