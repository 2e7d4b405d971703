"""A small campaign of our own invention, about the sea: proof that no code knows the one that is shipped."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from apps.campaigns.models import Campaign
from apps.governments.models import Group, GroupMembership, Member
from apps.letters.models import LetterTemplate
from apps.sources.models import Source
from apps.talkingpoints.models import Ask, Audience, CalendarEntry, Fact, GlossaryTerm, TalkingPoint

MC11 = Path(settings.BASE_DIR) / "data" / "mc11"

FILES = {
    "campaign.yaml": """\
schema_version: 1
slug: sea2031
name: Quiet Seas
title: Ask governments for a quiet sea
conference: Third Conference on Noise at Sea
conference_short: CNS3
body_name: Sea Authority
city: Valletta
venue_time_zone: Europe/Malta
starts_on: 2031-05-05
ends_on: 2031-05-09
time_zone: Europe/Malta
time_zone_place: Valletta
languages: [en]
sender_name: Quiet Seas
sender_address: letters@quietseas.example
contact_address: hello@quietseas.example
data_controller: Quiet Seas, Valletta
published: true
reference_data_as_of: 2030-01-01
""",
    "members.csv": """\
iso_alpha2,iso_alpha3,wto_name,short_name,name_fr,name_es,accession_date,leaving_date,capital,region,\
official_languages,wto_working_language,wto_working_language_basis,notes
KE,KEN,Kenya,Kenya,Kenya,Kenia,1995-01-01,,Nairobi,Africa/Sub-Saharan Africa,sw;en,en,official,
NO,NOR,Norway,Norway,Norvège,Noruega,1995-01-01,,Oslo,Europe/Northern Europe,nb;nn,en,default-en,
EG,EGY,Égypte,Égypte,Égypte,Égypte,1995-06-30,,القاهرة,Africa/Northern Africa,ar,en,default-en,"مصر، على البحر
في سطرين"
MT,MLT,Malta,Malta,Malte,Malta,1995-01-01,2030-06-01,Valletta,Europe/Southern Europe,mt;en,en,official,
""",
    "earlier_names.csv": """\
iso_alpha2,until,short_name,wto_name,basis
KE,1999-01-01,Kenia,Kenia,invented
""",
    "groups.yaml": """\
schema_version: 1
groups:
  - slug: coast
    label: Coastal members
    confidence: high
    counts: {2029-01-01: 3, 2031-05-05: 2}
    members: [KE, "NO", {code: MT, since: 2004-05-01}]
  - slug: south
    label: Southern members
    confidence: low
    members: [KE, EG]
""",
    "sources.yaml": """\
schema_version: 1
sources:
  - id: src-book
    kind: document
    title: The Noisy Sea
    authors: [Ana Mar]
    year: 2029
  - id: src-arabic
    kind: footnote
    form: article
    title: ضوضاء البحر
    authors: [منى البحري]
    date: "2030-02"
    url_as_printed: https://bahr.example/1
""",
    "points.yaml": """\
schema_version: 1
topics:
  - {slug: whales, label: Whales}
actors:
  - {slug: sailors, label: Sailors}
points:
  - number: 1
    slug: whales-cannot-hear
    short_title: Whales cannot hear each other
    claim: Noise drowns their calls.
    topics: [whales]
    actors_affected: [sailors]
    related_groups: [coast]
    related_countries: [KE, "NO"]
    related_non_members: [ER]
    facts:
      - id: sea-f1
        statement: Calls carry 7.5 kilometres instead of 90.
        kind: figure
        figures: [{value: 7.5, unit: kilometres, year: 2028}, {value: 90, unit: kilometres, year: 1950}]
        applies_to: [coast, KE, ER, global]
        source_id: src-book
        additional_source_ids: [src-arabic]
        exact_locator: {point: 1, footnote: null, where: third page}
        verification: verified
      - id: sea-f2
        statement: Ships get louder.
        kind: claim
        source_id: src-arabic
        verification: caution
        caution: Only large ones.
  - number: 2
    slug: quiet-is-cheap
    short_title: Quiet is cheap
    claim: Slower ships are quieter and cheaper.
    facts: []
