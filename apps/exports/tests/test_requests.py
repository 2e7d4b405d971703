"""Large exports: made in the background, agreed to by a second person, encrypted, for one person and a time."""

import threading
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from apps.coalitions.models import SignOn
from apps.coalitions.services.calls import names_hide
from apps.coalitions.services.erasure import sign_on_erase
from apps.core.encryption import UnreadableValue
from apps.core.errors import Conflict, DomainError, NotAllowed
from apps.core.models import AuditEvent
from apps.core.signals import personal_data_erase
from apps.exports.models import Export, Format
from apps.exports.selectors import cancelled_key
from apps.exports.services import contact_rows, requests, runs
from apps.exports.services.files import stored_file_portions
from apps.exports.services.requests import export_agree, export_cancel, export_request, export_taken
from apps.exports.services.runs import exports_advance, exports_delete_expired
from apps.exports.writers import MOST_ROWS
from tests.factories import make_member
from tests.factories.concurrency import at_once
from tests.factories.exports import wanted
from tests.factories.governments import make_recipient
from tests.factories.letters import make_version
from tests.factories.signing import make_call, make_sign_ons

NAMES = [f"Forum {number:03}" for number in range(30)]


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in stored():
        storages["exports"].delete(name)
    monkeypatch.setattr(requests, "SMALL", 10)
    monkeypatch.setattr(contact_rows, "MANY_CONTACTS", 20)
    for module in ("csv", "json_lines", "xlsx"):
        monkeypatch.setattr(f"apps.exports.writers.{module}.PORTION", 5)


@pytest.fixture
def call(campaign: Any, cast: Any, limits: None) -> Any:
    kenya = make_member()
    make_recipient(campaign, kenya, "Minister", "m@ke.example")
    call = make_call(make_version(campaign, cast, kenya), cast, moderated=False)
    make_sign_ons(call, NAMES)
    return call


def ask(call: Any, cast: Any, purpose: str = "public", format: str = "csv", **choice: Any) -> Export:
    chosen = wanted("signatories", purpose, format, filters={"letter": "1", "version": str(call.version.pk)}, **choice)
    export, file = export_request(
        campaign=call.campaign, wanted=chosen, reason="for the press", actor=cast.data_officer
    )
    assert file is None
    return export


def stored() -> list[str]:
    return storages["exports"].listdir("")[1]


def content(export: Export) -> bytes:
    export.refresh_from_db()
    return b"".join(stored_file_portions(export))


@pytest.mark.django_db
@pytest.mark.parametrize("format", ["csv", "xlsx", "jsonl", "pdf"])
def test_a_large_one_is_made_in_the_background(call: Any, cast: Any, format: str) -> None:
    export = ask(call, cast, format=format)
    assert (export.state, export.rows) == ("queued", 30)
    assert exports_advance() == 1
    export.refresh_from_db()
    assert (export.state, export.rows, export.size) == ("ready", 30, len(content(export)))
    with storages["exports"].open(export.stored_as) as file:
        sealed = file.read()
    assert b"Forum" not in sealed
    assert content(export)[:2] == {"csv": b"\xef\xbb", "xlsx": b"PK", "jsonl": b'{"', "pdf": b"%P"}[format]
    assert exports_advance() == 0


@pytest.mark.django_db
def test_many_rows_of_contact_data_wait_for_a_second_person(call: Any, cast: Any) -> None:
    export = ask(call, cast, "internal")
    assert export.state == "waiting"
    assert exports_advance() == 0
    with pytest.raises(NotAllowed, match="Another person"):
        export_agree(export=export, actor=cast.data_officer)
    export_agree(export=export, actor=cast.coordinator)
    assert exports_advance() == 1
    assert b"signer" in content(export)
    assert [event.verb for event in AuditEvent.objects.filter(verb__startswith="export.").order_by("id")] == [
        "export.request", "export.agree", "export.make"
    ]  # fmt: skip
    with pytest.raises(Conflict):
        export_agree(export=export, actor=cast.coordinator)


