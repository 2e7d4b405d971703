"""Rows of one file that may be one recipient: offered, decided pair by pair or all at once, never guessed."""

from hashlib import sha256
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from apps.campaigns.models import Campaign
from apps.governments.models import Recipient
from apps.governments.services.recipient_merge import recipient_merge
from apps.recipient_imports.models import RecipientImport
from apps.recipient_imports.planning.matching import MAX_COMPARED, are_names_similar
from apps.recipient_imports.selectors import decrypted, rows_of
from apps.recipient_imports.services.transitions import (
    import_accept,
    import_answer,
    import_answer_all,
    import_begin,
    import_check,
)
from tests.factories import make_member
from tests.factories.governments import make_recipient

pytestmark = pytest.mark.django_db


def html(response: Any) -> str:
    """The page, whatever its line breaks."""
    return " ".join(response.content.decode().split())


LETTERS = str.maketrans("0123456789abcdef", "bcdfghjklmnpqrst")
HEADS = "Country;Office;Post;Name;Email;Phone"


@pytest.fixture(autouse=True)
def members(db: None) -> SimpleNamespace:
    return SimpleNamespace(kenya=make_member(), togo=make_member("TG", "Togo", working_language="fr"))


def check(campaign: Campaign, cast: Any, *lines: str) -> RecipientImport:
    content = "\n".join([HEADS, *lines]).encode()
    batch = import_begin(campaign=campaign, actor=cast.coordinator, file_name="list.csv", content=content)
    import_check(batch=batch, mapping=batch.mapping)
    batch.refresh_from_db()
    return batch


def answer(batch: RecipientImport, **decisions: str) -> None:
    import_answer(batch=batch, cells={}, decisions={name.removeprefix("row"): act for name, act in decisions.items()})
    batch.refresh_from_db()


def accept(batch: RecipientImport, cast: Any) -> None:
    import_accept(batch=batch, actor=cast.coordinator, mark=batch.plan_mark)
    batch.refresh_from_db()


def planned(batch: RecipientImport) -> dict[int, Any]:
    return {row.number: decrypted(row) for row in rows_of(batch)}


def kinds(batch: RecipientImport) -> list[str]:
    return [row.kind for row in rows_of(batch)]


def addresses() -> list[list[str]]:
    return [[one.address for one in row.addresses.all()] for row in Recipient.objects.order_by("pk")]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("amelie n gugi", "same"), ("AMÉLIE N’GÛGI", "same"), ("Amélie Ngugi", "name"), ("Amelie N'Guggi", "name"),
        ("Ngugi, Amélie", "name"), ("A. N'Gûgi", "name"), ("Dr Amélie B. N'Gûgi", "name"), ("", "nameless"),
    ],
)  # fmt: skip
def test_another_spelling_of_a_name_at_the_same_post_is_offered(
    campaign: Campaign, cast: Any, name: str, why: str
) -> None:
    batch = check(
        campaign,
        cast,
        "Kenya;Ministry;Minister;Amélie N'Gûgi;a@ke.example;",
        f"KE;ministry;MINISTER;{name};b@ke.example;",
    )
    assert kinds(batch) == ["added", "repeated"]
    row = planned(batch)[3]
    assert (row.beside, row.like[0]["row"], row.like[0]["to"], row.like[0]["why"]) == (2, 2, "row:2", why)


@pytest.mark.parametrize(
    "line",
    [
        "Kenya;Ministry;Minister;Ben Example;b@ke.example;",
        "Kenya;Ministry;Adviser;Anna Other;b@ke.example;",
        "Kenya;Mission;Adviser;Example;b@ke.example;",
        "Togo;Ministry;Minister;Ann Example;b@tg.example;",
    ],
)
def test_other_people_are_not(campaign: Campaign, cast: Any, line: str) -> None:
    assert kinds(check(campaign, cast, "Kenya;Ministry;Minister;Ann Example;a@ke.example;", line)) == ["added", "added"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Kenya;Mission;Counsellor;Someone Else;A@KE.example;", "address"),
        ("Kenya;Mission;Ambassador;ann example;b@ke.example;", "named"),
        ("Kenya;Ministry;Adviser;Ann Example;b@ke.example;", "post"),
    ],
)
def test_an_address_or_a_name_twice_in_one_government_is_offered(
    campaign: Campaign, cast: Any, line: str, why: str
) -> None:
    row = planned(check(campaign, cast, "Kenya;Ministry;Minister;Ann Example;a@ke.example;", line))[3]
    assert (row.kind, row.like[0]["why"]) == ("repeated", why)


