"""The columns of a recipients' file, for imports and our own export. A new one is a class, listed here."""

from typing import Any

from . import country_and_office, recipient
from .base import Change, Column, Reason
from .country_and_office import kind_of_office

#: in the order of the export
COLUMNS: list[Column[Any]] = [
    country_and_office.Country(),
    country_and_office.OfficeKind(),
    country_and_office.OfficeName(),
    country_and_office.OfficePhone(),
    country_and_office.City(),
    recipient.Post(),
    recipient.Name(),
    recipient.Form(),
    recipient.Language(),
    recipient.Salutation(),
    *(column() for column in recipient.SALUTATIONS),
    recipient.MailAddress(),
    recipient.Phone(),
    country_and_office.PostalAddress(),
    recipient.Source(),
    recipient.VerifiedOn(),
    recipient.Notes(),
]
COLUMNS_BY_KEY = {column.key: column for column in COLUMNS}
REQUIRED = tuple(column.key for column in COLUMNS if column.required)

__all__ = ["COLUMNS", "COLUMNS_BY_KEY", "REQUIRED", "Change", "Column", "Reason", "kind_of_office"]
