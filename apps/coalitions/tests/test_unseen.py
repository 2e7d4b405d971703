"""Nobody finds out from us that an organisation has signed whose signature is not public: whoever types its name, at
confirming or at correcting, meets the same answers as with a name that nobody has signed with."""

import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.coalitions.models import AddressMail, Organisation, SignOn, SignOnCall
from apps.coalitions.pages.moderation_checks import sign_on_checks
from apps.coalitions.selectors.annexes import annex_data
from apps.coalitions.selectors.moderation_queue import campaign_queue
from apps.coalitions.selectors.sign_ons import sign_on_fingerprint
from apps.coalitions.selectors.signatory_counts import signatory_counts
from apps.coalitions.selectors.signatory_lists import public_signatories
from apps.coalitions.services.annexes import annex_freeze
from apps.coalitions.services.calls import names_hide
from apps.coalitions.services.closing_times import sign_on_call_close
from apps.coalitions.services.confirmation import sign_on_confirm
from apps.coalitions.services.erasure import sign_on_erase
from apps.coalitions.services.exceptions import AlreadyConfirmed, DuplicateOrganisation
from apps.coalitions.services.moderation import OrganisationCounted, sign_on_accept, sign_on_reject
from apps.coalitions.services.signer_changes import sign_on_correct, sign_on_withdraw
from apps.core.models import AuditEvent
from tests.factories.exports import exported_names
from tests.factories.letters import make_next_version
from tests.factories.signing import link_in, mails, make_call, organisation, signed, some_time_passes, submit

pytestmark = pytest.mark.django_db

SILENT, FREE = "Silent Partners GmbH", "Nobody Signed eV"
STRANGER = {"country": "DE", "email": "stranger@x.example", "org_website": ""}
#: how the signature of Silent Partners is not public
UNSEEN = ("government", "counted", "waiting", "hidden", "unmoderated government", "older text")


@pytest.fixture(params=UNSEEN)
def silent(request: Any, version: Any, cast: SimpleNamespace) -> SignOn:
    """The signature of Silent Partners, in an open call whose public pages do not name it."""
    how = request.param
    call = make_call(version, cast, moderated=not how.startswith("unmoderated"))
    visibility = how.split()[-1] if how.endswith(("government", "counted")) else "public"
    claim = organisation(SILENT, country="DE", email="me@silent.example", visibility=visibility)
    accepts = None if how.startswith(("waiting", "unmoderated")) else cast.coordinator
    sign_on = signed(call, claim, accepted_by=accepts)
    if how == "hidden":
        names_hide(call=call, actor=cast.coordinator)
    if how == "older text":
        sign_on_call_close(call=call, actor=cast.coordinator)
        make_call(make_next_version(call.letter, cast), cast)
    return sign_on


def call_of(silent: SignOn) -> SignOnCall:
    return SignOnCall.objects.get(letter=silent.letter, closed_at=None)


def as_shown(text: str, name: str) -> str:
    """The page without what differs between any two signers: name, address, tokens, times, nonces, counts."""
    for what in (name, r"\w+@x\.example", r"/sign/\S+?/\S+?/", r"\d\d:\d\d(:\d\d)?", r"nonce-\S+"):
        text = re.sub(what if what != name else re.escape(name), "·", text)
    return text


def confirm(call: SignOnCall, name: str, number: int) -> dict[str, Any]:
    """What a stranger meets who signs with the name: statuses, pages, mail and file."""
    claim = organisation(name, **{**STRANGER, "email": f"stranger{number}@x.example"})
    before = len(mails())
    submit(call, claim)
    client, link = Client(), link_in(mails()[-1])
    opened, pressed = client.get(link), client.post(link)
    again = client.post(link)
    page = client.get(pressed["Location"]) if pressed.status_code == 302 else pressed
    file = client.get(pressed["Location"] + "signature.json") if pressed.status_code == 302 else page
    held = json.loads(file.content)["signature"] if pressed.status_code == 302 else {}
    return {
        "statuses": (opened.status_code, pressed.status_code, again.status_code, page.status_code),
        "page": without_counts(as_shown(page.content.decode(), name)),
        "mails": [as_shown(mail.text_body.splitlines()[0], name) for mail in mails()[before:]],
        "file": {key: held[key] for key in ("state", "moderation", "authority_verified")} if held else {},
    }