def test_undecided_the_first_row_is_written_and_the_others_are_left_out(campaign: Campaign, cast: Any) -> None:
    batch = check(
        campaign, cast, "Kenya;M;Minister;Ann Example;a@ke.example;", "Kenya;M;Minister;Ann Exampel;b@ke.example;"
    )
    accept(batch, cast)
    assert addresses() == [["a@ke.example"]]


def test_one_recipient_takes_over_what_the_first_row_does_not_say(campaign: Campaign, cast: Any) -> None:
    batch = check(
        campaign,
        cast,
        "Kenya;M;Minister;Ann Example;a@ke.example;",
        "Kenya;M;Minister;Ann Exampel;b@ke.example;+254 1",
        "Kenya;M;Minister;Ann Examplle;A@ke.example;+254 2",
    )
    answer(batch, row3="row:2", row4="row:2")
    assert kinds(batch) == ["added", "merged", "unchanged"]
    assert planned(batch)[3].changes == [["phone", "", "+254 1"], ["address", "", "b@ke.example"]]
    assert batch.counts["addresses"] == 2
    accept(batch, cast)
    [ann] = Recipient.objects.all()
    assert (ann.name, ann.phone) == ("Ann Example", "+254 1")
    assert addresses() == [["a@ke.example", "b@ke.example"]]
    assert {row.number: row.recipient_id for row in rows_of(batch)} == {2: ann.pk, 3: ann.pk}


def test_two_different_people_are_both_added_and_the_next_is_offered_both(campaign: Campaign, cast: Any) -> None:
    lines = [f"Kenya;M;Adviser;Ann Exampl{end};{end}@ke.example;" for end in ("e", "a", "o")]
    batch = check(campaign, cast, *lines)
    assert kinds(batch) == ["added", "repeated", "repeated"]
    answer(batch, row3="add")
    assert kinds(batch) == ["added", "added", "repeated"]
    assert [one["to"] for one in planned(batch)[4].like] == ["row:2", "row:3"]
    answer(batch, row4="row:3")
    accept(batch, cast)
    assert addresses() == [["e@ke.example"], ["a@ke.example", "o@ke.example"]]


@pytest.mark.parametrize(("act", "written"), [("merge", 1), ("add", 40), ("skip", 1)])
def test_one_button_decides_for_all(campaign: Campaign, cast: Any, act: str, written: int) -> None:
    batch = check(campaign, cast, *(f"Kenya;M;Adviser;;a{n}@ke.example;" for n in range(40)))
    assert batch.counts["repeated"] == 39
    import_answer_all(batch=batch, kind="repeated", act=act)
    batch.refresh_from_db()
    assert batch.counts["repeated"] == 0
    accept(batch, cast)
    assert Recipient.objects.count() == written
    assert sum(map(len, addresses())) == (1 if act == "skip" else 40)


def test_a_decision_about_a_row_that_is_left_out_since_is_asked_again(campaign: Campaign, cast: Any) -> None:
    lines = [f"Kenya;M;Minister;Ann Exampl{end};{end}@ke.example;" for end in ("e", "a", "o")]
    batch = check(campaign, cast, *lines)
    answer(batch, row3="row:2", row4="row:2")
    answer(batch, row2="skip")  # and with it the decision for row 3 is void: it is the first of its kind
    assert kinds(batch) == ["skipped", "added", "repeated"]
    assert planned(batch)[4].beside == 3


def test_a_row_that_says_the_very_same_is_refused(campaign: Campaign, cast: Any) -> None:
    batch = check(
        campaign, cast, "Kenya;M;Minister;Ann;a@ke.example;+254 1", "Kenya;m;MINISTER;Ann;A@ke.example; +254-1"
    )
    assert planned(batch)[3].reasons == [["twice", "", {"row": 2}]]


def test_two_governments_with_one_address_are_two(campaign: Campaign, cast: Any) -> None:
    batch = check(campaign, cast, "Kenya;M;Minister;Ann;shared@ke.example;", "Togo;M;Ministre;Bo;shared@ke.example;")
    assert planned(batch)[3].like[0]["to"] == ""
    answer(batch, row3="row:2")
    assert kinds(batch) == ["added", "repeated"]
    import_answer_all(batch=batch, kind="repeated", act="merge")
    batch.refresh_from_db()
    assert kinds(batch) == ["added", "repeated"]
    answer(batch, row3="add")
    accept(batch, cast)
    assert Recipient.objects.count() == 2


