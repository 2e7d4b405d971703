"""Who sees a name: in every list, count and file, for every choice of the signer, before and after a look."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.coalitions.models import SignOn, SignOnCall
from apps.coalitions.selectors.annexes import annex_data
from apps.coalitions.selectors.signatory_counts import signatory_counts, version_counts
from apps.coalitions.selectors.signatory_lists import (
    country_signatories,
    public_signatories,
    search_signatories,
    short_roll,
)
from apps.coalitions.services.annexes import annex_freeze
from apps.coalitions.services.calls import names_hide, names_show
from apps.coalitions.services.confirmation import sign_on_confirm
from apps.coalitions.services.moderation import sign_on_accept, sign_on_reject
from apps.coalitions.services.signer_changes import sign_on_correct, sign_on_withdraw
from apps.exports.datasets import DATASETS
from tests.factories.exports import exported_names
from tests.factories.signing import mails, make_call, organisation, person, signed, submit

pytestmark = pytest.mark.django_db


def public_names(call: SignOnCall) -> set[str]:
    """Every name that any public list gives away."""
    letter = call.letter
    call.refresh_from_db()
    roll = short_roll(call, version_counts(call.version))
    found = {name.name for roll in public_signatories(letter) for name in roll.names}
    found |= {name.name for shown in roll.countries for name in shown.names}
    found |= {name.name for name in roll.latest}
    found |= {*exported_names(letter, "public")}
    for code in ("KE", "TG"):
        found |= {name.name for name in country_signatories(letter, code).names}
    for words in ("forum", "kenya", "togo", "a", "e", "mensah"):
        found |= {name.name for roll in search_signatories(letter, words)[0] for name in roll.names}
    return found


def government_names(call: SignOnCall) -> set[str]:
    rows = {*exported_names(call.letter, "government")}
    annex = annex_data(annex_freeze(version=call.version, actor=None))
    assert rows == {name for section in annex.sections for name in section.names}
    return rows


def test_until_somebody_has_looked_it_is_counted_and_not_named(call: SignOnCall, cast: SimpleNamespace) -> None:
    sign_on = signed(call, organisation())
    assert signatory_counts(call.letter).organisations == 1
    assert public_names(call) == set()
    assert government_names(call) == set()

    sign_on_accept(sign_on=sign_on, actor=cast.coordinator)

    assert public_names(call) == {"Kisumu Data Rights Forum"}
    assert government_names(call) == {"Kisumu Data Rights Forum"}


def test_a_call_without_moderation_names_at_once(version: Any, cast: SimpleNamespace) -> None:
    call = make_call(version, cast, moderated=False)
    signed(call, organisation())
    assert public_names(call) == {"Kisumu Data Rights Forum"}


@pytest.mark.parametrize("make", [organisation, person])
def test_each_choice_of_the_signer_is_obeyed(call: SignOnCall, cast: SimpleNamespace, make: Any) -> None:
    for visibility in ("public", "government", "counted"):
        name = f"Forum {visibility}"
        signed(call, make(name, visibility=visibility, email=f"{visibility}@x.example"), accepted_by=cast.coordinator)

    assert public_names(call) == {"Forum public"}
    assert government_names(call) == {"Forum public", "Forum government"}
    assert signatory_counts(call.letter).total == 3


def test_a_person_who_is_only_counted_has_no_plain_name_anywhere(call: SignOnCall) -> None:
    sign_on = signed(call, person(visibility="counted"))
    row = SignOn.objects.filter(pk=sign_on.pk).values("display_name", "name_key", "org_name").get()
    assert set(row.values()) == {""}


def test_who_is_only_counted_is_not_told_that_a_name_will_be_shown(call: SignOnCall, client: Client) -> None:
    token = sign_on_confirm(token=submit(call, person(visibility="counted")).token).manage_token
    page = client.get(reverse("signing:manage", args=[token])).content.decode()
    for words in (page, mails()[-1].text_body):
        assert "Your signature is counted already; no name is shown." in words
        assert "Until then" not in words


def test_narrowing_takes_the_name_away_at_once(call: SignOnCall, cast: SimpleNamespace) -> None:
    sign_on = signed(call, organisation(), accepted_by=cast.coordinator)
    assert public_names(call)
    sign_on_correct(sign_on=sign_on, changes={"visibility": "government"})
    assert public_names(call) == set()
    assert government_names(call) == {"Kisumu Data Rights Forum"}
    sign_on_correct(sign_on=sign_on, changes={"visibility": "counted"})
    assert government_names(call) == set()
    assert signatory_counts(call.letter).organisations == 1


def test_one_button_hides_every_name_and_another_shows_them(call: SignOnCall, cast: SimpleNamespace) -> None:
    signed(call, organisation(), accepted_by=cast.coordinator)
    signed(call, person(), accepted_by=cast.coordinator)
    annex = annex_freeze(version=call.version, actor=None)

    names_hide(call=call, actor=cast.coordinator)

    assert public_names(call) == set()
    assert government_names(call) == set()
    assert annex_data(annex).sections == (), "annexes frozen before are printed without names too"
    assert annex_data(annex).unnamed == 2
    assert signatory_counts(call.letter).total == 2

    names_show(call=call, actor=cast.coordinator)
    assert len(public_names(call)) == 2
    assert [section.names for section in annex_data(annex).sections] == [("Kisumu Data Rights Forum",), ("Afi Mensah",)]


def test_names_stay_hidden_in_the_next_call(call: SignOnCall, cast: SimpleNamespace) -> None:
    from apps.coalitions.services.closing_times import sign_on_call_close
    from tests.factories.letters import make_next_version

    names_hide(call=call, actor=cast.coordinator)
    sign_on_call_close(call=call, actor=cast.coordinator)
    later = make_call(make_next_version(call.letter, cast), cast, moderated=False)
    signed(later, organisation())
    assert public_names(later) == set()


def test_withdrawn_and_rejected_are_nowhere(call: SignOnCall, cast: SimpleNamespace) -> None:
    first = signed(call, organisation(), accepted_by=cast.coordinator)
    second = signed(call, person(), accepted_by=cast.coordinator)
    assert len(public_names(call)) == 2

    sign_on_withdraw(sign_on=first)
    sign_on_reject(sign_on=second, actor=cast.coordinator, reason="No such person.")

    assert public_names(call) == set()
    assert signatory_counts(call.letter).total == 0


def test_a_changed_name_waits_for_a_look_again(call: SignOnCall, cast: SimpleNamespace) -> None:
    sign_on = signed(call, organisation(), accepted_by=cast.coordinator)
    sign_on_correct(sign_on=sign_on, changes={"org_name": "Something quite different"})
    assert public_names(call) == set()
    sign_on = signed(call, person(), accepted_by=cast.coordinator)
    sign_on_correct(sign_on=sign_on, changes={"person_name": "Something else"})
    assert public_names(call) == set()


@pytest.mark.parametrize("changes", [{"org_members": 1_999_999_999}, {"org_kind": "trade_union"}])
def test_what_files_for_the_public_have_waits_for_a_look_again(
    call: SignOnCall, cast: SimpleNamespace, changes: Any
) -> None:
    sign_on = signed(call, organisation(), accepted_by=cast.coordinator)
    assert exported_names(call.letter, "public")
    sign_on_correct(sign_on=sign_on, changes=changes)
    assert exported_names(call.letter, "public") == []


def test_counts_are_one_aggregate(call: SignOnCall, cast: SimpleNamespace, django_assert_num_queries: Any) -> None:
    for i, country in enumerate(("KE", "KE", "TG")):
        signed(call, organisation(f"Organisation {i}", country=country, email=f"o{i}@x.example"))
    signed(call, person(country="FR"))
    with django_assert_num_queries(2):  # the newest call, and the aggregate
        counts = signatory_counts(call.letter)
    assert (counts.organisations, counts.people, counts.countries) == (3, 1, 3)
    assert counts.by_country == {"KE": 2, "TG": 1, "FR": 1}


def test_search_finds_whatever_accents_case_and_script(call: SignOnCall, cast: SimpleNamespace) -> None:
    names = {
        "cz": organisation("Spolek za veřejné služby Říčany", country="CZ", email="a@x.example"),
        "in": organisation("किसान डेटा मंच", org_name_english="Farmers’ Data Forum", country="IN", email="b@x.example"),
        "ma": organisation("جمعية المستهلك الأطلسي", country="MA", email="c@x.example"),
        "pl": organisation("Fundacja Łączność i Prawo", country="PL", email="d@x.example"),
    }
    for claim in names.values():
        signed(call, claim, accepted_by=cast.coordinator)

    def found(words: str) -> set[str]:
        return {name.country.lower() for roll in search_signatories(call.letter, words)[0] for name in roll.names}

    assert found("verejne") == {"cz"}
    assert found("ŘÍČANY") == {"cz"}
    assert found("डेटा") == {"in"}
    assert found("farmers") == {"in"}
    assert found("المستهلك") == {"ma"}
    assert found("laczno") == {"pl"}
    assert found("morocco") == {"ma"}
    for hostile in ("", " ", "\x00", "%", "_", "' OR 1=1 --", "\u202e", "a" * 5000, "()"):
        assert found(hostile) <= {"cz", "in", "ma", "pl"}
    assert found("%") == set()


def test_names_are_in_order_of_countries_and_names(call: SignOnCall, cast: SimpleNamespace) -> None:
    for name, country in (("Élan", "TR"), ("zeta", "EG"), ("Alpha", "TR"), ("Ökonomie", "AT"), ("eins", "AT")):
        claim = organisation(name, country=country, email=f"{len(name)}{country}@x.example")
        signed(call, claim, accepted_by=cast.coordinator)
    rolls = public_signatories(call.letter)
    assert [roll.name for roll in rolls] == ["Austria", "Egypt", "Türkiye"]
    assert [name.name for name in rolls[2].names] == ["Alpha", "Élan"]
    assert exported_names(call.letter, "public") == [
        "eins", "Ökonomie", "zeta", "Alpha", "Élan",
    ]  # fmt: skip


def test_an_unknown_purpose_is_an_error_not_a_leak(call: SignOnCall) -> None:
    dataset = DATASETS["signatories"]
    for purpose in ("everything", "", "PUBLIC"):
        with pytest.raises(ValueError, match="purpose"):
            dataset.queryset(call.campaign, purpose, {})


def test_staff_without_the_right_see_only_public_names(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    signed(call, organisation("Secret Forum", visibility="government"), accepted_by=cast.coordinator)
    signed(call, organisation("Open Forum", email="b@open.example"), accepted_by=cast.coordinator)
    page = reverse("sign_on:index", args=[call.campaign.slug])

    seen_by_observer = signed_in(cast.observer).get(page).content.decode()
    seen_by_officer = signed_in(cast.data_officer).get(page).content.decode()

    assert "Open Forum" in seen_by_observer
    assert "Secret Forum" not in seen_by_observer
    assert "kdrf.example" not in seen_by_observer
    assert "Secret Forum" in seen_by_officer
