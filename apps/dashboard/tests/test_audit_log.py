"""The record: every event in words, names looked up, nothing of another campaign."""

import ast
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from apps.campaigns.models import Campaign
from apps.core.audit import audit_record
from apps.core.models import AuditEvent
from apps.dashboard.pages.audit_details import Details
from apps.dashboard.pages.audit_labels import DETAILS, NOT_SHOWN, VERBS
from apps.recipient_imports.planning.plan import Kind
from tests.factories import add_team_member, html_of, make_campaign, make_member, make_user

APPS = Path(__file__).resolve().parents[2]


#: data that a verb records without a keyword in the call
COUNTS = {"recipients.import": {*Kind.values, "addresses"}}
ARGUMENTS = {"verb", "subject", "actor", "campaign_id"}


def recorded() -> dict[str, set[str]]:
    """{verb: keys of its data} of every service, from the source: calls of `audit_record`, and of the functions of the
    same module that pass their verb or their keywords on to it."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in APPS.glob("*/**/*.py"):
        source = path.read_text(encoding="utf-8")
        if {"tests", "migrations"} & set(path.parts) or "audit_record(" not in source:
            continue
        tree = ast.parse(source)
        functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        for function in functions.values():
            for call in _calls(function, {"audit_record"}):
                keys = {keyword.arg for keyword in call.keywords if keyword.arg} - ARGUMENTS
                value = next((keyword.value for keyword in call.keywords if keyword.arg == "verb"), None)
                passes_on = isinstance(value, ast.Name) and value.id in [arg.arg for arg in function.args.args]
                callers = _calls(tree, {function.name}) if passes_on else []
                for caller in callers or [call]:
                    scope = caller if passes_on else (value if not isinstance(value, ast.Name) else function)
                    for verb in _verbs(scope):
                        found[verb] |= keys | {keyword.arg for keyword in caller.keywords if keyword.arg} - ARGUMENTS
    for verb, keys in COUNTS.items():
        found[verb] |= keys
    return found


def _calls(tree: ast.AST, names: set[str]) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) in names]


def _verbs(tree: ast.AST | None) -> set[str]:
    texts = [node.value for node in ast.walk(tree or ast.Pass()) if isinstance(node, ast.Constant)]
    return {text for text in texts if isinstance(text, str) and re.fullmatch(r"[a-z_]+\.[a-z_]+", text)}


RECORDED = sorted(recorded().items())


def test_every_verb_has_words() -> None:
    assert len(RECORDED) > 80, "a search that finds nothing would pass"
    assert {"address.retire", "fact.retire", "sign_on.verify", "dispatch.recompute"} <= dict(RECORDED).keys()
    assert dict(RECORDED).keys() == VERBS.keys()


@pytest.mark.parametrize(("verb", "keys"), RECORDED)
def test_the_data_of_every_verb_is_a_sentence(verb: str, keys: set[str]) -> None:
    """Neither keys nor hashes, ids, codes or zeros are in it."""
    details = Details(Campaign(time_zone="UTC"), {})
    unlabelled = keys - DETAILS.keys() - NOT_SHOWN
    assert not unlabelled, f"give {unlabelled} words in audit_labels.DETAILS, or write them into NOT_SHOWN"
    for value in (0, False, "", None, [], {}):
        assert details.sentence(AuditEvent(verb=verb, data=dict.fromkeys(keys, value))) == ""
    said = details.sentence(AuditEvent(verb=verb, data=dict.fromkeys(keys, 2)))
    assert not re.search(r"\w_\w|%|True", said), said
    said = details.sentence(AuditEvent(verb=verb, data=dict.fromkeys(keys & HIDDEN, "ab" * 32)))
    assert said == "", "hashes and ids are of no use to readers"


#: never shown: hashes, and ids of other rows
HIDDEN = {
    "annex", "annex_sha256", "attempt", "delivery", "dispatch", "other", "plan", "recipient", "replaced_by", "revision",
    "same_as", "sha256", "template",
}  # fmt: skip


def test_the_data_of_an_event_is_in_words(page: Any, campaign: Campaign, cast: Any) -> None:
    make_member("KE", "Kenya")
    counts = {"added": 9, "changed": 0, "merged": 0, "skipped": 4, "unchanged": 0, "refused": 0, "addresses": 9}
    sha = {"sha256": "ab" * 32}
    for verb, data in {
        "reply.file": {"delivery": 1, "kind": "auto_reply"},
        "office.save": {"member": "KE", "fields": ["postal_address"]},
        "letter.create": {"number": 3, "template": "x", "to_all": False, "groups": [], "members": ["KE"]},
        "position.correct": {"member": "KE", "stance": ["opposes", "supports"], "on": ["2017-05-03"] * 2},
        "dispatch.authorise": {"prepared_by": cast.sender.pk, "version": 77, "letters": 1},
        "team_member.change_roles": {"before": ["data_officer"], "after": ["drafter", "observer"]},
        "recipients.import": {"rows": 13, **counts},
        "letter_text.save": {"revision": 1, **sha},
        "letter_version.freeze": {"letter": 3, "number": 1, "editions": 7, "addressees": 6, "day": "2017-12-13", **sha},
    }.items():
        audit_record(verb=verb, subject=campaign, campaign_id=campaign.pk, **data)
    assert [line.details for line in page("record/").context["lines"]][::-1] == [
        "An automatic reply",
        "Changed: postal address",
        "Governments: Kenya",
        "Position: supports negotiations (before: opposes new rules); day: 3 May 2017",
        "1 letter; prepared by: Lena Fischer",
        "Before: Data officer; now: Drafter, Observer",
        "13 rows read; 9 recipients added; 4 rows left out; 9 new addresses",
        "",
        "7 country letters; for 6 governments; groups and positions as of: 13 December 2017",
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
    assert "Before: Drafter; now: Observer" in text


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
    assert "The activity log is empty." in html_of(answer)


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


def test_values_are_escaped(page: Any, campaign: Campaign) -> None:
    audit_record(
        verb="sign_on_call.open", subject=campaign, campaign_id=campaign.pk, version="<script>alert(1)</script>",
        closes_at="2017-12-01T22:59:00+00:00", moderated=True,
    )  # fmt: skip
    text = html_of(page("record/"))
    assert "<script>alert" not in text
    assert "closes: 1 December 2017, 22:59 UTC; names are checked before they appear" in text


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