@pytest.mark.django_db
def test_a_list_is_not_taken_in_parts(call: Any, cast: Any) -> None:
    SignOn.objects.filter(org_name__lt="Forum 015").update(country="TG")

    def state(country: str, **choice: Any) -> str:
        filters = {"letter": "1", "version": str(call.version.pk), "country": country}
        chosen = wanted("signatories", "internal", "csv", filters=filters, **choice)
        asked = {"campaign": call.campaign, "wanted": chosen, "reason": "x", "at_once": False}
        return str(export_request(actor=cast.data_officer, **asked)[0].state)

    assert state("TG") == "queued"
    assert state("TG") == "queued", "the same once more"
    assert state("KE", columns=["name"]) == "queued", "no contact data"
    assert state("KE") == "waiting"
    Export.objects.update(created_at=timezone.now() - timedelta(days=1))
    assert state("KE") == "queued"


@pytest.mark.django_db(transaction=True)
def test_two_parts_asked_for_at_once_count_each_other(call: Any, cast: Any) -> None:
    SignOn.objects.filter(org_name__lt="Forum 015").update(country="TG")

    def ask_for(country: str) -> str:
        filters = {"letter": "1", "version": str(call.version.pk), "country": country}
        chosen = wanted("signatories", "internal", "csv", filters=filters)
        asked = {"campaign": call.campaign, "wanted": chosen, "reason": "x", "at_once": False}
        return str(export_request(actor=cast.data_officer, **asked)[0].state)

    assert sorted(at_once(lambda: ask_for("TG"), lambda: ask_for("KE"))) == ["queued", "waiting"]


@pytest.mark.django_db
def test_without_contact_data_nobody_has_to_agree(call: Any, cast: Any) -> None:
    assert ask(call, cast, "internal", columns=["name", "state"]).state == "queued"


@pytest.mark.django_db
def test_only_who_asked_downloads_it_and_for_a_time(
    call: Any, cast: Any, django_capture_on_commit_callbacks: Any
) -> None:
    export = ask(call, cast)
    exports_advance()
    with pytest.raises(NotAllowed, match="Only the person who asked"):
        export_taken(export=export, actor=cast.coordinator)
    assert export_taken(export=export, actor=cast.data_officer).downloaded_at
    export.refresh_from_db()
    name = export.stored_as
    Export.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert exports_delete_expired() == 1
    assert not storages["exports"].exists(name)
    export.refresh_from_db()
    assert (export.state, export.stored_as, bool(export.sha256)) == ("expired", "", True)
    with pytest.raises(Conflict):
        export_taken(export=export, actor=cast.data_officer)


@pytest.mark.django_db
def test_cancelling_works_before_while_and_after_it_is_made(
    call: Any, cast: Any, django_capture_on_commit_callbacks: Any
) -> None:
    before = ask(call, cast)
    export_cancel(export=before, actor=cast.data_officer)
    assert exports_advance() == 0
    during = ask(call, cast)
    seen: list[int] = []

    def cancel(export: Export, rows: int) -> None:
        seen.append(rows)
        cache.set(cancelled_key(export.pk), True)
        progress(export, rows)

    progress = runs._progress
    with patch("apps.exports.services.runs._progress", cancel):
        assert exports_advance() == 0
    assert seen == [5]
    export_cancel(export=during, actor=cast.data_officer)
    assert stored() == []
    after = ask(call, cast)
    exports_advance()
    after.refresh_from_db()
    name = after.stored_as
    with django_capture_on_commit_callbacks(execute=True):
        export_cancel(export=after, actor=cast.coordinator)
    assert not storages["exports"].exists(name)
    for export in (before, during, after):
        export.refresh_from_db()
        assert (export.state, export.stored_as) == ("cancelled", "")


@pytest.mark.django_db
def test_a_worker_that_dies_leaves_it_to_the_next(
    call: Any, cast: Any, django_capture_on_commit_callbacks: Any
) -> None:
    class Killed(BaseException):
        pass

    export = ask(call, cast)
    for moment in ("apps.exports.services.runs.export_write", "apps.exports.services.runs._end"):
        with patch(moment, side_effect=Killed), pytest.raises(Killed):
            exports_advance()
    export.refresh_from_db()
    assert (export.state, export.tries) == ("running", 2)
    with django_capture_on_commit_callbacks(execute=True):
        assert exports_advance() == 1
    export.refresh_from_db()
    assert (export.state, export.tries) == ("ready", 3)
    assert stored() == [export.stored_as]
    assert content(export).count(b"\r\n") == 31


