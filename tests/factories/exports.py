"""Exports as a data officer takes them."""

from collections.abc import Mapping, Sequence

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.exports.datasets import DATASETS
from apps.exports.models import Export, Purpose
from apps.exports.services.requests import Wanted, export_request


def wanted(
    dataset: str, purpose: str, format: str = "csv", *, columns: Sequence[str] = (),
    filters: Mapping[str, str] | None = None, language: str = "", with_letter: bool = False,
) -> Wanted:  # fmt: skip
    """A choice with every column that the purpose has, unless some are given."""
    every = [column.key for column in DATASETS[dataset].columns_for(Purpose(purpose))]
    return Wanted(dataset, purpose, format, list(columns) or every, filters or {}, language, with_letter)


def take(campaign: Campaign, actor: User, choice: Wanted) -> tuple[Export, bytes]:
    """A small export: its row and its file."""
    export, file = export_request(campaign=campaign, wanted=choice, reason="for the ministry", actor=actor)
    assert file is not None
    with file:
        return export, file.read()
