"""Two hundred mails that came back, written by people who had not seen the rules: whole, as servers, programs and
people send them, with their charsets, damage and missing headers. Whoever is no registry and thanks for a letter
answers it, as in 183; failures of addresses that a recipient forwards to are a kind of their own."""

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


RECIPIENT = "minister@ministry.example"
STRUCTURES = sorted((MAILS.parent / "structures").glob("*.eml"))
PHRASINGS = list(csv.DictReader((MAILS.parent / "phrasings.csv").open(encoding="utf-8")))


@pytest.mark.parametrize("path", STRUCTURES, ids=lambda path: path.stem)
def test_where_reports_and_answers_hide(path: Path) -> None:
    """The name of the file says what it is."""
    _number, kind, *rest = path.stem.split("-")
    sender = "x@mx.example" if path.stem.endswith("with-sender") else ""
    found = classify_mail(parse_mail(path.read_bytes()), sender=sender, recipient=RECIPIENT)
    assert found.kind == kind, found
    assert kind != "bounce" or found.bounce_reason == rest[0], found


@pytest.mark.parametrize("row", PHRASINGS, ids=lambda row: f"{row['kind']}-{row['subject'][:20]}")
def test_mails_worded_otherwise(row: dict[str, str]) -> None:
    """Classes of mails rather than mails: each row stands for others of its kind, in its language or by its server."""
    headers, text = (row[name].replace("\\n", "\r\n") for name in ("headers", "text"))
    raw = (
        f"From: {row['from']}\r\nTo: reply+abc@reply.example\r\nSubject: {row['subject']}\r\n{headers}"
        f"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    ).encode()
    found = classify_mail(parse_mail(raw), sender=row["envelope"], recipient=RECIPIENT)
    reason = found.bounce_reason if found.kind == "bounce" else ""
    assert ":".join(filter(None, [found.kind, reason])) == row["kind"], found
