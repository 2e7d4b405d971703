"""Correct, withdraw, erase; what time erases; what annexes say afterwards."""

import json
import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from apps.coalitions.models import Annex, AnnexEntry, AnnexName, Organisation, SignOn, SignOnCall, SignOnToken
from apps.coalitions.selectors.annexes import annex_data, annex_outdated
from apps.coalitions.selectors.signatory_counts import signatory_counts
from apps.coalitions.services.annexes import annex_freeze
from apps.coalitions.services.closing_times import sign_on_call_close
from apps.coalitions.services.confirmation import sign_on_confirm
from apps.coalitions.services.erasure import expired_sweep, sign_on_erase
from apps.coalitions.services.exceptions import DuplicateOrganisation
from apps.coalitions.services.signer_changes import SignatureInactive, sign_on_correct, sign_on_withdraw
from apps.coalitions.tasks import sweep
from apps.core.canonical_json import canonical_json, sha256_hex
from apps.core.encryption import lookup_hashes
from apps.core.registries import LetterDeparture, letter_departures
from apps.core.signals import personal_data_erase
from apps.letters.rendering.composition import compose
from apps.postbox.models import Message
from apps.postbox.services.claims import message_claim
from apps.postbox.services.last_step import message_to_final
from tests.factories.letters import make_next_version
from tests.factories.signing import make_call, organisation, person, signed, submit
from tests.factories.stored_rows import everything_readable

pytestmark = pytest.mark.django_db


def names_in(annex: Annex) -> list[str]:
    return [name for section in annex_data(annex).sections for name in section.names]


def test_the_annex_is_counts_and_commitments_with_one_hash(call: SignOnCall, cast: SimpleNamespace) -> None:
    named = signed(call, organisation(org_name_english="KDRF"), accepted_by=cast.coordinator)
    signed(call, person(visibility="counted"), accepted_by=cast.coordinator)

    annex = annex_freeze(version=call.version, actor=cast.sender)

    assert annex.counts == {
        "organisations": 1, "people": 1, "countries": 2, "by_country": {"KE": 1, "TG": 1}, "unnamed": 1,
    }  # fmt: skip
    entries = list(annex.entries.all())
    assert [(entry.position, entry.country, entry.named) for entry in entries] == [(1, "KE", True), (2, "TG", False)]
    assert entries[0].commitment == sha256_hex((named.salt + "Kisumu Data Rights Forum (KDRF)").encode())
    payload = {"counts": annex.counts, "commitments": [entry.commitment for entry in entries]}
    assert annex.sha256 == sha256_hex(canonical_json(payload))
    data = annex_data(annex)
    assert (data.organisations, data.people, data.countries, data.unnamed) == (1, 1, 2, 1)
    assert (data.place, data.frozen_at, str(data.frozen_at.tzinfo)) == ("Geneva", annex.frozen_at, "Europe/Zurich")
    body = {"language": "fr", "subject": "Lettre", "blocks": [], "notes": []}
    annex.campaign.translations = {"fr": {"time_zone_place": "Genève"}, "es": {"time_zone_place": "Ginebra"}}
    with override("es"):
        said = compose(body, {}, annex_data(annex)).annex_lines[-1]
    assert "à Genève (" in said, "in the language of the letter"
    assert [(section.country, section.names) for section in data.sections] == [
        ("KE", ("Kisumu Data Rights Forum (KDRF)",))
    ]


def test_an_annex_is_only_of_the_text_that_was_signed(call: SignOnCall, cast: SimpleNamespace) -> None:
    from tests.factories.letters import make_next_version

    signed(call, organisation(), accepted_by=cast.coordinator)
    later = make_next_version(call.letter, cast)
    assert annex_freeze(version=later, actor=None).counts["organisations"] == 0
    assert annex_freeze(version=call.version, actor=None).counts["organisations"] == 1


