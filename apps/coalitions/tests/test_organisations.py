"""Organisations are found by any of their names, merged with their signatures counted once, and taken apart again."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.coalitions.models import Coalition, Organisation, OrganisationMerge, SignOn, SignOnCall
from apps.coalitions.pages.moderation_checks import sign_on_checks
from apps.coalitions.selectors.organisations import alike, organisation_fingerprint, organisation_subject
from apps.coalitions.selectors.signatory_counts import signatory_counts
from apps.coalitions.selectors.signature_log_findings import log_findings
from apps.coalitions.services.annexes import annex_freeze
from apps.coalitions.services.erasure import sign_on_erase
from apps.coalitions.services.moderation import sign_on_accept
from apps.coalitions.services.organisation_merges import (
    MergedAlready,
    SentSinceMerge,
    organisation_merge,
    organisation_merge_undo,
)
from apps.coalitions.services.signature_log import log_entries_number
from apps.coalitions.services.signer_changes import sign_on_correct, sign_on_withdraw
from apps.core.errors import DomainError
from apps.core.registries import LetterDeparture, letter_departures
from tests.factories import add_team_member, html_of, make_campaign, make_user
from tests.factories.signing import link_in, mails, make_sign_ons, organisation, person, signed

pytestmark = pytest.mark.django_db


def url(name: str, campaign: Any, *more: Any) -> str:
    return reverse(f"sign_on:{name}", args=[campaign.slug, *more])


@pytest.fixture
def pair(call: SignOnCall, cast: SimpleNamespace) -> SimpleNamespace:
    """One organisation that signed the letter under two names."""
    first = signed(call, organisation("Kisumu Data Rights Forum", email="a@kdrf.example"), accepted_by=cast.coordinator)
    second = signed(call, organisation("Kisumu Forum on Data Rights", email="b@kdrf.example", org_acronym="KFDR"))
    return SimpleNamespace(first=first, second=second, kept=first.organisation, other=second.organisation)


def merged(pair: SimpleNamespace, cast: SimpleNamespace) -> OrganisationMerge:
    return organisation_merge(kept=pair.kept, other=pair.other, actor=cast.data_officer)


def states(pair: SimpleNamespace) -> list[tuple[str, str, int | None]]:
    for row in (pair.first, pair.second):
        row.refresh_from_db()
    return [(row.state, row.moderation, row.organisation_id) for row in (pair.first, pair.second)]


def test_two_that_both_signed_count_once_after_the_merge_and_twice_after_its_undo(
    pair: SimpleNamespace, call: SignOnCall, cast: SimpleNamespace
) -> None:
    before = states(pair)
    mailed = len(mails())
    merge = merged(pair, cast)

    assert states(pair) == [("confirmed", "accepted", pair.kept.pk), ("held", "accepted", pair.kept.pk)]
    assert signatory_counts(call.letter).organisations == 1
    pair.kept.refresh_from_db()
    assert pair.kept.acronym == "KFDR", "what was empty is filled"
    assert annex_freeze(version=call.version, actor=None).counts["organisations"] == 1
    assert len(mails()) == mailed
    log_entries_number()
    assert list(log_findings(call.campaign)) == []

    organisation_merge_undo(merge=merge, actor=cast.coordinator)
    assert states(pair) == before
    assert signatory_counts(call.letter).organisations == 2
    pair.kept.refresh_from_db()
    assert pair.kept.acronym == ""
    log_entries_number()
    assert list(log_findings(call.campaign)) == []
    with pytest.raises(MergedAlready):
        organisation_merge_undo(merge=merge, actor=cast.coordinator)


def test_a_later_signature_under_an_old_name_is_the_kept_ones(
    pair: SimpleNamespace, call: SignOnCall, cast: SimpleNamespace
) -> None:
    merged(pair, cast)
    third = organisation("Third Name", email="c@kdrf.example")
    third_sign_on = signed(call, third)
    organisation_merge(kept=pair.kept, other=third_sign_on.organisation, actor=cast.coordinator)
    sign_on_withdraw(sign_on=pair.first)
    again = signed(call, organisation("KISUMU FORUM, on Data Rights", email="d@kdrf.example", visibility="government"))
    assert again.organisation == pair.kept
    assert not again.held_back, "its name is known"
    accepted = sign_on_accept(sign_on=again, actor=cast.coordinator)
    assert (accepted.state, accepted.moderation) == ("confirmed", "accepted")


def test_a_merge_into_a_merged_one_and_chains(pair: SimpleNamespace, call: SignOnCall, cast: SimpleNamespace) -> None:
    last = signed(call, organisation("Kisumu Data", email="z@kdrf.example")).organisation
    first_merge = merged(pair, cast)
    with pytest.raises(MergedAlready):
        organisation_merge(kept=pair.other, other=last, actor=cast.coordinator)
    with pytest.raises(DomainError, match="two different"):
        organisation_merge(kept=last, other=last, actor=cast.coordinator)
    outer = organisation_merge(kept=last, other=pair.kept, actor=cast.coordinator)
    pair.other.refresh_from_db()
    assert pair.other.merged_into == last, "pointers are never chains"
    with pytest.raises(MergedAlready):
        organisation_merge_undo(merge=first_merge, actor=cast.coordinator)
    organisation_merge_undo(merge=outer, actor=cast.coordinator)
    pair.other.refresh_from_db()
    assert pair.other.merged_into == pair.kept
    organisation_merge_undo(merge=first_merge, actor=cast.coordinator)


def test_when_the_counted_one_goes_the_second_comes_back_to_the_queue(
    pair: SimpleNamespace, call: SignOnCall, cast: SimpleNamespace
) -> None:
    merged(pair, cast)
    assert SignOn.objects.to_moderate().count() == 0
    sign_on_withdraw(sign_on=pair.first)
    assert SignOn.objects.to_moderate().get() == pair.second
    accepted = sign_on_accept(sign_on=pair.second, actor=cast.coordinator)
    assert accepted.state == "confirmed"
    assert signatory_counts(call.letter).organisations == 1


def test_who_changed_since_stays_so_when_a_merge_is_undone(pair: SimpleNamespace, cast: SimpleNamespace) -> None:
    merge = merged(pair, cast)
    sign_on_withdraw(sign_on=pair.second)
    organisation_merge_undo(merge=merge, actor=cast.coordinator)
    assert states(pair)[1][::2] == ("withdrawn", pair.other.pk)


def test_a_merge_is_not_undone_once_a_letter_left_with_it(
    pair: SimpleNamespace, call: SignOnCall, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    merge = merged(pair, cast)
    annex = annex_freeze(version=call.version, actor=None)
    left = LetterDeparture(annex.frozen_at, 3, 0, 1, annex.pk)
    monkeypatch.setitem(letter_departures, "test", lambda _version: left)
    with pytest.raises(SentSinceMerge):
        organisation_merge_undo(merge=merge, actor=cast.coordinator)


def test_a_renamed_one_that_claims_the_other_is_its_own_after_a_merge(call: SignOnCall, cast: SimpleNamespace) -> None:
    silent = signed(call, organisation("Silent GmbH", country="DE", email="s@s.example", visibility="government"))
    own = signed(call, organisation("Loud GmbH", country="DE", email="l@l.example"))
    held = sign_on_correct(sign_on=own, changes={"org_name": "Silent GmbH"})
    assert held.held_back
    merge = organisation_merge(kept=own.organisation, other=silent.organisation, actor=cast.coordinator)
    held.refresh_from_db()
    assert not held.held_back
    assert sign_on_accept(sign_on=held, actor=cast.coordinator).organisation == own.organisation
    assert signatory_counts(call.letter).organisations == 1
    organisation_merge_undo(merge=merge, actor=cast.coordinator)
    held.refresh_from_db()
    assert held.claimed_organisation is None, "it was accepted since"


def test_the_private_page_of_a_second_signature_shows_no_difference(
    pair: SimpleNamespace, cast: SimpleNamespace, client: Any
) -> None:
    link = link_in(mails()[-1])
    sign_on_accept(sign_on=pair.second, actor=cast.coordinator)
    before = client.get(link).content
    merged(pair, cast)
    assert b"The campaign has accepted it" in client.get(link).content
    assert b"The campaign has accepted it" in before
    held = client.get(link + "signature.json").json()["signature"]
    assert (held["state"], held["moderation"]) == ("confirmed", "accepted")


def test_erasing_the_last_signature_leaves_no_name(pair: SimpleNamespace, cast: SimpleNamespace) -> None:
    merged(pair, cast)
    for row in (pair.first, pair.second):
        sign_on_erase(sign_on=row)
    assert not Organisation.objects.exists()
    assert not OrganisationMerge.objects.exists()


def test_names_coalitions_and_details_are_edited(
    call: SignOnCall, cast: SimpleNamespace, signed_in: Any, campaign: Any
) -> None:
    known = signed(call, organisation("Union of Growers", email="a@growers.example"))
    other = signed(call, organisation("Other Union", email="o@other.example"))
    client, page = signed_in(cast.data_officer), url("organisation_edit", campaign, known.organisation_id)
    network = Coalition.objects.create(campaign=campaign, name="Data Justice Network")
    seen = organisation_fingerprint(known.organisation)
    typed = {
        "seen": seen, "name_english": "Growers", "acronym": "UG", "website": "growers.example",
        "other_names": "Growers’ League\n\nchama cha wakulima", "coalitions": [network.pk], "new_coalition": "Our Net",
    }  # fmt: skip
    taken = client.post(page, {**typed, "other_names": "Other UNION"})
    assert taken.status_code == 409
    assert "the name of another organisation" in html_of(taken)
    assert not Organisation.objects.exclude(merged_into=None).exists()
    assert client.post(page, {**typed, "other_names": "http://x.example"}).status_code == 400
    assert client.post(page, typed).status_code == 302
    stale = client.post(page, typed)
    assert stale.status_code == 409
    assert "Somebody changed this organisation" in html_of(stale)

    row = Organisation.objects.get(pk=known.organisation_id)
    assert (row.acronym, row.website) == ("UG", "https://growers.example")
    assert {str(each) for each in row.coalitions.all()} == {"Data Justice Network", "Our Net"}
    assert signed(call, organisation("GROWERS LEAGUE", email="b@b.example", country="KE")).organisation == row
    assert signed(call, organisation("Growers League", email="c@b.example", country="TZ")).organisation != row
    found = html_of(client.get(url("organisations", campaign), {"q": "wakulima"}))
    assert "Union of Growers" in found
    assert "Other Union" not in found
    found = html_of(client.get(url("organisations", campaign), {"coalition": network.pk}))
    assert "Other Union" not in found
    assert other.organisation_id != row.pk

    client.post(page, {**typed, "seen": organisation_fingerprint(row), "other_names": "", "new_coalition": ""})
    assert not row.merged.exists()
    assert [str(each) for each in row.coalitions.all()] == ["Data Justice Network"]


def test_a_correction_keeps_the_record_that_somebody_edited(call: SignOnCall, campaign: Any) -> None:
    plain = signed(call, organisation("Plain", email="p@p.example"))
    edited = signed(call, organisation("Edited", email="e@e.example"))
    edited.organisation.coalitions.add(Coalition.objects.create(campaign=campaign, name="Network"))
    for row in (plain, edited):
        sign_on_correct(sign_on=row, changes={"org_name": f"{row.org_name} renamed"})
    assert set(Organisation.objects.values_list("name", flat=True)) == {"Edited", "Edited renamed", "Plain renamed"}


def test_pages_show_people_only_to_who_may_see_them(
    pair: SimpleNamespace, cast: SimpleNamespace, signed_in: Any, campaign: Any
) -> None:
    page, index = url("organisation", campaign, pair.kept.pk), url("organisations", campaign)
    full = html_of(signed_in(cast.data_officer).get(page))
    assert "a@kdrf.example" in full
    assert "Otieno Were" in full
    assert "% alike, same domain kdrf.example" in full
    seen = html_of(signed_in(cast.observer).get(page))
    assert "a@kdrf.example" not in seen
    assert "Otieno Were" not in seen
    assert "alike" not in seen
    assert "Kisumu Forum" not in seen
    assert "Letter 2" not in seen
    assert signed_in(cast.observer).get(url("organisation", campaign, pair.other.pk)).status_code == 404, "not public"
    listed = html_of(signed_in(cast.observer).get(index))
    assert "Kisumu Data Rights Forum" in listed
    assert "1 more organisation has signed without a public name" in listed
    assert signed_in(cast.observer).get(url("organisation_edit", campaign, pair.kept.pk)).status_code == 403


def test_the_page_to_merge_says_what_moves_and_is_undone_on_the_page(
    pair: SimpleNamespace, cast: SimpleNamespace, signed_in: Any, campaign: Any
) -> None:
    client, page = signed_in(cast.data_officer), url("organisation_merge", campaign, pair.kept.pk, pair.other.pk)
    text = html_of(client.get(page))
    assert "1 signature moves to Kisumu Data Rights Forum" in text
    assert "no longer counted or listed" in text
    assert client.post(page + "?then=queue")["Location"] == url("moderate", campaign)
    assert client.get(page).status_code == 404, "the other one is a name now"
    assert client.get(url("organisation", campaign, pair.other.pk))["Location"] == url(
        "organisation", campaign, pair.kept.pk
    )
    text = html_of(client.get(url("organisation", campaign, pair.kept.pk)))
    assert "Merged by" in text
    merge = OrganisationMerge.objects.get()
    client.post(url("organisation_merge_undo", campaign, pair.kept.pk, merge.pk))
    pair.other.refresh_from_db()
    assert pair.other.merged_into is None
    again = client.post(url("organisation_merge_undo", campaign, pair.kept.pk, merge.pk), follow=True)
    assert "merged meanwhile" in html_of(again)


def test_organisations_of_another_campaign_are_not_there(pair: SimpleNamespace, signed_in: Any) -> None:
    elsewhere = make_campaign("mc12")
    stranger = make_user("Somebody Else")
    add_team_member(stranger, elsewhere, "coordinator")
    client = signed_in(stranger)
    assert client.get(url("organisation", elsewhere, pair.kept.pk)).status_code == 404
    assert client.post(url("organisation_merge", elsewhere, pair.kept.pk, pair.other.pk)).status_code == 404


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"org_name": "Saatgut Süd, Arbeitsgemeinschaft"}, (100, "")),
        ({"org_name": "Seeds", "org_name_english": "Arbeitsgemeinschaft Saatgut Sued"}, (98, "")),
        ({"org_name": "Seeds", "org_website": "https://www.saatgut-sued.example/wir"}, (0, "saatgut-sued.example")),
        ({"org_name": "Seeds", "email": "somebody@saatgut-sued.example"}, (0, "saatgut-sued.example")),
        ({"org_name": "Arbeitsgemeinschaft Saatgut Süd e.V.", "country": "AT"}, None),
        ({"org_name": "Imkerverband Nord"}, None),
    ],
)
def test_what_is_suggested_and_why(call: SignOnCall, changes: dict[str, Any], expected: Any) -> None:
    plain = {"country": "DE", "email": "a@a.example", "org_website": ""}
    signed(call, organisation("Arbeitsgemeinschaft Saatgut Süd", **{**plain, "org_website": "saatgut-sued.example"}))
    Organisation.objects.update(website="https://saatgut-sued.example")
    values = {**plain, "email": "b@b.example", **changes}
    other = signed(call, organisation(values.pop("org_name"), **values))
    found = [check for check in sign_on_checks([other])[other.pk] if check.like]
    if expected is None:
        assert found == []
        return
    [check] = found
    share, domain = expected
    assert (f"({share} %)" in check.sentence) == bool(share), check.sentence
    assert (domain in check.sentence) if domain else True


def test_suggestions_of_many_rows_and_countries_cost_one_query(call: SignOnCall, campaign: Any) -> None:
    for country in ("KE", "TG", "FR"):
        make_sign_ons(call, [f"{country} union {number}" for number in range(5)], country=country)
    subjects = [organisation_subject(row) for row in Organisation.objects.all()]
    with CaptureQueriesContext(connection) as queries:
        alike(campaign, subjects)
    assert len(queries) == 1


def test_a_person_is_no_organisation(call: SignOnCall) -> None:
    row = signed(call, person())
    assert [check for check in sign_on_checks([row])[row.pk] if check.like] == []