def without_counts(page: str) -> str:
    return re.sub(r'<p class="count.*?</p>', "", page, flags=re.DOTALL)


def test_who_confirms_meets_the_same_as_with_a_free_name(silent: SignOn) -> None:
    known, unknown = confirm(call_of(silent), SILENT, 1), confirm(call_of(silent), FREE, 2)

    assert known == unknown
    assert known["statuses"] == (200, 302, 200, 200)


def correct(call: SignOnCall, name: str, number: int) -> dict[str, Any]:
    """What a stranger meets who signs with a name of their own and corrects it."""
    own = organisation(f"Stranger {number}", **{**STRANGER, "country": "KE", "email": f"other{number}@x.example"})
    token = sign_on_confirm(token=submit(call, own).token).manage_token
    client, page = Client(), reverse("signing:manage", args=[token])
    counted = signatory_counts(call.letter)
    typed = {
        "org_name": name, "org_kind": "union", "country": "DE", "org_website": "", "visibility": "public",
        "person_name": own.person_name, "person_post": own.person_post,
    }  # fmt: skip
    saved = client.post(page, typed)
    seen = client.get(page + "?saved=1")
    after = signatory_counts(call.letter)
    held = json.loads(client.get(page + "signature.json").content)["signature"]
    return {
        "status": saved.status_code,
        "page": as_shown(seen.content.decode(), name).replace(str(after.total), "N"),
        "counts": (after.total - counted.total, after.by_country["DE"] - counted.by_country.get("DE", 0)),
        "file": {key: held[key] for key in ("org_name", "state", "moderation", "authority_verified")}
        | {"org_name": ""},
        "back": client.post(page, {**typed, "org_name": f"Stranger {number}"}).status_code,
        "left": client.post(page + "withdraw/").status_code,
        "counted": signatory_counts(call.letter).total - counted.total,
    }


def test_who_corrects_meets_the_same_as_with_a_free_name_even_in_the_counts(silent: SignOn) -> None:
    known = correct(call_of(silent), SILENT, 1)
    unknown = correct(call_of(silent), FREE, 2)

    assert known.pop("page").split("What happens next")[1] == unknown.pop("page").split("What happens next")[1]
    assert known == unknown
    assert (known["status"], known["counts"]) == (302, (0, 1))


def test_one_organisation_is_counted_once_and_a_moderator_sees_two(silent: SignOn, cast: SimpleNamespace) -> None:
    call = call_of(silent)
    before = signatory_counts(call.letter).total
    held = signed(call, organisation(SILENT.upper(), **STRANGER))

    assert held.state == SignOn.State.HELD
    assert signatory_counts(call.letter).total == before
    assert SILENT.upper() not in exported_names(call.letter, "government")
    assert annex_freeze(version=call.version, actor=None).counts["organisations"] == before
    assert held in campaign_queue(call.campaign)
    [check] = [check for check in sign_on_checks([held])[held.pk] if check.short == "Signed twice"]
    assert check.other == silent.pk
    assert AuditEvent.objects.get(verb="sign_on.hold").data["same_as"] == silent.pk

    with pytest.raises(OrganisationCounted):
        sign_on_accept(sign_on=held, actor=cast.coordinator)
    sign_on_reject(sign_on=silent, actor=cast.coordinator, reason="Not they.")
    accepted = sign_on_accept(sign_on=held, actor=cast.coordinator)
    assert (accepted.state, accepted.organisation) == (SignOn.State.CONFIRMED, silent.organisation)
    assert signatory_counts(call.letter).organisations == 1


