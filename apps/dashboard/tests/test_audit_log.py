"""The record: every event in words, names looked up, nothing of another campaign."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apps.campaigns.models import Campaign
from apps.core.audit import audit_record
from apps.core.models import AuditEvent
from apps.dashboard.pages.audit_labels import LABELS, NOT_SHOWN, VERBS
from tests.factories import add_team_member, html_of, make_campaign, make_member, make_user

APPS = Path(__file__).resolve().parents[2]


def audit_calls() -> Iterator[ast.Call]:
    """Every call of `audit_record` in the source."""
    for path in APPS.glob("*/**/*.py"):
        if "tests" not in path.parts and "migrations" not in path.parts:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit_record":
                    yield node


def test_every_verb_that_is_written_has_words() -> None:
    """A verb is a literal in a service; the record says it in words."""
    written = {
        keyword.value.value
        for call in audit_calls()
        for keyword in call.keywords
        if keyword.arg == "verb" and isinstance(keyword.value, ast.Constant)
    }
    assert len(written) > 30, "a search that finds nothing would pass"
    assert written <= set(VERBS), sorted(written - set(VERBS))


def test_everything_that_is_written_beside_a_verb_has_a_label_or_is_an_id() -> None:
    arguments = {"verb", "subject", "actor", "campaign_id"}
    written = {keyword.arg for call in audit_calls() for keyword in call.keywords if keyword.arg} - arguments
    assert len(written) > 30, "a search that finds nothing would pass"
    assert not set(LABELS) & NOT_SHOWN
    assert written <= set(LABELS) | NOT_SHOWN, sorted(written - set(LABELS) - NOT_SHOWN)


def test_the_data_of_an_event_is_in_words(page: Any, campaign: Campaign, cast: Any) -> None:
    make_member("KE", "Kenya")
    audit_record(verb="reply.file", subject=campaign, campaign_id=campaign.pk, delivery=1, kind="reply")
    audit_record(verb="position.record", subject=campaign, campaign_id=campaign.pk, member="KE", stance="opposes")
    audit_record(
        verb="dispatch.authorise", subject=campaign, campaign_id=campaign.pk, prepared_by=cast.sender.pk, version=77
    )
    audit_record(verb="team_member.invite", subject=campaign, campaign_id=campaign.pk, roles=["data_officer"])
    said = [line.data for line in page("record/").context["lines"]]
    assert said == [
        [("roles", "Data officer")],
        [("prepared by", "Lena Fischer")],
        [("government", "Kenya"), ("position", "opposes")],
        [("kind", "answer")],
    ]


def test_events_are_told_in_words_with_names(page: Any, campaign: Campaign, cast: Any) -> None:
    membership = campaign.team.get(user=cast.drafter)
    audit_record(
        verb="team_member.change_roles",
        subject=membership,
        actor=cast.coordinator,
        before=["drafter"],
        after=["observer"],
    )
    text = html_of(page("record/"))
    assert re.search(r"Ada Okoro</bdi></th>\s*<td>changed somebody&#x27;s roles|changed somebody's roles", text)
    assert "Naledi Motsepe" in text
    assert "before:" in text


def test_who_acted_is_always_said(page: Any, campaign: Campaign, cast: Any) -> None:
    gone = make_user("Gone")
    for actor in (None, "signer", gone):
        audit_record(verb="reply.file", subject=campaign, actor=actor, campaign_id=campaign.pk)
    gone.delete()
    who = [line.who for line in page("record/").context["lines"]]
    assert who == ["Somebody whose account is gone", "A signatory", "The system"]


def test_a_verb_without_words_is_still_readable(page: Any, campaign: Campaign) -> None:
    audit_record(verb="new_thing.happen", subject=campaign, campaign_id=campaign.pk)
    assert "new thing: happen" in html_of(page("record/"))


def test_the_record_of_another_campaign_is_not_shown(page: Any, campaign: Campaign) -> None:
    other = add_team_member(make_user("Other Person"), make_campaign("mc12"), "drafter")
    audit_record(verb="team_member.end", subject=other, actor=other.user)
    answer = page("record/")
    assert list(answer.context["lines"]) == []
    assert "The record is empty." in html_of(answer)


@pytest.mark.parametrize(("query", "lines"), [("", 50), ("?page=2", 10), ("?page=99", 10), ("?page=x", 50)])
def test_it_is_paged(page: Any, campaign: Campaign, query: str, lines: int) -> None:
    for _event in range(60):
        audit_record(verb="letter_text.save", subject=campaign, campaign_id=campaign.pk)
    assert len(page(f"record/{query}").context["lines"]) == lines


def test_it_is_filtered_by_what_happened(page: Any, campaign: Campaign) -> None:
    for verb in ("letter.create", "letter_text.save", "letter_text.save"):
        audit_record(verb=verb, subject=campaign, campaign_id=campaign.pk)
    answer = page("record/?verb=letter.create")
    assert [line.what for line in answer.context["lines"]] == ["started a letter"]
    assert len(page("record/?verb=nonsense").context["lines"]) == 3
    assert "?verb=letter_text.save&amp;page=2" not in html_of(answer)


def test_values_are_escaped_and_short(page: Any, campaign: Campaign) -> None:
    audit_record(
        verb="letter_version.freeze", subject=campaign, campaign_id=campaign.pk, sha256="ab" * 32,
        reason="<script>alert(1)</script>", closes_at="2017-12-01T22:59:00+00:00", empty=[], moderated=True,
    )  # fmt: skip
    text = html_of(page("record/"))
    assert "abababab abababab …" in text
    assert "<script>alert" not in text
    assert "1 December 2017, 22:59 UTC" in text
    assert re.search(r'moderated:\s*<span\s+dir="auto"\s*>yes', text)
    assert "empty:" not in text


def test_a_long_page_asks_few_questions(
    page: Any, campaign: Campaign, cast: Any, django_assert_max_num_queries: Any
) -> None:
    page("record/")
    for user in (cast.coordinator, cast.drafter, cast.sender):
        for _event in range(15):
            audit_record(verb="user.save_profile", subject=user, actor=user, campaign_id=campaign.pk)
    with django_assert_max_num_queries(14):
        assert len(page("record/").context["lines"]) == 45
    assert AuditEvent.objects.count() == 45


def test_the_record_says_in_which_zone_its_times_are(page: Any, campaign: Campaign, cast: Any) -> None:
    cast.observer.time_zone = "Asia/Kathmandu"
    cast.observer.save()
    audit_record(verb="user.sign_in", subject=cast.observer, campaign_id=campaign.pk)
    assert " in Kathmandu" in html_of(page("record/"))
