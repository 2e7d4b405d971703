"""Points in several languages: missing, draft, reviewed, stale; nobody reviews their own."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from apps.campaigns.models import Campaign
from apps.core.errors import Conflict, DomainError, NotAllowed
from apps.talkingpoints.models import PointTranslation, TalkingPoint
from apps.talkingpoints.pages.point_languages import point_languages
from apps.talkingpoints.services.translations import translation_load, translation_review, translation_save
from apps.talkingpoints.translated_words import point_words
from apps.talkingpoints.translation_status import original_hash
from tests.factories import make_member
from tests.factories.evidence import make_point

pytestmark = pytest.mark.django_db
ORIGINAL_WORDS = {"title": "Jobs at risk", "claim": "Automation replaces work."}
FRENCH = {"title": "Des emplois menacés", "claim": "L’automatisation remplace le travail."}


@pytest.fixture
def point(campaign: Campaign) -> TalkingPoint:
    campaign.languages = ["en", "fr", "es", "ar"]
    campaign.save()
    return make_point(campaign, 3, title="Jobs at risk", claim="Automation replaces work.")


def fresh(point: TalkingPoint) -> TalkingPoint:
    return TalkingPoint.objects.get(pk=point.pk)


def write(point: TalkingPoint, actor: Any, language: str = "fr", revision: int = 0, **words: str) -> PointTranslation:
    words = words or FRENCH
    original = original_hash(fresh(point), language)
    return translation_save(point=point, language=language, actor=actor, revision=revision, original=original, **words)


def states(point: TalkingPoint) -> dict[str, str]:
    return {one.code: one.status.value for one in point_languages(point.campaign, fresh(point))}


def test_a_translation_is_missing_a_draft_reviewed_and_stale(point: TalkingPoint, cast: SimpleNamespace) -> None:
    assert states(point) == {"en": "missing", "fr": "missing", "es": "missing", "ar": "missing"}
    row = write(point, cast.drafter)
    assert states(point)["fr"] == "draft"
    translation_review(point=point, language="fr", actor=cast.reviewer, revision=row.revision)
    assert states(point)["fr"] == "reviewed"
    point.claim = "Automation replaces people."
    point.save()
    assert states(point)["fr"] == "stale"
    row = write(point, cast.drafter, revision=1)
    assert (states(point)["fr"], row.revision) == ("draft", 2), "saved as it was: still right, and reviewed again"


def test_a_new_passage_makes_translations_stale(point: TalkingPoint, cast: SimpleNamespace) -> None:
    write(point, cast.drafter)
    write(point, cast.drafter, "en", passage="One job in two may go.")
    assert (states(point)["en"], states(point)["fr"]) == ("draft", "stale")
    assert PointTranslation.objects.get(language="en").title == "", "title and claim are the point's own"


def test_nobody_reviews_what_they_wrote(point: TalkingPoint, cast: SimpleNamespace) -> None:
    write(point, cast.coordinator)
    row = write(point, cast.drafter, revision=1, **{**FRENCH, "title": "Emplois menacés"})
    with pytest.raises(NotAllowed, match="Somebody else has to rev"):
        translation_review(point=point, language="fr", actor=cast.coordinator, revision=row.revision)
    translation_review(point=point, language="fr", actor=cast.reviewer, revision=row.revision)
    row = write(point, cast.drafter, revision=2)
    translation_review(point=point, language="fr", actor=cast.coordinator, revision=row.revision)


def test_only_what_was_read_is_reviewed_and_only_when_whole(point: TalkingPoint, cast: SimpleNamespace) -> None:
    with pytest.raises(DomainError, match="Write the title and clai"):
        translation_review(point=point, language="fr", actor=cast.reviewer, revision=0)
    write(point, cast.drafter, title="Des emplois")
    with pytest.raises(DomainError, match="Write the title and clai"):
        translation_review(point=point, language="fr", actor=cast.reviewer, revision=1)
    write(point, cast.drafter, revision=1)
    with pytest.raises(Conflict, match="Somebody changed this translation"):
        translation_review(point=point, language="fr", actor=cast.reviewer, revision=1)
    point.title = "Work at risk"
    point.save()
    with pytest.raises(Conflict, match="original changed"):
        translation_review(point=point, language="fr", actor=cast.reviewer, revision=2)


def test_a_second_window_overwrites_nothing(point: TalkingPoint, cast: SimpleNamespace) -> None:
    write(point, cast.drafter)
    with pytest.raises(Conflict, match="Somebody saved this"):
        write(point, cast.coordinator, title="Autre")
    old = original_hash(point, "es")
    point.title = "Work at risk"
    point.save()
    with pytest.raises(Conflict, match="original"):
        translation_save(point=point, language="es", actor=cast.drafter, revision=0, original=old, title="Empleos")
    assert PointTranslation.objects.get().title == FRENCH["title"]


def test_titles_of_the_files_are_drafts_and_never_replace_what_was_written_here(
    point: TalkingPoint, cast: SimpleNamespace
) -> None:
    assert translation_load(point=point, language="fr", words={"title": "Emplois en danger"})
    assert not translation_load(point=fresh(point), language="fr", words={"title": "Emplois en danger"})
    assert states(point)["fr"] == "draft"
    assert translation_load(point=fresh(point), language="fr", words={"title": "Emplois en péril"})
    assert fresh(point).titles == {"fr": "Emplois en péril"}
    row = write(point, cast.drafter, revision=2)
    assert not translation_load(point=fresh(point), language="fr", words={"title": "Autre"})
    translation_review(point=point, language="fr", actor=cast.reviewer, revision=row.revision)
    assert not translation_load(point=fresh(point), language="fr", words={"title": "Autre"})
    assert (fresh(point).titles, states(point)["fr"]) == ({"fr": FRENCH["title"]}, "reviewed")


def test_a_letter_gets_the_passage_in_its_language_where_that_is_in_step(
    point: TalkingPoint, cast: SimpleNamespace
) -> None:
    def inserted(language: str) -> dict[str, str]:
        return point_words(fresh(point), language)

    assert inserted("fr") == {**ORIGINAL_WORDS, "passage": ORIGINAL_WORDS["claim"]}
    write(point, cast.drafter, "en", passage="One job in two may go.")
    assert inserted("en")["passage"] == "One job in two may go."
    write(point, cast.drafter)
    assert inserted("fr") == {**FRENCH, "passage": FRENCH["claim"]}
    write(point, cast.drafter, revision=1, **FRENCH, passage="Un emploi sur deux.")
    assert inserted("fr")["passage"] == "Un emploi sur deux."
    write(point, cast.drafter, "es", title="Solo el título")
    assert inserted("es")["title"] == "Jobs at risk", "half a translation is none"
    point.claim = "Automation replaces people."
    point.save()
    assert inserted("fr") == {"title": "Jobs at risk", "claim": point.claim, "passage": point.claim}


def address(point: TalkingPoint, language: str, act: str = "") -> str:
    return reverse(f"evidence:translation{act}", args=[point.campaign.slug, point.number, language])


def form_of(point: TalkingPoint, language: str, revision: int = 0, **words: str) -> dict[str, Any]:
    return {"revision": revision, "original": original_hash(fresh(point), language), **words}


def test_a_drafter_writes_and_a_reviewer_marks_it_on_the_page(
    point: TalkingPoint, cast: SimpleNamespace, signed_in: Any
) -> None:
    drafter, reviewer = signed_in(cast.drafter), signed_in(cast.reviewer)
    arabic = {"title": "وظائف مهددة", "claim": "الأتمتة تحل محل العمل."}
    assert drafter.post(address(point, "ar", "_written"), form_of(point, "ar", **arabic)).status_code == 302
    html = reviewer.get(address(point, "ar")).text
    assert 'lang="ar" dir="rtl"' in html
    assert "وظائف مهددة" in html
    assert "Mark as reviewed" in html
    assert "Mark as reviewed" not in drafter.get(address(point, "ar")).text
    assert reviewer.post(address(point, "ar", "_reviewed"), {"revision": 1}).status_code == 302
    assert "Reviewed by Ivo Hrubý" in drafter.get(address(point, "ar")).text
    overview = drafter.get(reverse("evidence:point", args=["mc11", 3])).text
    assert "وظائف مهددة" in overview
    assert overview.count("Missing") == 3


def test_a_stale_window_keeps_what_was_typed(point: TalkingPoint, cast: SimpleNamespace, signed_in: Any) -> None:
    write(point, cast.coordinator)
    answer = signed_in(cast.drafter).post(address(point, "fr", "_written"), form_of(point, "fr", title="Le mien"))
    assert answer.status_code == 409
    assert "Somebody saved this translation" in answer.text
    assert "Le mien" in answer.text


def test_strange_languages_and_numbers_are_not_found_or_refused(
    point: TalkingPoint, cast: SimpleNamespace, signed_in: Any
) -> None:
    drafter = signed_in(cast.drafter)
    assert drafter.get(address(point, "xx")).status_code == 404
    assert drafter.post(address(point, "fr", "_written"), {"revision": "many", "title": "A"}).status_code == 409
    long = form_of(point, "fr", title="x" * 201)
    assert drafter.post(address(point, "fr", "_written"), long).status_code == 400
    own = signed_in(cast.coordinator)
    write(point, cast.coordinator)
    assert own.post(address(point, "fr", "_reviewed"), {"revision": 1}).status_code == 403


def test_a_language_of_a_government_can_be_begun_where_the_campaign_does_not_list_it(
    point: TalkingPoint, cast: SimpleNamespace, signed_in: Any
) -> None:
    Campaign.objects.update(languages=["en", "fr", "es"])
    make_member("EG", "Egypt", official_languages=["ar", "en", "xx"])
    drafter, here = signed_in(cast.drafter), reverse("evidence:point", args=["mc11", 3])
    assert "العربيّة" in drafter.get(here).text
    assert "العربيّة" not in signed_in(cast.observer).get(here).text
    assert 'dir="rtl"' in drafter.get(address(point, "ar")).text
    sent = drafter.post(address(point, "ar", "_written"), form_of(point, "ar", title="وظائف", claim="آلة."))
    assert sent.status_code == 302
    assert states(point)["ar"] == "draft"
    assert "Start in another language" not in drafter.get(here).text, "it stands among the point's own now"
    for code in ("xx", "de", "AR"):
        assert drafter.get(address(point, code)).status_code == 404