def test_a_corrected_one_stays_counted_as_what_it_was_and_is_named_nowhere(
    silent: SignOn, cast: SimpleNamespace
) -> None:
    call = call_of(silent)
    own = signed(call, organisation("Stranger", **STRANGER))
    before = signatory_counts(call.letter).organisations

    held = sign_on_correct(sign_on=own, changes={"org_name": SILENT})

    assert signatory_counts(call.letter).organisations == before
    assert held.held_back
    assert held.organisation is not None
    assert held.organisation.name == "Stranger"
    names = [name.name for roll in public_signatories(call.letter) for name in roll.names]
    assert SILENT not in names
    named = [
        n for section in annex_data(annex_freeze(version=call.version, actor=None)).sections for n in section.names
    ]
    assert named.count(SILENT) <= 1
    assert held in campaign_queue(call.campaign)
    with pytest.raises(OrganisationCounted):
        sign_on_accept(sign_on=held, actor=cast.coordinator)
    sign_on_withdraw(sign_on=silent)
    accepted = sign_on_accept(sign_on=held, actor=cast.coordinator)
    assert accepted.organisation == silent.organisation
    assert not Organisation.objects.filter(name="Stranger").exists()


def test_what_everybody_may_read_is_said(call: SignOnCall, cast: SimpleNamespace) -> None:
    signed(call, organisation(SILENT, country="DE", email="me@silent.example"), accepted_by=cast.coordinator)
    own = signed(call, organisation("Stranger", **STRANGER))
    token = submit(call, organisation(SILENT, **STRANGER)).token

    with pytest.raises(DuplicateOrganisation):
        sign_on_correct(sign_on=own, changes={"org_name": SILENT})
    page = Client().post(reverse("signing:confirm", args=[token]))

    assert page.status_code == 409
    assert "has already signed this letter" in page.content.decode()
    assert signatory_counts(call.letter).organisations == 2


def test_a_held_signature_is_its_signers_own(call: SignOnCall, cast: SimpleNamespace) -> None:
    """It can be corrected to a free name, withdrawn, erased and signed again like any other."""
    silent = organisation(SILENT, country="DE", email="me@silent.example", visibility="government")
    signed(call, silent, accepted_by=cast.coordinator)
    held = signed(call, organisation(SILENT, **STRANGER))
    some_time_passes()
    again = submit(call, organisation(SILENT, **STRANGER))
    assert again.outcome == "already"
    assert "You have already signed" in mails()[-1].text_body

    free = sign_on_correct(sign_on=held, changes={"org_name": "A Name of Its Own"})
    assert (free.state, free.moderation) == (SignOn.State.CONFIRMED, SignOn.Moderation.WAITING)
    assert signatory_counts(call.letter).organisations == 2
    sign_on_withdraw(sign_on=free)
    AddressMail.objects.all().delete()  # three in an hour are an address's share
    held = signed(call, organisation(SILENT, **STRANGER))
    assert held.state == SignOn.State.HELD
    sign_on_erase(sign_on=held)
    held.refresh_from_db()
    assert (held.state, held.org_name) == (SignOn.State.WITHDRAWN, "")
    assert signatory_counts(call.letter).organisations == 1


def test_a_rejected_held_signature_gets_the_reason_by_mail(call: SignOnCall, cast: SimpleNamespace) -> None:
    claim = organisation(SILENT, country="DE", email="me@silent.example", visibility="counted")
    signed(call, claim, accepted_by=cast.coordinator)
    held = signed(call, organisation(SILENT, **STRANGER))
    sign_on_reject(sign_on=held, actor=cast.coordinator, reason="We cannot reach you.")
    assert "We cannot reach you." in mails()[-1].text_body
    assert "already" not in mails()[-1].text_body
    assert signatory_counts(call.letter).organisations == 1


