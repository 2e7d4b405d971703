"""Whom the campaign writes to, in the columns that an import reads: importing the file unchanged changes nothing."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from apps.campaigns.models import Campaign
from apps.governments.models import Recipient
from apps.recipient_imports.columns import COLUMNS

from ..models import Purpose
from .base import PORTION, Column, Dataset

#: columns without personal data
PLAIN = frozenset({"country", "office", "kind", "language"})


def _rows(campaign: Campaign, _purpose: Purpose) -> QuerySet[Recipient]:
    """Active recipients, by country and office."""
    found = Recipient.objects.filter(campaign=campaign, active=True).select_related("office__member")
    return found.order_by("office__member__sort_en", "office__kind", "office__name", "pk")


def _records(_campaign: Campaign, recipients: QuerySet[Any]) -> Iterator[Recipient]:
    return recipients.prefetch_related("addresses").iterator(chunk_size=PORTION)


RECIPIENTS = Dataset(
    key="recipients",
    label=gettext_lazy("Recipients"),
    hint=gettext_lazy("Whom the campaign writes to. You can change the file and import it again."),
    purposes=(Purpose.INTERNAL,),
    rows=_rows,
    records=_records,
    columns=tuple(
        Column(
            key=column.export_heading, label=column.label or column.export_heading, convert=column.export,
            contact=column.key not in PLAIN,
        )
        for column in COLUMNS
    ),
)  # fmt: skip
