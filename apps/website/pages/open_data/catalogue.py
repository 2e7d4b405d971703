"""The page that lists the datasets, and the same for search engines (schema.org)."""

from dataclasses import dataclass

from django.urls import reverse

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOnCall
from apps.core.site_url import site_url
from apps.core.types import JsonObject, Label
from apps.letters.selectors.editions import public_title

from . import signatories
from .datasets import Asked, Column
from .figures import public_calls, public_name_counts
from .registry import DATASETS

MEDIA_TYPES = {"json": "application/json", "csv": "text/csv"}


@dataclass(frozen=True)
class ListedDataset:
    """`addresses` are {ending: path}; `parameters` those that the addresses take."""

    key: str
    label: Label
    hint: Label
    columns: tuple[Column, ...]
    number: int
    addresses: dict[str, str]
    parameters: tuple[str, ...] = ()
    #: of the letter that it belongs to
    title: str = ""
    letter: int = 0


def catalogue(asked: Asked, language: str) -> list[ListedDataset]:
    """Those of the campaign, then the names of each letter, whose title is in the page's language."""
    campaign = asked.campaign
    found = [
        ListedDataset(
            key=one.key, label=one.label, hint=one.hint, columns=one.columns, number=len(one.rows(asked)),
            addresses={ending: dataset_path(campaign, one.key, ending) for ending in MEDIA_TYPES},
            parameters=(*(["language"] if one.in_languages else []), *(["on"] if one.on_a_day else [])),
        )
        for one in DATASETS.values()
    ]  # fmt: skip
    return found + [_names(call, language) for call in public_calls(campaign)]


def _names(call: SignOnCall, language: str) -> ListedDataset:
    return ListedDataset(
        key="signatories",
        label=signatories.LABEL,
        hint=signatories.HINT,
        columns=signatories.COLUMNS,
        number=sum(public_name_counts(call).values()),
        addresses=signatory_paths(call),
        title=public_title(call.version, language),
        letter=call.letter.number,
    )


def dataset_path(campaign: Campaign, key: str, ending: str) -> str:
    return reverse(f"files:open_data_{ending}", args=[campaign.slug, key])


def signatory_paths(call: SignOnCall) -> dict[str, str]:
    place = [call.campaign.slug, call.letter.number]
    return {"json": reverse("files:signatories", args=place), "csv": reverse("files:signatories_csv", args=place)}


def structured_data(campaign: Campaign, page: str, listed: list[ListedDataset], language: str) -> JsonObject:
    """A schema.org DataCatalog with a Dataset for each. `page` is the path of the page."""
    offered: JsonObject = {"creator": {"@type": "Organization", "name": campaign.text_in("name", language)}}
    if campaign.licence_address:
        offered["license"] = campaign.licence_address
    return {
        "@context": "https://schema.org",
        "@type": "DataCatalog",
        "name": campaign.text_in("title", language),
        "url": site_url(page),
        **offered,
        "dataset": [_structured(one, page, offered) for one in listed],
    }


def _structured(one: ListedDataset, page: str, offered: JsonObject) -> JsonObject:
    return {
        "@type": "Dataset",
        "name": f"{one.label} – {one.title}" if one.title else str(one.label),
        "description": str(one.hint),
        "url": f"{site_url(page)}#{one.key}{one.letter or ''}",
        **offered,
        "isAccessibleForFree": True,
        "variableMeasured": [column.name for column in one.columns],
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": MEDIA_TYPES[ending], "contentUrl": site_url(path)}
            for ending, path in one.addresses.items()
        ],
    }