@pytest.mark.django_db
@pytest.mark.parametrize("end", ["hidden", "erased", "by address"])
@pytest.mark.parametrize("moment", ["ready", "running"])
def test_a_file_is_made_anew_without_a_name_that_is_gone(
    call: Any, cast: Any, django_capture_on_commit_callbacks: Any, moment: str, end: str
) -> None:
    export, signer = ask(call, cast), SignOn.objects.get(org_name="Forum 007")
    SignOn.objects.filter(pk=signer.pk).update(email_hash="canary")

    def gone(*_: Any) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            if end == "hidden":
                names_hide(call=call, actor=cast.coordinator)
            elif end == "erased":
                sign_on_erase(sign_on=signer)
            else:
                personal_data_erase.send(None, hashes=["canary"])

    if moment == "running":
        save = runs.stored_file_save

        def save_late(*args: Any) -> str:
            name = save(*args)
            gone()
            return name

        with patch("apps.exports.services.runs.stored_file_save", save_late):
            assert exports_advance() == 0
        assert stored() == []
    else:
        exports_advance()
        assert b"Forum 007" in content(export)
        gone()
    export.refresh_from_db()
    assert (export.state, export.stored_as) == ("queued", "")
    assert exports_advance() == 1
    assert content(export).count(b"Forum") == (0 if end == "hidden" else 29)
    assert stored() == [export.stored_as]


@pytest.mark.django_db
def test_nobody_downloads_a_file_whose_time_is_over(call: Any, cast: Any, signed_in: Any) -> None:
    export = ask(call, cast)
    exports_advance()
    page, officer = reverse("exports:export", args=["mc11", export.pk]), signed_in(cast.data_officer)
    assert "Download (" in officer.get(page).content.decode()
    Export.objects.update(expires_at=timezone.now())
    with pytest.raises(Conflict):
        export_taken(export=export, actor=cast.data_officer)
    for address in (page, reverse("exports:index", args=["mc11"])):  # in the hour before it is deleted too
        shown = officer.get(address).content.decode()
        assert ("Download (" in shown, "File deleted" in shown) == (False, True)
    assert "ready to download" not in officer.get("/work/mc11/").content.decode()


@pytest.mark.django_db
def test_one_that_kills_every_worker_is_given_up(call: Any, cast: Any) -> None:
    export = ask(call, cast)
    Export.objects.update(state="running", tries=runs.MOST_TRIES)
    assert exports_advance() == 0
    export.refresh_from_db()
    assert export.state == "failed"
    assert AuditEvent.objects.get(verb="export.fail").data["failure"] == "tries"