context_facts:
  - id: sea-c1
    statement: The sea covers most of the earth.
    kind: claim
    source_id: src-book
    verification: consistent
""",
    "asks.yaml": """\
schema_version: 1
asks:
  - id: ask-slow
    text: Slow ships down near the coast.
    short: Slow ships
    supports: [1, 2]
    fits_groups: [all]
    not_for_groups: [south]
    strength: core
    from_document: explicit
""",
    "audiences.yaml": """\
schema_version: 1
audiences:
  - slug: coast
    label: Members on a coast
    priority: 1
    groups: [coast]
    countries: [EG]
    order: [2, 1]
    lead_asks: [ask-slow]
    reasons:
      2: Harbours save fuel.
  - slug: everybody
    label: Everybody
    priority: 9
    groups: [all]
    order: [1, 2]
""",
    "glossary.yaml": """\
schema_version: 1
glossary:
  - {id: hydrophone, kind: concept, term: Hydrophone, definition: A microphone under water., points: [1]}
""",
    "timeline.yaml": """\
schema_version: 1
timeline:
  - {id: tl-first, date: "2029-11", precision: month, event: First conference., points: [1]}
""",
    "templates/base.yaml": """\
schema_version: 1
key: base
language: en
title: Letter to all
subject: A quiet sea
text: |
  {{recipient.salutation|Excellency}},

  Calls carry less far.[[sea-f1]]

  ::: only group:coast, member:KE except stance:opposes
  You have a coast.
  :::

  ::: point 1
  Whales **cannot** hear each other.
  :::

  {{signatories}}
""",
}


def write_folder(folder: Path, **changed: str | None) -> Path:
    """Write the small campaign into `folder`. `changed`: other contents by file name; None leaves the file out."""
    for name, text in {**FILES, **changed}.items():
        if text is None:
            (folder / name).unlink(missing_ok=True)
            continue
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def changed(name: str, old: str, new: str) -> dict[str, str]:
    """The file with one place changed, for write_folder."""
    assert FILES[name].count(old) == 1, f"{old!r} must stand in {name} once"
    return {name: FILES[name].replace(old, new)}


def line_with(text: str, words: str) -> int:
    """The number of the one line that holds the words, from 1."""
    found = [number for number, line in enumerate(text.split("\n"), start=1) if words in line]
    assert len(found) == 1, f"{words!r} stands in lines {found}"
    return found[0]


EVERYTHING = (
    Campaign, Member, Group, GroupMembership, Source, TalkingPoint, Fact, Ask, Audience, GlossaryTerm, CalendarEntry,
    LetterTemplate,
)  # fmt: skip


def contents() -> dict[str, list[Any]]:
    """Every row of a campaign as it stands, the time of saving included: an idle save would show."""
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in EVERYTHING}


def file_contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def without_ids() -> dict[str, list[Any]]:
    """Every row as a reader sees it: ids and the time of saving left out, what they point to by its name."""
    names = {"id", "created_at", "updated_at", "campaign_id", "source_id", "point_id", "group_id", "member_id"}
    rows = {
        name: [{field: value for field, value in row.items() if field not in names} for row in found]
        for name, found in contents().items()
    }
    rows["links"] = [
        *Fact.objects.order_by("key").values_list("key", "source__key", "point__number", "additional_sources__key"),
        *GroupMembership.objects.order_by("group__slug", "member__code", "since").values_list(
            "group__slug", "member__code", "since", "until"
        ),
    ]
    return rows


def forget_the_history() -> None:
    """The rows that keep what facts said are insert-only: for this one act their guard rests."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM talkingpoints_factrevision")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def empty_the_database() -> None:
    Fact.objects.all().delete()
    Campaign.objects.all().delete()
    Group.objects.all().delete()
    Member.objects.all().delete()
    assert not any(model.objects.exists() for model in EVERYTHING)
