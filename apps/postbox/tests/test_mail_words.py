"""Absence notes, failures, delays and acknowledgements in many languages, without any header of a machine."""

import pytest

from apps.postbox.inbound.classification import classify_mail
from apps.postbox.inbound.classified import Classification
from apps.postbox.inbound.parsing import parse_mail

from .mail_phrasings import DAEMON, PHRASINGS
from .mail_words import ABSENCES, ACKNOWLEDGEMENTS, DELAYS, FAILURES

RECIPIENT = "minister@ministry.example"


def read(sender: str, subject: str, text: str, *, envelope: str) -> Classification:
    raw = (
        f"From: {sender}\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    ).encode()
    return classify_mail(parse_mail(raw), sender=envelope, recipient=RECIPIENT)


@pytest.mark.parametrize("language", ABSENCES)
def test_an_absence_note_by_its_subject_or_its_text(language: str) -> None:
    subject, text = ABSENCES[language]
    for case in ((subject, text), (subject, "."), ("Re: Letter", text), ("Letter", text)):
        found = read(f"Desk <{RECIPIENT}>", *case, envelope=RECIPIENT)
        assert found.kind == "auto_reply", case
        assert found.words, case


@pytest.mark.parametrize("language", FAILURES)
def test_a_failure_in_words(language: str) -> None:
    subject, sentence, unknown, full = FAILURES[language]
    for envelope in ("", "x@mx.example"):
        dead = read(DAEMON, subject, f"{sentence}\n\n{RECIPIENT}: {unknown}", envelope=envelope)
        assert (dead.kind, dead.bounce_reason) == ("bounce", "address"), dead
        if full:
            soft = read(DAEMON, subject, f"{sentence}\n\n{RECIPIENT}: {full}", envelope=envelope)
            assert (soft.kind, soft.bounce_reason) == ("bounce", "full"), soft


@pytest.mark.parametrize("language", DELAYS)
def test_a_delay_in_words_is_no_failure(language: str) -> None:
    for envelope in ("", "x@mx.example"):
        assert read(DAEMON, *DELAYS[language], envelope=envelope).kind == "delay"


@pytest.mark.parametrize("language", ACKNOWLEDGEMENTS)
def test_an_automatic_acknowledgement_is_no_answer(language: str) -> None:
    assert read("Registry <registry@ministry.example>", *ACKNOWLEDGEMENTS[language], envelope=RECIPIENT).kind == (
        "acknowledgement"
    )


@pytest.mark.parametrize(("expected", "sender", "subject", "text"), PHRASINGS)
def test_other_words_are_read_too(expected: str, sender: str, subject: str, text: str) -> None:
    machine = sender == DAEMON or "postmaster" in sender.lower()
    found = read(sender, subject, text, envelope="" if machine else RECIPIENT)
    assert ":".join(filter(None, [found.kind, found.bounce_reason])) == expected, found