def test_an_address_of_another_government_is_a_question_and_never_a_merger(
    campaign: Campaign, cast: Any, signed_in: Any, members: SimpleNamespace
) -> None:
    known = make_recipient(campaign, members.kenya, "Cabinet Secretary", "cs@ke.example", name="Ann Example")
    batch = check(
        campaign,
        cast,
        "Togo;Ministère du Commerce;Ministre;Kofi Mensah;cs@ke.example;+228 1",
        "Togo;Ministère du Commerce;Conseiller;;cs@ke.example;",
        "Kenya;Mission;Ambassador;Bo Other;CS@ke.example;",
    )
    assert kinds(batch) == ["duplicate"] * 3
    [first] = planned(batch)[2].like
    assert (first["to"], first["why"], first["label"]) == (
        "", "elsewhere", "Ann Example, Cabinet Secretary, Ministry, Kenya",
    )  # fmt: skip
    address = reverse("imports:answer_all", args=[campaign.slug, batch.pk])
    answered = signed_in(cast.coordinator).post(address, {"all": "duplicate:merge"}, follow=True)
    assert "2 rows were not merged: their addresses are those" in answered.content.decode()
    assert "Under “May be known”, add them anyway" in answered.content.decode()
    batch.refresh_from_db()
    assert [row.kind for row in rows_of(batch)][:2] == ["duplicate", "duplicate"]
    answer(batch, row2=f"merge:{known.pk}")
    assert planned(batch)[2].kind == "duplicate"
    answer(batch, row2="add", row4="skip")
    accept(batch, cast)
    known.refresh_from_db()
    assert (known.name, known.phone) == ("Ann Example", "")
    assert Recipient.objects.get(office__member=members.togo).name == "Kofi Mensah"


def test_somebody_known_gets_the_address_of_another_government_only_when_asked(
    campaign: Campaign, cast: Any, members: SimpleNamespace
) -> None:
    make_recipient(campaign, members.kenya, "Minister", "a@ke.example", name="Ann Example")
    known = make_recipient(campaign, members.togo, "Ministre", "b@tg.example", name="Bo Example")
    line = "Togo;Ministry;Ministre;Bo Example;a@ke.example;"
    batch = check(campaign, cast, line)
    assert kinds(batch) == ["duplicate"]
    answer(batch, row2="add")
    assert kinds(batch) == ["changed"]
    accept(batch, cast)
    assert [one.address for one in known.addresses.all()] == ["b@tg.example", "a@ke.example"]
    assert kinds(check(campaign, cast, line)) == ["unchanged"]


def test_many_of_other_governments_hide_nobody_of_the_same(
    campaign: Campaign, cast: Any, members: SimpleNamespace
) -> None:
    for place in range(MAX_COMPARED + 1):
        make_recipient(campaign, members.togo, f"Conseiller {place}", "shared@un.example")
    make_recipient(campaign, members.kenya, "Minister", "shared@un.example", name="Ann Example")
    row = planned(check(campaign, cast, "Kenya;Mission;Ambassador;Bo Other;shared@un.example;"))[2]
    assert [one["why"] for one in row.like] == ["address", "elsewhere"]


def test_a_row_may_go_into_one_that_is_stored_and_stands_in_the_file(
    campaign: Campaign, cast: Any, members: SimpleNamespace
) -> None:
    known = make_recipient(campaign, members.kenya, "Minister", "a@ke.example", name="Ann Example")
    batch = check(
        campaign,
        cast,
        "Kenya;Ministry;Minister;Ann Example;n@ke.example;",
        "Kenya;Ministry;Minister;Anne Example;b@ke.example;",
        "Kenya;Mission;Counsellor;Bo;N@ke.example;",
    )
    assert kinds(batch) == ["changed", "repeated", "repeated"]
    import_answer_all(batch=batch, kind="repeated", act="merge")
    batch.refresh_from_db()
    accept(batch, cast)
    assert Recipient.objects.get() == known
    assert addresses() == [["a@ke.example", "n@ke.example", "b@ke.example"]]


