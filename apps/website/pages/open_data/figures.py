"""Figures of the whole campaign: the letters with their signatures, by country, and the positions of governments."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOnCall
from apps.coalitions.selectors.calls import newest_calls
from apps.coalitions.selectors.signatory_counts import version_counts
from apps.core.territories import territory_name
from apps.governments.models import Position
from apps.letters.models import Letter
from apps.letters.selectors.editions import public_title

from ..campaign import stance_chart
from .datasets import ADDRESS, CODE, DAY_OR_NULL, MOMENT, NUMBER, TEXT, YES_NO, Asked, Column, OpenDataset
from .evidence import public_address


def public_calls(campaign: Campaign) -> list[SignOnCall]:
    """The latest call of each letter that the public sees, by the number of the letter."""
    found = newest_calls(Letter.objects.filter(campaign=campaign).values_list("pk", flat=True))
    return sorted(found.values(), key=lambda call: call.letter.number)


def _letters(asked: Asked) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for call in public_calls(asked.campaign):
        counts = version_counts(call.version)
        rows.append((
            call.letter.number, public_title(call.version, asked.language), call.version.number, call.version.sha256,
            call.is_open(), call.closes_at.isoformat(), counts.total, counts.organisations, counts.people,
            counts.countries, sum(public_name_counts(call).values()),
            public_address("letter", asked.campaign, call.letter.number),
        ))  # fmt: skip
    return rows


def public_name_counts(call: SignOnCall) -> dict[str, int]:
    """{country: number of names in the list of signatories}."""
    return {} if call.names_hidden_at else version_counts(call.version).named


def _countries(asked: Asked) -> list[tuple[Any, ...]]:
    return [
        (call.letter.number, code, territory_name(code, asked.language), number)
        for call in public_calls(asked.campaign)
        for code, number in sorted(version_counts(call.version).by_country.items())
    ]


def _positions(asked: Asked) -> list[tuple[Any, ...]]:
    chart = stance_chart(asked.campaign, asked.day, asked.language)
    rows = [
        (
            listed.member.code, listed.name, chart.language, group.stance if listed.position else None,
            listed.position.on.isoformat() if listed.position else None,
        )
        for group in chart.groups
        for listed in group.members
    ]  # fmt: skip
    return sorted(rows)


LETTERS = OpenDataset(
    key="letters",
    label=_("Letters and how many have signed"),
    hint=_("Each letter that is or was open for signature, with the counts of all its signatures."),
    in_languages=True,
    rows=_letters,
    columns=(
        Column("letter", NUMBER, _("Number of the letter")),
        Column("title", TEXT, _("Title")),
        Column("version", NUMBER, _("Version that is signed")),
        Column("sha256", TEXT, _("Fingerprint of the version (SHA-256)")),
        Column("is_open", YES_NO, _("Whether it can be signed now")),
        Column("closes_at", MOMENT, _("When signing ends or ended")),
        Column("signatures", NUMBER, _("All signatures, also those without a public name")),
        Column("organisations", NUMBER, _("Organisations that signed")),
        Column("people", NUMBER, _("People who signed")),
        Column("countries", NUMBER, _("Countries that they are from")),
        Column("public_names", NUMBER, _("Names in the public list; 0 where all names are hidden")),
        Column("page", ADDRESS, _("Address of its page")),
    ),
)
COUNTRIES = OpenDataset(
    key="countries",
    label=_("Signatures by country"),
    hint=_("The signatures of each letter by country. ZZ stands for organisations of no single country."),
    in_languages=True,
    rows=_countries,
    columns=(
        Column("letter", NUMBER, _("Number of the letter")),
        Column("country", CODE, _("Code of the country")),
        Column("name", TEXT, _("Name of the country")),
        Column("signatures", NUMBER, _("All signatures, also those without a public name")),
    ),
)
POSITIONS = OpenDataset(
    key="positions",
    label=_("Positions of governments"),
    hint=_("Where each government stands, as the chart and the map of the home page show it on the day asked for."),
    in_languages=True,
    on_a_day=True,
    rows=_positions,
    columns=(
        Column("member", CODE, _("Code of the government")),
        Column("name", TEXT, _("Name of the government")),
        Column("name_language", TEXT, _("Language of the name")),
        Column(
            "stance", {"enum": [*Position.Stance.values, None]}, _("Position; empty where none is known")
        ),
        Column("since", DAY_OR_NULL, _("Day on which it was taken")),
    ),
)  # fmt: skip
