"""Every field of a signature has its place in the table, and the table is obeyed."""

from collections import Counter
from typing import Any

import pytest

from apps.coalitions.forms.sign_on import FORMS, CorrectionForm
from apps.coalitions.models import SignOn, SignOnCall
from apps.coalitions.models.sign_on_fields import BOTH, CONSENTS, EXPORTED, FIELDS, TYPED, Erased, public
from apps.coalitions.services.erasure import sign_on_erase
from apps.core.encrypted_fields import EncryptedTextField
from apps.exports.datasets import DATASETS
from apps.exports.models import Purpose
from tests.factories.signing import organisation, person, signed


def test_every_field_of_the_model_is_classified_once() -> None:
    assert Counter(field.name for field in FIELDS) == Counter(field.name for field in SignOn._meta.concrete_fields)


def test_what_is_typed_can_be_forgotten() -> None:
    assert [field.name for field in TYPED if field.erased is Erased.KEPT] == []


def test_what_is_encrypted_is_personal_and_shown_to_nobody() -> None:
    encrypted = {field.name for field in SignOn._meta.fields if isinstance(field, EncryptedTextField)}
    rows = [field for field in FIELDS if field.name in encrypted]
    assert [field.name for field in rows if field.personal != BOTH] == []
    assert encrypted.isdisjoint(EXPORTED)


@pytest.mark.parametrize("kind", FORMS)
def test_what_files_for_the_public_have_is_public(kind: str) -> None:
    typed = {field.name for field in TYPED if field.exported and kind in field.asked_of}
    assert typed <= public(kind)


@pytest.mark.parametrize("kind", FORMS)
def test_forms_ask_for_what_the_table_says(kind: str) -> None:
    asked = {field.name for field in TYPED if kind in field.asked_of}
    form = FORMS[kind]()
    assert set(form.fields) - {"leave_empty", "shown_at"} == asked
    shown = {field.name for section in form.sections() for field, _wide in section.fields}
    assert asked - shown == {"visibility", "wants_answers", "wants_letters"}, "they are asked below"
    correctable = {field.name for field in TYPED if kind in field.correctable}
    assert set(CorrectionForm(SignOn(kind=kind, call=SignOnCall())).fields) == correctable


def test_a_sentence_that_was_agreed_to_keeps_its_id() -> None:
    """The id is stored with each consent: who words it anew gives it a new id, and adds a line here."""
    assert {field.wording: str(field.label) for field in CONSENTS} == {
        "answers-1": "Email me what governments answer to this letter",
        "letters-1": "Email me when the campaign opens another letter",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("typed", [organisation, person])
def test_erasing_leaves_nothing_that_was_typed(call: SignOnCall, typed: Any) -> None:
    sign_on = signed(call, typed(wants_answers=True, wants_letters=True))

    sign_on_erase(sign_on=sign_on)

    sign_on.refresh_from_db()
    left = {field.name: getattr(sign_on, field.name) for field in TYPED if field.name != "visibility"}
    assert {name: value for name, value in left.items() if value} == {}
    assert sign_on.visibility == SignOn.Visibility.COUNTED


def test_files_hold_no_other_columns() -> None:
    columns = DATASETS["signatories"].columns_for(Purpose.GOVERNMENT)
    others = {"country", "version", "coalitions", "letter"}
    assert {column.key for column in columns} == {*EXPORTED.values(), *others}
