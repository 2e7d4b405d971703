"""Arabic numbers with the signs that go with their digits (apps/core/digits.py)."""

DECIMAL_SEPARATOR = "\N{ARABIC DECIMAL SEPARATOR}"
THOUSAND_SEPARATOR = "\N{ARABIC THOUSANDS SEPARATOR}"
NUMBER_GROUPING = 3
