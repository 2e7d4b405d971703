"""Describing sources: a title always, nobody overwrites unread, bad input is explained."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.core.errors import Conflict, DomainError
from apps.core.models import AuditEvent
from apps.sources.citation.formatter import accessed_text
from apps.sources.models import Source
from apps.sources.services import source_check, source_fingerprint, source_save
from tests.factories import make_campaign

pytestmark = pytest.mark.django_db


@pytest.fixture
def source(campaign: Campaign) -> Source:
    return Source.objects.create(
        campaign=campaign, key="src-wdr", kind="report", title="Digital Dividends", authors=["World Bank"], year=2016
    )


def test_a_new_source_gets_a_key_of_its_own(campaign: Campaign, cast: SimpleNamespace) -> None:
    made = [source_save(campaign=campaign, actor=cast.drafter, title=title) for title in ("Égalité", "Égalité", "مصر")]
    assert [row.key for row in made] == ["src-egalite", "src-egalite-2", "src-new"]
    assert AuditEvent.objects.filter(verb="source.save").count() == 3


@pytest.mark.parametrize("title", ["", "   "])
def test_a_source_without_title_is_refused(
    source: Source, cast: SimpleNamespace, campaign: Campaign, title: str
) -> None:
    with pytest.raises(DomainError, match="If it has none, describe"):
        source_save(campaign=campaign, actor=cast.drafter, title=title)
    with pytest.raises(DomainError, match="If it has none, describe"):
        source_save(campaign=campaign, actor=cast.drafter, source=source, seen=source_fingerprint(source), title=title)
    assert Source.objects.get().title == "Digital Dividends"


def test_a_second_window_overwrites_nothing(source: Source, cast: SimpleNamespace, campaign: Campaign) -> None:
    seen = source_fingerprint(source)
    source_save(campaign=campaign, actor=cast.drafter, source=source, seen=seen, publisher="World Bank Group")
    with pytest.raises(Conflict, match="Somebody changed this so"):
        source_save(campaign=campaign, actor=cast.coordinator, source=source, seen=seen, title="Mine")
    assert Source.objects.get().title == "Digital Dividends"


def form_of(source: Source, **changed: str) -> dict[str, str]:
    return {
        "seen": source_fingerprint(source), "title": source.title, "form": "work",
        "authors": "World Bank; Deepak Mishra",
        "publisher": "World Bank", "date": "2016-01", "url": "https://bank.example/wdr",
        "archived_url": "https://archive.example/wdr", "doi": "https://doi.org/10.1596/978-1-4648-0671-1",
        "checked_on": "2017-11-14", "note": "", **changed,
    }  # fmt: skip


def test_full_data_is_saved_on_the_page(source: Source, cast: SimpleNamespace, signed_in: Any) -> None:
    drafter, address = signed_in(cast.drafter), reverse("evidence:source_edit", args=["mc11", source.key])
    assert drafter.post(address, form_of(source)).status_code == 302
    source.refresh_from_db()
    assert (source.authors, source.date, source.year, source.doi) == (
        ["World Bank", "Deepak Mishra"], "2016-01", 2016, "10.1596/978-1-4648-0671-1",
    )  # fmt: skip
    html = drafter.get(reverse("evidence:source", args=["mc11", source.key])).text
    for words in ("14 November 2017", "https://archive.example/wdr", "No fact cites this source."):
        assert words in html, words
    assert signed_in(cast.observer).post(address, form_of(source)).status_code == 403


def test_a_form_saved_as_it_came_changes_nothing(source: Source, cast: SimpleNamespace, signed_in: Any) -> None:
    drafter, address = signed_in(cast.drafter), reverse("evidence:source_edit", args=["mc11", source.key])
    data = form_of(source, authors="World Bank", date="2016")
    for name in ("publisher", "url", "archived_url", "doi", "checked_on"):
        data[name] = ""
    assert drafter.post(address, data).status_code == 302
    source.refresh_from_db()
    assert source.edited_at is None


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("title", " ", "A source needs a title."),
        ("date", "2016-13", "“2016-13” is not a date."),
        ("date", "0000", "“0000” is not a date."),
        ("date", "last year", "is not a date."),
        ("url", "javascript:alert(1)", "A link begins with https://"),
        ("archived_url", "ftp://x", "A link begins with https://"),
        ("doi", "1596", "A DOI begins with 10."),
        ("checked_on", "yesterday", "Enter a valid date."),
        ("authors", "x" * 201, "too long for one author"),
        ("title", "x" * 401, "at most 400 characters"),
    ],
)
def test_bad_input_is_explained_and_nothing_typed_is_lost(
    source: Source, cast: SimpleNamespace, signed_in: Any, name: str, value: str, words: str
) -> None:
    data = {**form_of(source, publisher="Typed <b>here</b>"), name: value}
    answer = signed_in(cast.drafter).post(reverse("evidence:source_edit", args=["mc11", source.key]), data)
    assert answer.status_code == 400
    assert words in answer.text
    assert "Typed &lt;b&gt;here&lt;/b&gt;" in answer.text
    assert Source.objects.get().publisher == ""


def test_a_stale_window_is_told_and_sources_of_others_are_not_found(
    source: Source, cast: SimpleNamespace, signed_in: Any, campaign: Campaign
) -> None:
    data = form_of(source)
    source_save(
        campaign=campaign, actor=cast.coordinator, source=source, seen=source_fingerprint(source), note="Theirs"
    )
    drafter = signed_in(cast.drafter)
    answer = drafter.post(reverse("evidence:source_edit", args=["mc11", source.key]), data)
    assert answer.status_code == 409
    assert "Deepak Mishra" in answer.text
    other = Source.objects.create(campaign=make_campaign("other"), key="src-other", kind="report", title="T")
    assert drafter.get(reverse("evidence:source", args=["mc11", other.key])).status_code == 404


def test_a_source_is_added_on_the_page(source: Source, cast: SimpleNamespace, signed_in: Any) -> None:
    drafter = signed_in(cast.drafter)
    answer = drafter.post(reverse("evidence:source_new", args=["mc11"]), form_of(source, title="Another Report"))
    assert answer.url == reverse("evidence:source", args=["mc11", "src-another-report"])
    html = drafter.get(reverse("evidence:sources", args=["mc11"])).text
    assert "Another Report" in html
    assert "Not checked yet" in html


def test_one_press_notes_that_the_source_was_opened_today(
    source: Source, cast: SimpleNamespace, signed_in: Any
) -> None:
    drafter, args = signed_in(cast.drafter), ["mc11", source.key]
    assert "I opened it today and it says this" in drafter.get(reverse("evidence:source", args=args)).text
    seen = source_fingerprint(source)
    html = drafter.post(reverse("evidence:source_checked", args=args), follow=True).text
    assert "Recorded as checked today: “Digital Dividends”." in html
    source.refresh_from_db()
    assert source.checked_on == timezone.localdate()
    assert source_fingerprint(source) != seen, "whoever has the old form open is told"
    assert accessed_text(source) == "", "it has no address that could be accessed"
    source.url = "https://bank.example/wdr"
    assert accessed_text(source).startswith("accessed on ")
    html = drafter.post(reverse("evidence:source_checked", args=args), follow=True).text
    assert "That was noted today already" in html
    (event,) = AuditEvent.objects.filter(verb="source.check")
    assert event.data == {"on": source.checked_on.isoformat()}
    assert drafter.get(reverse("evidence:source_checked", args=args)).status_code == 405
    assert signed_in(cast.observer).post(reverse("evidence:source_checked", args=args)).status_code == 403


def test_sources_that_nobody_opened_are_a_list_to_work_through(
    source: Source, cast: SimpleNamespace, signed_in: Any
) -> None:
    seen = Source.objects.create(
        campaign=source.campaign, key="seen", kind="report", title="Opened", checked_on=date(2017, 10, 2)
    )
    drafter, sources = signed_in(cast.drafter), reverse("evidence:sources", args=["mc11"])
    html = drafter.get(sources).text
    assert "?checked=never" in html
    assert seen.title in html
    html = drafter.get(f"{sources}?checked=never").text
    assert "Digital Dividends" in html
    assert seen.title not in html
    assert "I checked it today" not in signed_in(cast.observer).get(f"{sources}?checked=never").text
    address = reverse("evidence:source_checked", args=["mc11", source.key])
    answer = drafter.post(address, {"list": "never"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"{sources}?checked=never"
    assert "Every source was opened at least once." in answer.text


def test_a_day_to_come_is_refused_and_an_earlier_one_changes_no_later_one(
    source: Source, cast: SimpleNamespace, campaign: Campaign, signed_in: Any
) -> None:
    later = timezone.localdate() + timedelta(days=3)
    address = reverse("evidence:source_edit", args=["mc11", source.key])
    answer = signed_in(cast.drafter).post(address, form_of(source, checked_on=later.isoformat()))
    assert answer.status_code == 400
    assert "This day is in the future." in answer.text
    with pytest.raises(DomainError, match="Give the day on which so"):
        source_save(
            campaign=campaign, actor=cast.drafter, source=source, seen=source_fingerprint(source), checked_on=later
        )  # fmt: skip
    assert source_check(source=source, actor=cast.drafter, on=date(2017, 10, 2))
    assert not source_check(source=source, actor=cast.drafter, on=date(2017, 10, 1))
    source.refresh_from_db()
    assert source.checked_on == date(2017, 10, 2)


def test_the_list_of_sources_asks_as_often_however_many_there_are(
    source: Source, cast: SimpleNamespace, signed_in: Any
) -> None:
    observer, counts = signed_in(cast.observer), []
    address = reverse("evidence:sources", args=["mc11"])
    for turn in range(2):
        observer.get(address)
        with CaptureQueriesContext(connection) as queries:
            observer.get(address)
        counts.append(len(queries))
        Source.objects.bulk_create(
            Source(campaign=source.campaign, key=f"{turn}-{n}", kind="report", title="T", authors=["A"])
            for n in range(9)
        )
    assert counts[0] == counts[1]