def test_one_who_was_merged_is_offered_as_the_one_that_was_kept(
    campaign: Campaign, cast: Any, members: SimpleNamespace
) -> None:
    ann = make_recipient(campaign, members.kenya, "Minister", "a@ke.example", name="Ann Example")
    twin = make_recipient(campaign, members.kenya, "Minister for Trade", "b@ke.example", name="Ann Example")
    recipient_merge(kept=ann, other=twin, actor=cast.coordinator)
    batch = check(campaign, cast, "Kenya;Ministry;Minister for Trade;Ann Example;c@ke.example;")
    [row] = planned(batch).values()
    assert (row.kind, [one["to"] for one in row.like]) == ("duplicate", [f"merge:{ann.pk}"])
    answer(batch, row2=f"merge:{ann.pk}")
    accept(batch, cast)
    twin.refresh_from_db()
    assert (twin.active, twin.merged_into_id) == (False, ann.pk)
    assert [one.address for one in ann.addresses.all()] == ["a@ke.example", "b@ke.example", "c@ke.example"]


def test_merging_leaves_the_office_of_the_other_as_it_is(
    campaign: Campaign, cast: Any, members: SimpleNamespace
) -> None:
    known = make_recipient(campaign, members.kenya, "Minister", "a@ke.example", name="Ann Example")
    known.office.city = "Nairobi"
    known.office.save()
    content = b"Country;Office;Post;Name;Email;City\nKenya;Mission;Envoy;Bo;a@ke.example;Geneva"
    batch = import_begin(campaign=campaign, actor=cast.coordinator, file_name="list.csv", content=content)
    import_check(batch=batch, mapping=batch.mapping)
    answer(batch, row2=f"merge:{known.pk}")
    assert kinds(batch) == ["unchanged"]


def test_among_many_at_one_post_those_alike_are_still_found(campaign: Campaign, cast: Any) -> None:
    people = [sha256(f"{n}".encode()).hexdigest().translate(LETTERS) for n in range(200)]
    people = [f"{name[:6]} {name[6:14]}" for name in people]
    lines = [f"Kenya;P;Member;{name};m{n}@ke.example;" for n, name in enumerate(people)]
    lines.append(f"Kenya;P;Member;{people[150]}x;late@ke.example;")
    lines.append("Kenya;P;Member;;nobody@ke.example;")
    rows = planned(check(campaign, cast, *lines))
    assert len(people) > MAX_COMPARED
    assert {number: row.beside for number, row in rows.items() if row.kind == "repeated"} == {202: 152}


def test_the_page_groups_rows_and_takes_a_decision_for_each(
    campaign: Campaign, cast: Any, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    people = [f"Ann Fam{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(30)]
    lines = [
        f"Kenya;O{n};Minister;{name}{end};{n}{end}@ke.example;"
        for end in ("il", "ill")
        for n, name in enumerate(people)
    ]
    batch = check(campaign, cast, *lines)
    client = signed_in(cast.coordinator)
    show = reverse("imports:show", args=["mc11", batch.pk])
    with django_assert_max_num_queries(14):
        page = html(client.get(f"{show}?kind=repeated"))
    assert "30 rows repeat earlier ones. They are left out unless you decide." in page
    assert page.count("Like row") == 25
    assert 'name="act-32" value="row:2"' in page
    assert "Same recipient: merge into row 2" in page
    client.post(
        reverse("imports:rows", args=["mc11", batch.pk]), {"kind": "repeated", "act-32": "row:2", "act-33": "add"}
    )
    page = html(client.get(show))
    assert "1 row will be merged into another row of the file." in page
    assert "28 rows repeat earlier ones" in page
    client.post(reverse("imports:answer_all", args=["mc11", batch.pk]), {"all": "repeated:merge"})
    page = html(client.get(show))
    assert "Import: add 31, change 0" in page
    assert "29 rows will be merged into other rows of the file." in page


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("mohamed abdullahi", "muhammad abdullahi", True), ("ann example", "example ann", True),
        ("li na", "li ma", False), ("ann example", "ben example", False), ("person 1", "person 10", False),
        ("diop", "ousmane diop", True), ("m", "mohamed ali", False), ("محمد احمد", "محمد احمدي", True),
        ("王毅", "王义", False), ("john smith", "john smith jr", True), ("ann", "", False),
    ],
)  # fmt: skip
def test_names_are_alike_by_their_words(one: str, other: str, alike: bool) -> None:
    assert are_names_similar(one, other) is alike
    assert are_names_similar(other, one) is alike
