"""campaign.yaml: the campaign itself, and how new the shared data beside it is."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from django.utils.translation import gettext as _

from apps.campaigns.licences import LICENCES, NO_LICENCE
from apps.campaigns.models import Campaign
from apps.core.languages import LANGUAGES, primary_language

from ..faults import Report
from ..schema import (
    LANGUAGE,
    SLUG,
    Date,
    Email,
    Entry,
    Flag,
    Integer,
    InvalidValue,
    ListOf,
    MapOf,
    Mapping,
    Text,
    choice,
    fit,
)
from .base import Field, Fields, Values

FILE = "campaign.yaml"
#: days after delivery for which personal data may be kept at most
SIX_MONTHS = 184


class Zone(Text):
    def parse(self, raw: str, tag: str) -> str:
        text = super().parse(raw, tag)
        try:
            ZoneInfo(text)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise InvalidValue(
                _("“%(text)s” is not a time zone such as Europe/Zurich.") % {"text": text[:60]}
            ) from None
        return text


class LetterLanguage(Text):
    def parse(self, raw: str, tag: str) -> str:
        code = LANGUAGE.parse(raw, tag)
        if primary_language(code) not in LANGUAGES:
            raise InvalidValue(
                _("letters cannot be written in “%(code)s”. The languages of letters are %(known)s.")
                % {"code": code, "known": ", ".join(LANGUAGES)}
            )
        return code


TRANSLATION = Mapping(required={}, optional={name: fit(Campaign, name) for name in Campaign.TRANSLATED})
CAMPAIGN = Fields(
    Campaign,
    (
        Field("schema_version", Integer(1, 1), None),
        Field("slug", SLUG, required=True),
        Field("name", required=True),
        Field("title", required=True),
        Field("summary", Text()),
        Field("conference", required=True),
        Field("conference_short", required=True),
        Field("body_name", required=True),
        Field("city", required=True),
        Field("venue_time_zone", Zone(60)),
        Field("starts_on", Date(), required=True),
        Field("ends_on", Date(), required=True),
        Field("time_zone", Zone(60), required=True),
        Field("time_zone_place"),
        Field("languages", ListOf(LetterLanguage(), least=1), required=True),
        Field("translations", MapOf(LANGUAGE, TRANSLATION)),
        Field("sender_name", required=True),
        Field("sender_address", Email(254), required=True),
        Field("postal_address"),
        Field("contact_address", Email(254), required=True),
        Field("data_controller", required=True),
        Field("retention_days", Integer(1, SIX_MONTHS)),
        Field("open_data_licence", choice(*LICENCES, NO_LICENCE)),
        Field("published", Flag()),
        Field("reference_data_as_of", Date(), None),
    ),
)


def read(node: yaml.Node, report: Report) -> Entry | None:
    """None after reporting."""
    entry = CAMPAIGN.shape.read(node, report)
    if not isinstance(entry, Entry):
        return None
    if entry["ends_on"] < entry["starts_on"]:
        report(entry.line_of("ends_on"), _("ends_on: the conference ends before it starts."))
    return entry


def values(entry: Entry) -> Values:
    """The venue's time zone and the name of the zone's place default to the time zone."""
    found = CAMPAIGN.values(entry)
    return found | {name: entry.get(name, found["time_zone"]) for name in ("time_zone_place", "venue_time_zone")}


def moved(found: Values, days: int) -> Values:
    """The same with the conference so many days later, as a demonstration holds it."""
    return found | {name: found[name] + timedelta(days=days) for name in ("starts_on", "ends_on")}


def to_file(campaign: Campaign, as_of: date | None) -> Values:
    """`as_of` says how new the shared data is. The conference has its real dates."""
    more: Values = {"reference_data_as_of": as_of} if as_of else {}
    return moved(CAMPAIGN.to_file(campaign, schema_version=1, **more), -campaign.moved_days)