def test_the_database_refuses_to_change_an_annex(call: SignOnCall, cast: SimpleNamespace) -> None:
    signed(call, organisation(), accepted_by=cast.coordinator)
    annex = annex_freeze(version=call.version, actor=None)
    for act in (
        lambda: Annex.objects.filter(pk=annex.pk).update(sha256="0" * 64),
        lambda: AnnexEntry.objects.filter(annex=annex).update(country="FR"),
        lambda: AnnexEntry.objects.filter(annex=annex)._raw_delete("default"),
        lambda: SignOn.objects.get().covers.all()._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_withdrawing_outdates_the_annex_and_reprints_say_removed(call: SignOnCall, cast: SimpleNamespace) -> None:
    sign_on = signed(call, organisation(), accepted_by=cast.coordinator)
    annex = annex_freeze(version=call.version, actor=None)
    assert not annex_outdated(annex)
    signed(call, person(), accepted_by=cast.coordinator)
    assert not annex_outdated(annex), "who signs later does not matter"

    sign_on_withdraw(sign_on=sign_on)

    assert annex_outdated(annex)
    assert names_in(annex) == [""]
    assert annex_data(annex).organisations == 1, "what was counted then was counted"
    assert not annex_outdated(annex_freeze(version=call.version, actor=None))
    with pytest.raises(SignatureInactive):
        sign_on_withdraw(sign_on=sign_on)


def test_narrower_visibility_outdates_the_annex(call: SignOnCall, cast: SimpleNamespace) -> None:
    sign_on = signed(call, organisation(), accepted_by=cast.coordinator)
    annex = annex_freeze(version=call.version, actor=None)
    sign_on_correct(sign_on=sign_on, changes={"visibility": "government"})
    assert not annex_outdated(annex), "governments may still see it"
    assert not AnnexName.objects.get().public
    sign_on_correct(sign_on=sign_on, changes={"visibility": "counted"})
    assert annex_outdated(annex)
    assert names_in(annex) == [""]


@pytest.mark.parametrize("make", [organisation, person])
@pytest.mark.parametrize("visibility", ["government", "counted"])
def test_signing_the_next_version_with_narrower_visibility_narrows_the_annex(
    call: SignOnCall, cast: SimpleNamespace, make: Any, visibility: str
) -> None:
    signed(call, make(), accepted_by=cast.coordinator)
    annex = annex_freeze(version=call.version, actor=None)
    sign_on_call_close(call=call, actor=cast.coordinator)
    later = make_call(make_next_version(call.letter, cast), cast)

    signed(later, make(visibility=visibility), accepted_by=cast.coordinator)

    assert not AnnexName.objects.filter(public=True).exists()
    assert annex_outdated(annex) is (visibility == "counted")
    assert (names_in(annex) == [""]) is (visibility == "counted")


def everything_stored() -> str:
    """All rows of the app's tables, as text."""
    tables = [table for table in connection.introspection.table_names() if table.startswith("coalitions_")]
    found = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{table}" t')
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


@pytest.mark.parametrize("make", [organisation, person])
def test_erasing_leaves_no_name_and_no_way_back(call: SignOnCall, cast: SimpleNamespace, make: Any) -> None:
    token = submit(call, make()).token
    sign_on = sign_on_confirm(token=token).sign_on
    from apps.coalitions.services.moderation import sign_on_accept

    sign_on_accept(sign_on=sign_on, actor=cast.coordinator)
    annex = annex_freeze(version=call.version, actor=None)
    entry = annex.entries.get()
    hashed = sign_on.email_hash

    sign_on_erase(sign_on=sign_on)

    stored = everything_stored()
    for trace in ("Kisumu", "kisumu", "Mensah", "mensah", "kdrf", sign_on.salt):
        assert trace not in stored
    sign_on.refresh_from_db()
    assert sign_on.email_hash != hashed
    assert sign_on.email == sign_on.person_name == ""
    assert not SignOnToken.objects.exists()
    assert annex.entries.get().commitment == entry.commitment, "what was frozen stays"
    assert names_in(annex) == [""]
    assert annex_outdated(annex)
    assert signatory_counts(call.letter).total == 0
    assert not Organisation.objects.exists()


def test_two_people_can_be_erased_and_one_can_sign_again(call: SignOnCall) -> None:
    for email in ("a@x.example", "b@x.example"):
        sign_on_erase(sign_on=signed(call, person(email=email)))
    signed(call, person(email="a@x.example"))
    assert signatory_counts(call.letter).people == 1


def test_an_organisation_that_others_name_outlives_an_erasure(call: SignOnCall, cast: SimpleNamespace) -> None:
    first = signed(call, organisation())
    sign_on_withdraw(sign_on=first)
    second = signed(call, organisation(email="new@kdrf.example"))
    sign_on_erase(sign_on=first)
    second.refresh_from_db()
    assert second.organisation is not None
    assert signatory_counts(call.letter).organisations == 1


def test_the_signal_erases_by_address_over_all_states(call: SignOnCall) -> None:
    signed(call, organisation())
    submit(call, organisation("Another Forum"))
    submit(call, organisation("Third", state="suspect"))

    address_hash = lookup_hashes("O.Were@kdrf.example")[0].digest
    answers = personal_data_erase.send(sender=None, hashes={address_hash})
    assert {waiting for _receiver, waiting in answers} == {0}
    assert not SignOn.objects.filter(email_hash=address_hash).exists()

    assert "kdrf" not in everything_stored().lower()


def test_unconfirmed_forms_are_wiped_when_their_link_ends(call: SignOnCall, client: Client) -> None:
    token = submit(call, organisation()).token
    submit(call, organisation("Trap", state="suspect"))
    kept = signed(call, person())
    SignOn.objects.exclude(pk=kept.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    SignOnToken.objects.filter(purpose="confirm").update(expires_at=timezone.now() - timedelta(seconds=1))

    sweep()
    sweep()

    assert sorted(SignOn.objects.values_list("state", flat=True)) == ["confirmed", "expired", "expired"]
    assert "Kisumu" not in everything_stored()
    assert client.get(reverse("signing:confirm", args=[token])).status_code == 410
    kept.refresh_from_db()
    assert kept.person_name == "Afi Mensah"


def test_personal_data_goes_when_the_campaign_is_over(call: SignOnCall, cast: SimpleNamespace) -> None:
    signed(call, organisation(), accepted_by=cast.coordinator)
    for email in ("a@x.example", "b@x.example"):
        signed(call, person(email=email), accepted_by=cast.coordinator)
    annex = annex_freeze(version=call.version, actor=None)
    over = timezone.now() - timedelta(days=call.campaign.retention_days + 1)
    SignOnCall.objects.update(opens_at=over - timedelta(days=1), closes_at=over)

    done = expired_sweep()

    assert done["retention_wiped"] == 3
    stored = everything_stored()
    assert "Mensah" not in stored
    assert not SignOn.objects.exclude(email_hash__startswith="erased:").exists()
    assert [sign_on.email for sign_on in SignOn.objects.all()] == ["", "", ""]
    assert names_in(annex) == ["Kisumu Data Rights Forum", "", ""]
    assert signatory_counts(call.letter).total == 3, "counts stay"
    assert expired_sweep()["retention_wiped"] == 0
    call.refresh_from_db()
    assert call.closed_at == call.closes_at


@pytest.mark.parametrize(
    ("closed", "planned", "left", "counted_from"),
    [
        (None, None, None, 30),
        (None, 40, None, 40),
        (None, 40, 35, 35),
        (None, 40, 45, 40),
        (10, None, None, 10),
        (10, 40, 12, 12),
        (10, None, 12, 10),
        (10, 5, None, 10),
    ],
    ids=lambda day: str(day),
)  # fmt: skip
def test_time_runs_from_the_end_of_signing_or_the_delivery(
    call: SignOnCall, monkeypatch: Any, closed: int | None, planned: int | None, left: int | None, counted_from: int
) -> None:
    """Closing early and leaving early shorten it: at the latest six months after delivery, as the page promises. Days
    after the call opened; it was to close on the 30th."""
    opened = timezone.now() - timedelta(days=100)

    def day(number: int | None) -> Any:
        return None if number is None else opened + timedelta(days=number)

    departure = left and LetterDeparture(at=day(left), governments=1, returned=0, signatures=1, annex_id=1)
    monkeypatch.setitem(letter_departures, "outreach", lambda _version: departure)
    delivered = planned and day(planned).date()
    SignOnCall.objects.update(opens_at=opened, closes_at=day(30), closed_at=day(closed), deliver_on=delivered)
    call.refresh_from_db()
    assert call.personal_data_until == day(counted_from + call.campaign.retention_days).date()


def test_nothing_goes_a_day_too_early(call: SignOnCall) -> None:
    signed(call, person())
    over = timezone.now() - timedelta(days=call.campaign.retention_days)
    SignOnCall.objects.update(opens_at=over - timedelta(days=1), closes_at=over, deliver_on=timezone.now().date())
    assert expired_sweep()["retention_wiped"] == 0


def test_a_correction_cannot_take_another_organisations_name(call: SignOnCall, cast: SimpleNamespace) -> None:
    signed(call, organisation("First Forum"), accepted_by=cast.coordinator)
    second = signed(call, organisation("Second Forum", email="b@x.example"))
    with pytest.raises(DuplicateOrganisation):
        sign_on_correct(sign_on=second, changes={"org_name": "FIRST forum"})
    second.refresh_from_db()
    assert second.org_name == "Second Forum"


def test_a_correction_drops_the_organisation_it_leaves(call: SignOnCall) -> None:
    sign_on = signed(call, organisation("Frist Forum"))
    sign_on_correct(sign_on=sign_on, changes={"org_name": "First Forum"})
    assert list(Organisation.objects.values_list("name", flat=True)) == ["First Forum"]


def test_the_address_cannot_be_corrected(call: SignOnCall) -> None:
    sign_on = signed(call, organisation())
    for name in ("email", "state", "organisation", "campaign"):
        with pytest.raises(KeyError):
            sign_on_correct(sign_on=sign_on, changes={name: "x"})


@pytest.fixture
def page(call: SignOnCall) -> str:
    """The private page of a confirmed organisation."""
    token = sign_on_confirm(token=submit(call, organisation()).token).manage_token
    return reverse("signing:manage", args=[token])


def test_the_private_page_corrects(page: str) -> None:
    client = Client(enforce_csrf_checks=True)
    asked = client.get(page).content.decode()
    assert re.findall("<legend>(.+?)</legend>", asked)[:2] == ["Your organisation", "You, signing for it"]
    typed = {
        "org_name": "Kisumu Forum for Data Rights", "org_kind": "other", "country": "KE", "visibility": "counted",
        "person_name": "Otieno Were-Achieng", "person_post": "Chair",
    }  # fmt: skip
    answer = client.post(page, typed, follow=True)
    assert "Saved." in answer.content.decode()
    sign_on = SignOn.objects.get()
    assert {name: getattr(sign_on, name) for name in typed} == typed


def test_the_private_page_keeps_what_was_typed_wrong(page: str, client: Client) -> None:
    typed = {
        "org_name": "New name",
        "org_kind": "other",
        "country": "KE",
        "visibility": "public",
        "org_website": "no site",
    }
    answer = client.post(page, typed)
    text = answer.content.decode()
    assert answer.status_code == 400
    assert "New name" in text
    assert "Enter a web address" in text
    assert SignOn.objects.get().org_name == "Kisumu Data Rights Forum"


def test_withdrawing_by_the_private_page(page: str, client: Client, call: SignOnCall) -> None:
    assert "falls by one" in client.get(page + "withdraw/").content.decode()
    assert signatory_counts(call.letter).organisations == 1, "looking changes nothing"
    answer = client.post(page + "withdraw/", follow=True)
    assert "Withdrawn" in answer.content.decode()
    assert signatory_counts(call.letter).organisations == 0
    assert client.post(page + "withdraw/").status_code == 409
    assert client.post(page, {"visibility": "public"}).status_code == 400


def test_erasing_by_the_private_page_ends_the_link(page: str, client: Client) -> None:
    client.get(page + "erase/")
    assert SignOn.objects.get().org_name
    assert "Erased" in client.post(page + "erase/").content.decode()
    assert SignOn.objects.get().org_name == ""
    for path in (page, page + "erase/", page + "withdraw/", page + "signature.json"):
        assert client.get(path).status_code == 404
        assert client.post(path).status_code in {404, 405}


def test_the_download_holds_everything(page: str, client: Client) -> None:
    held = json.loads(client.get(page + "signature.json").content)
    assert held["signature"]["email"] == "o.were@kdrf.example"
    assert held["signature"]["person_name"] == "Otieno Were"
    assert held["text"]["version"] == 1
    stored = {field.name for field in SignOn._meta.fields}
    internal = {
        "id", "campaign", "call", "letter", "version", "organisation", "claimed_organisation", "name_key", "email_hash",
        "key_version", "salt", "expires_at", "moderated_by", "moderated_at",
    }  # fmt: skip
    assert held["signature"].keys() == stored - internal, "a new field of a person is in the file too"


CANARY = {"person_name": "Kanarienvogel Kisumu", "person_post": "Kanarienpost", "email": "kanarie@kdrf.example"}
TRACES = ["kanarie", "kisumu data", "kdrf"]


@pytest.mark.parametrize("step", ["submitted", "confirmed", "retention", "never confirmed"])
def test_no_table_keeps_what_an_erased_signer_entered(call: SignOnCall, step: str) -> None:
    """Mails about the signature included: what waits is cancelled, what was sent is emptied."""
    done = submit(call, organisation(**CANARY))
    sent, waiting = Message.objects.get(), None
    if step != "submitted":
        Message.objects.filter(pk=sent.pk).update(state="claimed", attempt=1, lease_until=timezone.now())
        Message.objects.filter(pk=sent.pk).update(state="final", last_code=250)
        Message.objects.filter(pk=sent.pk).update(state="accepted", accepted_at=timezone.now())
    if step in {"confirmed", "retention"}:
        sign_on_confirm(token=done.token)
        waiting = Message.objects.exclude(pk=sent.pk).get()
    assert all(trace in everything_readable().lower() for trace in TRACES)

    if step in {"submitted", "confirmed"}:
        sign_on_erase(sign_on=SignOn.objects.get())
    else:
        over = timezone.now() - timedelta(days=call.campaign.retention_days + 1)
        SignOnCall.objects.update(opens_at=over - timedelta(days=1), closes_at=over)
        SignOn.objects.filter(state="pending").update(expires_at=over)
        expired_sweep()

    left = everything_readable().lower()
    gone = ["kanarie"] if step == "retention" else TRACES  # names of organisations stay public
    assert not any(trace in left for trace in gone)
    states = {"submitted": "cancelled"}
    sent.refresh_from_db()
    assert (sent.state, sent.to_address) == (states.get(step, "accepted"), "")
    if waiting:
        waiting.refresh_from_db()
        assert (waiting.state, waiting.text_body) == ("cancelled", "")


def test_a_mail_that_is_being_sent_while_its_signer_erases_is_emptied_when_it_ends(call: SignOnCall) -> None:
    submit(call, organisation(**CANARY))
    claimed = message_claim(worker="a:1")
    assert claimed
    sign_on_erase(sign_on=SignOn.objects.get())
    assert not message_to_final(message=claimed, attempt=1), "asked to cancel, so it is not sent"
    row = Message.objects.get()
    assert (row.state, row.to_address, row.text_body) == ("cancelled", "", "")
