"""The pages that put a new version in place, and what everybody reads of it afterwards."""

import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.campaigns.services.notices import notices_send as team_told
from apps.campaigns.templatetags.campaigns import staff_navigation
from apps.coalitions.models import SignOn, SignOnCall, VersionReplacement
from apps.coalitions.services.annexes import annex_freeze
from apps.coalitions.services.calls import sign_on_call_open
from apps.coalitions.services.closing_times import sign_on_call_close
from apps.coalitions.services.exceptions import SignedBefore
from apps.coalitions.services.signer_notices import notices_send
from apps.coalitions.services.version_replacements import version_replacement_agree
from apps.core.errors import DomainError
from apps.core.registries import LetterDeparture, letter_departures
from apps.letters.document.differences import changes
from apps.letters.services.drafts import letter_text_save
from apps.postbox.models import Message
from apps.postbox.services.composing import message_compose
from tests.factories import html_of
from tests.factories.letters import approve_and_freeze, make_next_version
from tests.factories.signing import (
    PERSON_FORM,
    link_in,
    mails,
    make_sign_on,
    organisation,
    propose,
    replace_version,
    signed,
    submit,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def address(name: str, call: SignOnCall, *more: Any) -> str:
    return reverse(name, args=[call.campaign.slug, *more])


def test_two_people_put_a_correction_in_place(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    signed(call, organisation(language="fr"))
    coordinator, reviewer, drafter = (
        signed_in(cast.coordinator), signed_in(cast.reviewer), signed_in(cast.drafter)
    )  # fmt: skip
    form = address("sign_on:replace", call, call.pk)
    assert "Version 1 is the newest" in coordinator.get(form).content.decode()
    make_next_version(call.letter, cast)
    second = signed(call, organisation("Other Forum", email="other@forum.example"), accepted_by=cast.coordinator)
    SignOn.objects.filter(pk=second.pk).update(state="held")

    page = coordinator.get(form).content.decode()
    assert "1 signature that does not count, such as a second one of an organisation, goes with them" in " ".join(
        page.split()
    )
    SignOn.objects.filter(pk=second.pk).update(state="withdrawn")
    page = coordinator.get(form).content.decode()
    assert "that does not count" not in page
    for words in ("<ins>One thing more.</ins>", "1 signature is carried over", "French", "The count begins at zero"):
        assert words in page
    answer = coordinator.post(form, {"kind": "correction", "reason_en": ""})
    assert answer.status_code == 400
    assert not VersionReplacement.objects.exists()
    answer = coordinator.post(form, {"kind": "correction", "reason_en": "A line was missing.", "after": "2"})

    shown = answer["Location"]
    assert "another person has to agree" in coordinator.get(shown).content.decode()
    assert coordinator.get(form)["Location"] == shown, "one at a time"
    assert coordinator.post(f"{shown}agree/").status_code == 403
    assert drafter.post(f"{shown}agree/").status_code == 403
    assert "A line was missing." in reviewer.get(shown).content.decode()
    assert reviewer.post(f"{shown}agree/").status_code == 302
    assert reviewer.post(f"{shown}agree/").status_code == 409
    call.refresh_from_db()
    assert call.version.number == 2
    page = reviewer.get(shown).content.decode()
    assert "1 signature was carried over." in page
    assert "counts now" not in page
    SignOn.objects.update(state="withdrawn")
    assert "0 of them count now." in reviewer.get(shown).content.decode()
    assert "Corrected: version 2" in coordinator.get(address("sign_on:index", call)).content.decode()


def test_the_public_reads_what_changed_and_both_versions_stay(
    call: SignOnCall, cast: SimpleNamespace, client: Any
) -> None:
    before = call.version
    make_sign_on(call, "Farmers")
    changes_page = address("website:text_changes", call, call.letter.number)
    assert client.get(changes_page).status_code == 404
    make_next_version(call.letter, cast)
    replace_version(call, cast)

    page = client.get(address("website:letter", call, call.letter.number)).content.decode()
    assert "The year was wrong." in page
    assert call.version.sha256 in page
    page = client.get(changes_page).content.decode()
    assert "<ins>One thing more.</ins>" in page
    assert before.sha256 in page
    arabic = client.get(f"/ar/{changes_page.split('/', 2)[2]}").content.decode()
    assert re.search(r'<p[^>]* lang="en" dir="ltr"', arabic), "whatever the name of a field begins with"
    for version in (before, call.version):
        file = client.get(address("files:letter_json", call, call.letter.number, version.number))
        assert sha256(file.content).hexdigest() == version.sha256


def test_who_read_the_earlier_page_sees_what_changed(call: SignOnCall, cast: SimpleNamespace, client: Any) -> None:
    make_next_version(call.letter, cast)
    replace_version(call, cast)
    letter = address("website:letter", call, call.letter.number)

    client.post(f"{letter}?for=person", {**PERSON_FORM, "version": "1"})

    assert SignOn.objects.get().version.number == 1
    assert "One thing more." in client.get(link_in(mails()[-1])).content.decode()


def test_the_silent_are_counted_before_they_are_reminded(
    call: SignOnCall, cast: SimpleNamespace, signed_in: Any
) -> None:
    make_sign_on(call, "Farmers", language="es")
    make_next_version(call.letter, cast)
    change = replace_version(call, cast, "material")
    notices_send()
    page, remind = signed_in(cast.coordinator), address("sign_on:replacement_remind", call, change.pk)

    text = page.get(remind).content.decode()
    assert "1 signer was asked and has not answered." in text
    assert "1 email in Spanish" in text
    assert page.post(remind).status_code == 302
    assert page.post(remind).status_code == 409
    shown = page.get(address("sign_on:replacement", call, change.pk)).content.decode()
    assert "1 has not answered." in shown
    assert "Reminded on" in shown


def test_a_letter_that_has_left_is_not_replaced(
    call: SignOnCall, cast: SimpleNamespace, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_sign_on(call, "Farmers")
    annex = annex_freeze(version=call.version, actor=None)
    make_next_version(call.letter, cast)
    left = LetterDeparture(at=annex.frozen_at, governments=1, returned=0, signatures=1, annex_id=annex.pk)
    first = call.version_id
    monkeypatch.setitem(letter_departures, "outreach", lambda version: left if version == first else None)

    page = signed_in(cast.coordinator).get(address("sign_on:replace", call, call.pk)).content.decode()

    assert "has been sent to governments" in page
    assert "<form" not in page.split("<main", 1)[1]


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        (["A", "B"], ["A", "B"], []),
        (["one two three"], ["one two four"], ["changed"]),
        (["one two three"], ["five six seven"], ["removed", "added"]),
        ([], ["new"], ["added"]),
        (["وفي عام 2017 نطلب"], ["وفي عام 2018 نطلب"], ["changed"]),
        ([*"abcdefgh"], [*"abcdefghi"], ["same", "left_out", "same", "added"]),
    ],
)
def test_paragraphs_are_compared(old: list[str], new: list[str], kinds: list[str]) -> None:
    found = changes(old, new)
    assert [change.kind for change in found] == kinds
    for change in found:
        if change.words:
            words = [(piece.kind, piece.text) for piece in change.words]
            assert "".join(text for kind, text in words if kind != "added") == change.old
            assert "".join(text for kind, text in words if kind != "removed") == change.text


# ---- nobody is passed over


def test_who_may_agree_is_told_by_mail_by_a_number_and_on_the_overview(
    call: SignOnCall, cast: SimpleNamespace, signed_in: Any
) -> None:
    make_next_version(call.letter, cast)
    replacement = propose(call, cast)
    page = address("sign_on:replacement", call, replacement.pk)

    assert team_told(now=NOON) == 1
    assert team_told(now=NOON + timedelta(hours=2)) == 0
    [mail] = Message.objects.filter(kind="notice")
    message_compose(message=mail)
    assert mail.to_address == cast.reviewer.email, "not the one who proposed it"
    assert "1 new version waits for a second person" in mail.subject + mail.text_body
    assert page in mail.text_body

    overview = reverse("dashboard:overview", args=[call.campaign.slug])
    for who, number in (("reviewer", 1), ("coordinator", 0), ("drafter", 0)):
        answer = signed_in(getattr(cast, who)).get(overview)
        assert "1 new version waits for a second person" in html_of(answer)
        assert {each.key: each.waiting for each in staff_navigation({"request": answer.wsgi_request})}[
            "sign_on"
        ] == number

    version_replacement_agree(replacement=replacement, actor=cast.reviewer)
    assert team_told(now=NOON + timedelta(days=2)) == 0


def test_a_later_version_is_not_opened_past_the_second_person(
    call: SignOnCall, cast: SimpleNamespace, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed(call, organisation())
    sign_on_call_close(call=call, actor=cast.coordinator)
    later = make_next_version(call.letter, cast)
    closes = timezone.now() + timedelta(days=9)

    with pytest.raises(SignedBefore):
        sign_on_call_open(version=later, actor=cast.coordinator, opens_at=None, closes_at=closes)
    page = html_of(signed_in(cast.coordinator).get(address("sign_on:open", call)))
    assert "has been signed. Version 2 takes its place once a second person agrees" in page
    assert address("sign_on:replace", call, call.pk) in page
    assert "There is no version to open" not in page

    left = LetterDeparture(timezone.now(), 3, 0, 1, 1)
    monkeypatch.setitem(letter_departures, "test", lambda _version: left)
    assert sign_on_call_open(version=later, actor=cast.coordinator, opens_at=None, closes_at=closes).version == later


def test_a_later_version_is_opened_where_nobody_signed_the_earlier(call: SignOnCall, cast: SimpleNamespace) -> None:
    submit(call, organisation())
    sign_on_call_close(call=call, actor=cast.coordinator)
    later = make_next_version(call.letter, cast)
    closes = timezone.now() + timedelta(days=9)
    assert sign_on_call_open(version=later, actor=cast.coordinator, opens_at=None, closes_at=closes).version == later


def test_what_was_frozen_as_material_is_no_correction(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    """The form begins with what the approver said at the freeze; a material version between the two decides."""
    make_next_version(call.letter, cast, "material")
    coordinator, form = signed_in(cast.coordinator), address("sign_on:replace", call, call.pk)
    shown = coordinator.get(form)
    assert "A mistake was found.</textarea>" in html_of(shown)
    assert shown.context["form"]["kind"].value() == "material"
    refused = coordinator.post(form, {"kind": "correction", "reason_en": "Only a typo.", "after": "2"})
    assert refused.status_code == 400
    assert "Version 2 was frozen as a material change, so signers are asked again." in html_of(refused)
    text = call.letter.texts.get()
    letter_text_save(
        text=text, actor=cast.drafter, revision=text.revision, subject="A typo less", body=text.body
    )  # fmt: skip
    approve_and_freeze(call.letter, cast)
    with pytest.raises(DomainError, match="Version 2 was frozen as a material"):
        propose(call, cast)
    assert propose(call, cast, "material").after.number == 3


def test_a_correction_may_turn_out_to_be_material(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    make_next_version(call.letter, cast)
    shown = signed_in(cast.coordinator).get(address("sign_on:replace", call, call.pk))
    assert shown.context["form"]["kind"].value() == "correction"
    assert propose(call, cast, "material").kind == "material"
