"""Exports as a data officer takes them."""

from collections.abc import Mapping, Sequence

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.coalitions.selectors.calls import newest_call
from apps.exports.datasets import DATASETS, Selection
from apps.exports.models import Export, Purpose
from apps.exports.services.requests import ExportChoice, export_request
from apps.letters.models import Letter


def wanted(
    dataset: str, purpose: str, format: str = "csv", *, columns: Sequence[str] = (),
    filters: Mapping[str, str] | None = None, language: str = "", with_letter: bool = False,
) -> ExportChoice:  # fmt: skip
    """A choice with every column that the purpose has, unless some are given."""
    every = columns or [column.key for column in DATASETS[dataset].columns_for(Purpose(purpose))]
    return ExportChoice(dataset, purpose, format, list(every), filters or {}, language, with_letter)


def exported_names(letter: Letter, purpose: str) -> list[str]:
    """The names on the list of signatories of the letter as `purpose` gets it, in its order."""
    call, dataset = newest_call(letter, embargoed=True), DATASETS["signatories"]
    if call is None:
        return []
    columns = [column for column in dataset.columns if column.key == "name"]
    filters = {"letter": str(letter.number), "version": str(call.version_id)}
    rows = Selection(dataset, letter.campaign, Purpose(purpose), columns, filters).rows()
    return [str(name) for [name] in rows]


def take(campaign: Campaign, actor: User, choice: ExportChoice) -> tuple[Export, bytes]:
    """A small export: its row and its file."""
    export, file = export_request(campaign=campaign, wanted=choice, reason="for the ministry", actor=actor)
    assert file is not None
    with file:
        return export, file.read()
