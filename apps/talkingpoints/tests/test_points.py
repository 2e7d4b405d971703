"""Adding and correcting points on their pages: numbers once, two at once safe, translations follow."""

from threading import Barrier, Thread
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from apps.campaigns.models import Campaign
from apps.core.errors import Conflict, DomainError
from apps.core.models import AuditEvent
from apps.talkingpoints.models import TalkingPoint
from apps.talkingpoints.services.points import point_add, point_correct, point_fingerprint
from apps.talkingpoints.services.translations import translation_save
from apps.talkingpoints.translation_status import original_hash
from tests.factories import make_campaign, make_group, make_member
from tests.factories.evidence import make_point

pytestmark = pytest.mark.django_db


@pytest.fixture
def twelve(campaign: Campaign) -> TalkingPoint:
    make_group("african-group", make_member("KE", "Kenya"), label="African Group")
    return make_point(
        campaign, 12, title="Jobs go", topics=["jobs"], actors=["unions"], related_countries=["KE"],
        extra={"labels": {"jobs": "Jobs and wages", "unions": "Trade unions"}, "related_non_members": ["ER"]},
    )  # fmt: skip


def form_of(**changed: Any) -> dict[str, Any]:
    return {
        "number": "13",
        "title": "Small firms pay",
        "claim": "Rules are written for the largest.",
        "passage": "We, small firms.\r\n\r\nSecond.",
        "topics": "jobs and wages; Small firms; صغيرة",
        "concerned": "African Group; kenya",
        "slug": "",
        **changed,
    }


def new(campaign: Campaign) -> str:
    return reverse("evidence:point_new", args=[campaign.slug])


def test_a_drafter_adds_a_point(twelve: TalkingPoint, cast: SimpleNamespace, signed_in: Any) -> None:
    drafter = signed_in(cast.drafter)
    assert 'value="13"' in drafter.get(new(twelve.campaign)).text, "the next free number is offered"
    answer = drafter.post(new(twelve.campaign), form_of())
    assert answer.url == reverse("evidence:point", args=["mc11", 13])
    point = TalkingPoint.objects.get(number=13)
    assert (point.slug, point.title) == ("small-firms-pay", "Small firms pay")
    assert point.topics == ["jobs", "small-firms", "topic"]
    assert point.extra == {"labels": {"jobs": "Jobs and wages", "small-firms": "Small firms", "topic": "صغيرة"}}
    assert (point.related_groups, point.related_countries) == (["african-group"], ["KE"])
    passage = point.translations.get()
    assert (passage.language, passage.passage) == ("en", "We, small firms.\n\nSecond.")
    assert AuditEvent.objects.get(verb="point.add").data == {"number": 13}
    html = drafter.get(answer.url).text
    for words in ("Rules are written for the largest.", "Add the first one", "?point=13"):
        assert words in html, words


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"number": "12"}, "Point 12 already exists: “Jobs go”. The next free number is 13."),
        ({"number": "0"}, "Write 1 or a larger number."),
        ({"number": "1000"}, "Write 999 or a smaller number."),
        ({"number": "٣x"}, "Write a whole number, in digits."),
        ({"title": " "}, "Fill this in."),
        ({"title": "x" * 201}, "at most 200 characters"),
        ({"claim": "\x00"}, "Fill this in."),
        ({"slug": "Point 12"}, "Use small letters, digits and hyphens only"),
        ({"slug": "point-12"}, "Another point has the short name “point-12”."),
        ({"concerned": "african-groop; global"}, "Neither a government nor a group here: african-groop, global."),
        ({"topics": "x" * 121}, "too long for one topic"),
    ],
)
def test_bad_input_is_explained_and_nothing_typed_is_lost(
    twelve: TalkingPoint, cast: SimpleNamespace, signed_in: Any, changed: dict[str, str], words: str
) -> None:
    data = form_of(passage="مصر: typed <b>here</b>", **changed)
    answer = signed_in(cast.drafter).post(new(twelve.campaign), data)
    assert answer.status_code == 400
    assert words in answer.text
    assert "مصر: typed &lt;b&gt;here&lt;/b&gt;" in answer.text
    assert TalkingPoint.objects.count() == 1