def test_moderators_see_the_pair(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    claim = organisation(SILENT, country="DE", email="me@silent.example", visibility="government")
    silent = signed(call, claim, accepted_by=cast.coordinator)
    held = signed(call, organisation(SILENT, **STRANGER))
    client = signed_in(cast.data_officer)

    page = client.get(reverse("sign_on:moderate", args=[call.campaign.slug])).content.decode()
    assert "Signed twice" in page
    assert reverse("sign_on:sign_on", args=[call.campaign.slug, silent.pk]) in page
    one = reverse("sign_on:sign_on", args=[call.campaign.slug, held.pk])
    assert 'name="accept"' not in client.get(one).content.decode(), "what would be refused is not offered"
    data = {"accept": "1", "seen": sign_on_fingerprint(held)}
    answer = client.post(reverse("sign_on:decide", args=[call.campaign.slug, held.pk]), data)
    assert answer.status_code == 409
    assert "Reject one of the two" in answer.content.decode()
    index = client.get(reverse("sign_on:index", args=[call.campaign.slug]) + "?state=held").content.decode()
    assert "Signed twice, to check" in index

    sign_on_withdraw(sign_on=silent)
    page = client.get(one).content.decode()
    assert "Held back" in page
    assert 'name="accept"' in page


def test_moderation_says_when_the_other_name_is_public(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    silent = signed(call, organisation(SILENT, country="DE", email="me@silent.example"))
    held = signed(call, organisation(SILENT, **STRANGER))
    client, one = signed_in(cast.data_officer), reverse("sign_on:sign_on", args=[call.campaign.slug, held.pk])
    assert "its name is not public" in client.get(one).content.decode()

    sign_on_accept(sign_on=silent, actor=cast.coordinator)
    text = client.get(one).content.decode()
    assert "its name is not public" not in text
    assert "its name is on the public page" in text

    names_hide(call=call, actor=cast.coordinator)
    assert "its name is not public" in client.get(one).content.decode()


def test_many_held_ones_cost_one_query_more(call: SignOnCall, cast: SimpleNamespace) -> None:
    claim = organisation(SILENT, country="DE", email="me@silent.example", visibility="government")
    signed(call, claim, accepted_by=cast.coordinator)
    numbers = []
    for number in (1, 5):
        for again in range(number):
            signed(call, organisation(SILENT, **{**STRANGER, "email": f"s{number}-{again}@x.example"}))
        rows = list(campaign_queue(call.campaign))
        with CaptureQueriesContext(connection) as queries:
            checks = sign_on_checks(rows)
        assert all(seen[0].short == "Signed twice" for seen in checks.values())
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


def test_a_held_one_signs_the_next_text_too(call: SignOnCall, cast: SimpleNamespace) -> None:
    claim = organisation(SILENT, country="DE", email="me@silent.example", visibility="government")
    signed(call, claim, accepted_by=cast.coordinator)
    held = signed(call, organisation(SILENT, **STRANGER))
    sign_on_call_close(call=call, actor=cast.coordinator)
    later = make_call(make_next_version(call.letter, cast), cast)

    again = signed(later, organisation(SILENT, **STRANGER))

    assert (again.pk, again.state) == (held.pk, SignOn.State.HELD)
    assert sorted(covered.version.number for covered in again.covers.all()) == [1, 2]
    assert signatory_counts(call.letter).total == 0, "only the stranger signed the new text"


def test_a_second_link_of_ones_own_signature_says_so_and_mails_the_private_page(call: SignOnCall) -> None:
    first = submit(call, organisation()).token
    second = submit(call, organisation(visibility="government")).token
    sign_on_confirm(token=first)
    some_time_passes()
    client, link = Client(), reverse("signing:confirm", args=[second])

    opened = client.get(link)
    assert opened.status_code == 200
    assert "Already confirmed" in opened.content.decode()
    assert len(mails()) == 3, "opening changes nothing"
    AddressMail.objects.all().delete()  # three in an hour are an address's share
    pressed = client.post(link)
    assert pressed.status_code == 200
    assert "Already confirmed" in pressed.content.decode()
    assert len(mails()) == 4
    assert client.get(link_in(mails()[-1])).status_code == 200
    client.post(link)
    assert len(mails()) == 4, "pressed twice, mailed once"
    with pytest.raises(AlreadyConfirmed):
        sign_on_confirm(token=second)
    assert SignOn.objects.confirmed().get().visibility == "public"
