"""A hundred mails that came back, written by somebody who had not seen the rules: whole, as servers, programs and
people send them, with their charsets, damage and missing headers."""

import csv
from email.utils import parseaddr
from pathlib import Path

import pytest

from apps.postbox.inbound.classification import classify_mail
from apps.postbox.inbound.parsing import parse_mail

MAILS = Path(__file__).parent / "mails" / "returned"
EXPECTED = list(csv.DictReader((MAILS / "expected.csv").open(encoding="utf-8")))


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda row: row["file"].removesuffix(".eml"))
def test_a_mail_that_came_back(expected: dict[str, str]) -> None:
    read = parse_mail((MAILS / expected["file"]).read_bytes())
    sender = parseaddr(read.header("Return-Path"))[1]
    found = classify_mail(read, sender=sender, recipient=expected["recipient"])
    dead = found.kind == "bounce" and found.bounce_reason == "address"
    assert (found.kind, dead) == (expected["kind"], expected["address_dead"] == "yes"), found