def test_short_names_are_numbered_and_another_campaign_has_its_own_numbers(
    twelve: TalkingPoint, cast: SimpleNamespace
) -> None:
    def add(campaign: Campaign, number: int, title: str) -> str:
        return point_add(campaign=campaign, actor=cast.drafter, number=number, title=title, claim="C.").slug

    campaign = twelve.campaign
    assert [add(campaign, n, "Égalité_now") for n in (1, 2)] == ["egalite-now", "egalite-now-2"]
    assert add(campaign, 3, "مصر") == "point-3"
    assert add(make_campaign("other"), 12, "Égalité_now") == "egalite-now"


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_with_one_number_one_is_told(twelve: TalkingPoint, cast: SimpleNamespace) -> None:
    start, answers = Barrier(2), []

    def add(title: str) -> None:
        start.wait()
        try:
            campaign = Campaign.objects.get()
            answers.append(point_add(campaign=campaign, actor=cast.drafter, number=13, title=title, claim="C.").title)
        except DomainError as told:
            answers.append(f"told {told.field}")
        finally:
            connection.close()

    threads = [Thread(target=add, args=[title]) for title in ("One", "Other")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == sorted([TalkingPoint.objects.get(number=13).title, "told number"])


def test_a_correction_of_the_claim_keeps_the_rest_and_makes_translations_stale(
    twelve: TalkingPoint, cast: SimpleNamespace, signed_in: Any
) -> None:
    translation_save(
        point=twelve, language="fr", actor=cast.drafter, revision=0, original=original_hash(twelve, "fr"),
        title="Emplois", claim="Ils partent.",
    )  # fmt: skip
    drafter, address = signed_in(cast.drafter), reverse("evidence:point_edit", args=["mc11", 12])
    page = drafter.get(address).text
    for words in ("Jobs and wages", "Kenya", "If you change the title or claim, update these translations: Français."):
        assert words in page, words
    data = {"seen": point_fingerprint(twelve), "title": twelve.title, "claim": "<b>Many</b> go.", "concerned": "Kenya",
            "topics": "Jobs and wages"}  # fmt: skip
    html = drafter.post(address, data, follow=True).text
    assert "Saved. 1 translation has to be updated." in html
    assert "&lt;b&gt;Many&lt;/b&gt; go." in html
    point = TalkingPoint.objects.get(number=12)
    assert point.extra == twelve.extra
    assert (point.actors, point.related_countries, point.edited_at is not None) == (["unions"], ["KE"], True)
    assert AuditEvent.objects.get(verb="point.correct").data == {"number": 12, "fields": ["claim"]}
    answer = drafter.post(address, {**data, "claim": "Mine."})
    assert answer.status_code == 409
    assert "Mine." in answer.text
    answer = drafter.post(address, {**data, "seen": point_fingerprint(point)})
    assert answer.status_code == 400
    assert "You have not changed anything" in answer.text
    assert signed_in(cast.observer).post(address, data).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_of_two_who_correct_at_once_one_is_told(twelve: TalkingPoint, cast: SimpleNamespace) -> None:
    seen, start, answers = point_fingerprint(twelve), Barrier(2), []

    def save(claim: str) -> None:
        start.wait()
        try:
            point = TalkingPoint.objects.get()
            saved = point_correct(point=point, actor=cast.drafter, seen=seen, topics=["Jobs"], claim=claim)
            answers.append(saved.claim)
        except Conflict:
            answers.append("told")
        finally:
            connection.close()

    threads = [Thread(target=save, args=[claim]) for claim in ("One.", "Other.")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == sorted([TalkingPoint.objects.get().claim, "told"])