@pytest.mark.django_db
@pytest.mark.parametrize("format", ["pdf", "xlsx"])
def test_a_list_too_long_for_its_format_is_refused_at_once_and_fails_if_it_grew(
    call: Any, cast: Any, monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    export = ask(call, cast, format=format)
    monkeypatch.setitem(MOST_ROWS, Format(format), 29)
    assert exports_advance() == 0
    export.refresh_from_db()
    assert export.state == "failed"
    with pytest.raises(DomainError, match="Choose CSV"):
        ask(call, cast, format=format)
    assert Export.objects.count() == 1


@pytest.mark.django_db
def test_a_stored_file_that_was_cut_or_mixed_is_not_read(call: Any, cast: Any) -> None:
    export = ask(call, cast)
    exports_advance()
    export.refresh_from_db()
    with storages["exports"].open(export.stored_as) as file:
        sealed = file.read()
    for spoiled in (sealed[:-1], sealed + sealed, b"", sealed[4:]):
        storages["exports"].delete(export.stored_as)
        storages["exports"].save(export.stored_as, ContentFile(spoiled))
        with pytest.raises(UnreadableValue):
            content(export)


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_it_once(call: Any, cast: Any) -> None:
    """The second comes while the first holds the lock, and again after it."""
    export = ask(call, cast)
    made: list[int] = []

    def second() -> None:
        made.append(exports_advance())
        connections.close_all()

    def write(*args: Any) -> None:
        other = threading.Thread(target=second)
        other.start()
        other.join()
        export_write(*args)

    export_write = runs.export_write
    with patch("apps.exports.services.runs.export_write", write):
        made.append(exports_advance())
    made.append(exports_advance())
    assert made == [0, 1, 0]
    export.refresh_from_db()
    assert (export.state, export.tries) == ("ready", 1)


@pytest.mark.django_db
def test_its_pages(call: Any, cast: Any, signed_in: Any) -> None:
    officer, coordinator = signed_in(cast.data_officer), signed_in(cast.coordinator)
    query = {
        "letter": "1",
        "version": str(call.version.pk),
        "purpose": "internal",
        "columns": ["name", "email"],
        "headings": "en",
    }
    address = reverse("exports:choose", args=["mc11", "signatories"])
    page = officer.get(address, query).content.decode()
    assert "30 rows will be exported" in page
    assert "More than 1,000 rows of contact data" in page
    assert officer.post(address, query).status_code == 400
    answer = officer.post(address, {**query, "reason": "For the printer"})
    export = Export.objects.get()
    assert answer["Location"] == reverse("exports:export", args=["mc11", export.pk])
    assert "Somebody else in the team has to agree" in officer.get(answer["Location"]).content.decode()
    page = coordinator.get(answer["Location"]).content.decode()
    assert "Agree to export 30 rows" in page
    assert "For the printer" in page
    assert "Forum 001" not in page
    assert "1 export with contact data waits" in coordinator.get("/work/mc11/").content.decode()
    coordinator.post(reverse("exports:agree", args=["mc11", export.pk]))
    exports_advance()
    take = reverse("exports:download", args=["mc11", export.pk])
    assert "1 export is ready to download" in officer.get("/work/mc11/").content.decode()
    assert coordinator.post(take).status_code == 403
    answer = officer.post(take)
    assert b"Forum 001" in b"".join(answer.streaming_content)
    assert 'filename="mc11-signatories-internal-' in answer["Content-Disposition"]
    assert "ready to download" not in officer.get("/work/mc11/").content.decode()


@pytest.mark.django_db
def test_a_kept_choice_is_run_again(call: Any, cast: Any, signed_in: Any) -> None:
    officer = signed_in(cast.data_officer)
    query = {
        "letter": "1",
        "version": str(call.version.pk),
        "purpose": "public",
        "columns": ["country", "name"],
        "format": "jsonl",
    }
    address = reverse("exports:save", args=["mc11", "signatories"])
    assert officer.post(address, query).status_code == 400
    answer = officer.post(address, {**query, "name": "Press list"})
    assert answer.status_code == 302
    page = officer.get(reverse("exports:index", args=["mc11"])).content.decode()
    assert "Press list" in page
    page = officer.get(answer["Location"]).content.decode()
    assert page.index('id="column-country"') < page.index('id="column-name"')
    moved = officer.get(answer["Location"] + "&up=name").content.decode()
    assert "autofocus" in moved.partition('id="column-name"')[2].partition(">")[0], "the keyboard goes on from there"
    assert moved.index('id="column-name"') < moved.index('id="column-country"')


@pytest.mark.django_db
def test_unknown_values_of_the_address_are_ignored(call: Any, cast: Any, signed_in: Any) -> None:
    officer = signed_in(cast.data_officer)
    address = reverse("exports:choose", args=["mc11", "signatories"])
    hostile = {
        "letter": "9'; --", "version": "x" * 5000, "purpose": "all", "columns": ["email", "\x00", "nothing"],
        "headings": "xx", "format": "exe", "signed_from": "2017-99-99", "country": "<b>", "up": "email",
    }  # fmt: skip
    page = officer.get(address, hostile)
    assert page.status_code == 200
    assert "signer" not in page.content.decode().partition("<table")[2]
    assert officer.get(reverse("exports:choose", args=["mc11", "nothing"])).status_code == 404


@pytest.mark.django_db
def test_progress_is_shown(call: Any, cast: Any, signed_in: Any) -> None:
    export = ask(call, cast)
    Export.objects.update(state="running", tries=1)
    export.refresh_from_db()
    runs._progress(export, 15)
    page = signed_in(cast.data_officer).get(reverse("exports:export", args=["mc11", export.pk])).content.decode()
    assert 'width="150"' in page
    assert "data-live" in page
    assert "outreach-live.js" in page, "nothing would update it"
