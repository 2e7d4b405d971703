"""An import from file to rows: what is planned is what is written, all of it or nothing, once."""

import random
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.core.errors import Conflict, DomainError
from apps.core.models import AuditEvent
from apps.governments.models import Office, Recipient, RecipientAddress
from apps.governments.services.addresses import address_add
from apps.governments.services.recipients import recipient_save
from apps.recipient_imports.models import RecipientImport
from apps.recipient_imports.planning.existing_recipients import load_existing
from apps.recipient_imports.planning.plan import Answers
from apps.recipient_imports.selectors import decrypted, rows_of
from apps.recipient_imports.services.plan_and_write import import_advance
from apps.recipient_imports.services.transitions import (
    AT_ONCE,
    RETENTION,
    NotAcceptable,
    import_accept,
    import_answer,
    import_answer_all,
    import_begin,
    import_check,
    import_discard,
    import_reread,
    imports_advance,
)
from apps.recipient_imports.spreadsheets.parser_runner import UnreadableFile
from apps.recipient_imports.spreadsheets.table import Options
from tests.factories import make_campaign, make_member
from tests.factories.concurrency import at_once
from tests.factories.governments import make_recipient

pytestmark = pytest.mark.django_db
HEADS = "Country;Office;Post;Name;Email;Phone;City;Language;Salutation"


@pytest.fixture(autouse=True)
def members(db: None) -> SimpleNamespace:
    return SimpleNamespace(
        kenya=make_member(),
        togo=make_member("TG", "Togo", working_language="fr"),
        ivory=make_member("CI", "Côte d'Ivoire", name_es="Costa de Marfil", working_language="fr"),
        turkey=make_member(
            "TR", "Türkiye", earlier_names=[{"until": "2022-06-01", "name": "Turkey", "name_fr": "Turquie"}]
        ),
    )


def begin(campaign: Campaign, cast: Any, *lines: str, heads: str = HEADS) -> RecipientImport:
    content = "\r\n".join([heads, *lines]).encode("cp1252")
    return import_begin(campaign=campaign, actor=cast.coordinator, file_name="C:\\lists\\list.csv", content=content)


def check(campaign: Campaign, cast: Any, *lines: str, heads: str = HEADS) -> RecipientImport:
    batch = begin(campaign, cast, *lines, heads=heads)
    import_check(batch=batch, mapping=batch.mapping)
    batch.refresh_from_db()
    return batch


def accept(batch: RecipientImport, cast: Any) -> RecipientImport:
    import_accept(batch=batch, actor=cast.coordinator, mark=batch.plan_mark)
    batch.refresh_from_db()
    return batch


def planned(batch: RecipientImport) -> dict[int, Any]:
    return {row.number: decrypted(row) for row in rows_of(batch)}


def kinds(batch: RecipientImport) -> list[str]:
    return [row.kind for row in rows_of(batch)]


def codes(row: Any) -> list[str]:
    return [code for code, _field, _params in row.reasons]


def test_a_file_is_kept_encrypted_with_a_guess_and_nothing_is_written(campaign: Campaign, cast: Any) -> None:
    batch = begin(
        campaign, cast, "Kenya;Ministry of Trade;Minister;Ann Example;a@ke.example;+254 1;Nairobi;en;Excellency"
    )
    assert batch.mapping == ["country", "office", "post", "name", "address", "phone", "city", "language", "salutation"]
    assert (batch.file_name, batch.total, batch.state) == ("list.csv", 1, "columns")
    import_check(batch=batch, mapping=batch.mapping)
    assert not Recipient.objects.exists()
    assert not Office.objects.exists()


def test_given_and_family_name_in_two_columns_are_one_name(campaign: Campaign, cast: Any, members: Any) -> None:
    heads = "Pays;Institution;Catégorie;Fonction;Prénom;Nom;Courriel"
    batch = check(
        campaign, cast,
        "Kenya;Mission permanente;Mission de Genève;Ambassadrice;Amélie;N'Gûgi;a@ke.example",
        "Togo;Ministère;Ministère;Ministre;;Sow;s@tg.example",
        heads=heads,
    )  # fmt: skip
    accept(batch, cast)
    assert Recipient.objects.get(office__member=members.kenya).name == "Amélie N'Gûgi"
    assert Recipient.objects.get(office__member=members.kenya).office.kind == "mission"
    assert Recipient.objects.get(office__member=members.togo).name == "Sow"


@pytest.mark.parametrize(
    ("heads", "names"),
    [
        ("Nom;Prénom", "Diop;Aïssatou"), ("Prénom;Nom", "Aïssatou;Diop"), ("Last name;First name", "Diop;Aïssatou"),
        ("Name;Vorname", "Diop;Aïssatou"), ("Apellidos;Nombre", "Diop;Aïssatou"), ("Nombre;Apellidos", "Aïssatou;Diop"),
        ("NOM ;PRENOM", "Diop;Aïssatou"),
    ],
)  # fmt: skip
def test_the_given_name_comes_before_the_family_name_whatever_the_order(
    campaign: Campaign, cast: Any, heads: str, names: str
) -> None:
    batch = check(
        campaign, cast, f"Togo;Ministère;Ministre;{names};a@tg.example", heads=f"Pays;Ministère;Poste;{heads};Courriel"
    )
    accept(batch, cast)
    assert Recipient.objects.get().name == "Aïssatou Diop"


def test_accepting_writes_what_was_planned_once(campaign: Campaign, cast: Any, members: Any) -> None:
    batch = check(
        campaign, cast,
        "Kenya;Ministry of Trade;Minister;Ann Example;a@ke.example, b@ke.example;+254 1;Nairobi;English;Excellency",
        "costa de marfil;Ministère du Commerce;Ministre;;m@ci.example;;;;Monsieur le Ministre",
        "TURKEY;Permanent Mission of Turkey;Ambassador;;x@tr.example;;;;",
    )  # fmt: skip
    assert {kind: count for kind, count in batch.counts.items() if count} == {"added": 3, "addresses": 4}
    mark = batch.plan_mark
    accept(batch, cast)
    import_accept(batch=batch, actor=cast.coordinator, mark=mark)
    assert batch.state == "done"
    ann = Recipient.objects.get(office__member=members.kenya)
    assert (ann.name, ann.phone, ann.language, ann.salutation) == ("Ann Example", "+254 1", "en", {"en": "Excellency"})
    assert (ann.office.kind, ann.office.city) == ("capital", "Nairobi")
    assert [row.address for row in ann.addresses.all()] == ["a@ke.example", "b@ke.example"]
    assert [row.position for row in ann.addresses.all()] == [0, 1]
    assert Recipient.objects.get(office__member=members.ivory).salutation == {"fr": "Monsieur le Ministre"}
    assert Recipient.objects.get(office__member=members.turkey).office.kind == "mission"
    event = AuditEvent.objects.get(verb="recipients.import")
    assert (event.subject_id, event.data["added"]) == (str(batch.pk), 3)
    assert ann.import_rows.get().batch_id == batch.pk
    assert "Ann" not in str(event.data)


def test_an_address_added_by_an_import_is_found_as_one_typed(campaign: Campaign, cast: Any) -> None:
    accept(check(campaign, cast, "Kenya;Ministry;Minister;;A@KE.example;;;;"), cast)
    recipient = Recipient.objects.get()
    assert address_add(recipient=recipient, address="a@ke.example", actor=None).pk == recipient.addresses.get().pk


def test_nothing_of_the_file_is_left_when_it_ends(campaign: Campaign, cast: Any) -> None:
    done = accept(check(campaign, cast, "Kenya;Ministry;Minister;Ann;a@ke.example;;;;"), cast)
    gone = check(campaign, cast, "Togo;Ministère;Ministre;Afi;a@tg.example;;;;")
    import_discard(batch=gone)
    gone.refresh_from_db()
    for batch in (done, gone):
        assert (batch.content, batch.answers) == (None, "{}")
    assert [row.sealed for row in rows_of(done)] == [""]
    assert not rows_of(gone).exists()


def test_the_same_file_again_leaves_all_as_it_is(campaign: Campaign, cast: Any) -> None:
    lines = (
        "Kenya;Ministry of Trade;Minister;Ann;a@ke.example;+254 1;Nairobi;en;Excellency",
        "Togo;Ministère;Ministre;;t@tg.example;;;;",
    )
    accept(check(campaign, cast, *lines), cast)
    again = check(campaign, cast, *(line.upper() if line.startswith("T") else line for line in lines))
    assert kinds(again)[0] == "unchanged"
    again = check(campaign, cast, *lines)
    assert kinds(again) == ["unchanged", "unchanged"]
    with pytest.raises(NotAcceptable, match="nothing to import"):
        accept(again, cast)


def test_changes_are_said_field_by_field_and_empty_cells_erase_nothing(
    campaign: Campaign, cast: Any, members: Any
) -> None:
    known = make_recipient(
        campaign, members.kenya, "Minister", "a@ke.example", name="Ann Example", phone="1", notes="Kept"
    )
    batch = check(
        campaign,
        cast,
        "KE;Ministry;Minister;Ann Example;A@ke.example;2;Nairobi;;",
        "KE;Ministry;Adviser;;n@ke.example;;;;",
    )
    row = planned(batch)[2]
    assert row.kind == "changed"
    assert row.changes == [["city", "", "Nairobi"], ["phone", "1", "2"]]
    made = known.created_at
    accept(batch, cast)
    known.refresh_from_db()
    assert (known.phone, known.notes, known.name, known.office.city) == ("2", "Kept", "Ann Example", "Nairobi")
    assert known.created_at == made
    assert known.salutation == {"en": "Excellency"}
    assert known.office.recipients.count() == 2
    assert known.addresses.count() == 1


def test_rows_are_refused_with_every_reason(campaign: Campaign, cast: Any) -> None:
    batch = check(
        campaign, cast,
        "Keniya;Ministry;Minister;;a@ke.example;;;;",
        "Kenya;;;;nonsense;;;klingon;",
        "Kenya;Ministry;Minister;;;;;;",
        ";Ministry;Minister;;c@ke.example;;;;",
        "Kenya;Ministry;Deputy;;d@ke.example;;;;",
        "kenya;MINISTRY;deputy;;D@ke.example;;;;",
        f"Kenya;Ministry;{'x' * 201};;e@ke.example;;;;",
    )  # fmt: skip
    rows = planned(batch)
    assert codes(rows[2]) == ["country_unknown"]
    assert rows[2].reasons[0][2]["like"] == ["Kenya"]
    assert set(codes(rows[3])) == {"office_missing", "post_missing", "address_bad", "language_unknown"}
    assert codes(rows[4]) == ["address_missing"]
    assert codes(rows[5]) == ["country_missing"]
    assert rows[6].kind == "added"
    assert rows[7].reasons == [["twice", "", {"row": 6}]]
    assert codes(rows[8]) == ["too_long"]
    with pytest.raises(NotAcceptable, match="still refused"):
        accept(batch, cast)
    assert not Recipient.objects.exists()


def test_refused_rows_are_mended_or_left_out(campaign: Campaign, cast: Any) -> None:
    batch = check(
        campaign,
        cast,
        "Keniya;Ministry;Minister;;a@ke.example;;;;",
        "Togo;Ministère;Ministre;;none;;;;",
        "Togo;M;P;;;;;;",
    )
    import_answer(batch=batch, cells={"2": {"country": "Kenya", "bogus": "x"}}, decisions={"3": "skip"})
    batch.refresh_from_db()
    assert kinds(batch) == ["added", "skipped", "refused"]
    import_answer_all(batch=batch, kind="refused", act="skip")
    batch.refresh_from_db()
    assert kinds(batch) == ["added", "skipped", "skipped"]
    import_answer(batch=batch, cells={}, decisions={"3": "open"})
    batch.refresh_from_db()
    assert kinds(batch) == ["added", "refused", "skipped"]
    assert "bogus" not in Answers.from_json(batch.answers).cells["2"]


def test_a_known_address_is_a_duplicate_that_a_person_decides(campaign: Campaign, cast: Any, members: Any) -> None:
    known = make_recipient(campaign, members.kenya, "Minister", "info@ke.example", name="Ann", phone="")
    line = "Kenya;Ministry;Director;Ben;info@ke.example;+254 2;;;"
    batch = check(campaign, cast, line)
    [row] = planned(batch).values()
    assert (row.kind, row.like[0]["to"], row.like[0]["why"]) == ("duplicate", f"merge:{known.pk}", "address")
    with pytest.raises(NotAcceptable):
        accept(batch, cast)
    import_answer(batch=batch, cells={}, decisions={"2": f"merge:{known.pk}"})
    batch.refresh_from_db()
    assert planned(batch)[2].changes == [["phone", "", "+254 2"]]
    accept(batch, cast)
    known.refresh_from_db()
    assert (known.post, known.name, known.phone) == ("Minister", "Ann", "+254 2")
    batch = check(campaign, cast, line)
    import_answer(batch=batch, cells={}, decisions={"2": "add"})
    batch.refresh_from_db()
    accept(batch, cast)
    assert Recipient.objects.count() == 2


def test_a_country_is_told_as_it_was_understood_and_never_guessed(
    campaign: Campaign, cast: Any, signed_in: Any
) -> None:
    make_member("CN", "China", code3="CHN")
    make_member("GB", "United Kingdom", code3="GBR")
    batch = check(
        campaign, cast,
        "UK;Ministry;Minister;;a@uk.example;;;;", "kenya;Ministry;Minister;;a@ke.example;;;;",
        "Kenya;Mission;Minister;;b@ke.example;;;;", "Republic of China;Ministry;Minister;;a@cn.example;;;;",
    )  # fmt: skip
    rows = planned(batch)
    assert [rows[number].country for number in (2, 3, 4, 5)] == ["United Kingdom", "Kenya", "", ""]
    assert rows[5].reasons == [
        ["country_ambiguous", "country", {"value": "Republic of China", "members": "China (CN), Chinese Taipei (TW)"}]
    ]
    shown = signed_in(cast.coordinator).get(reverse("imports:show", args=[campaign.slug, batch.pk]) + "?kind=added")
    assert shown.content.decode().count("Understood as") == 2


def test_somebody_of_the_same_post_and_a_similar_name_is_offered(campaign: Campaign, cast: Any, members: Any) -> None:
    make_recipient(campaign, members.kenya, "Minister", "a@ke.example", name="Ann Example")
    batch = check(
        campaign,
        cast,
        "Kenya;Ministry;minister;Anne Example;new@ke.example;;;;",
        "Kenya;Ministry;Minister;Zed Other;z@ke.example;;;;",
    )
    assert kinds(batch) == ["duplicate", "added"]
    import_answer_all(batch=batch, kind="duplicate", act="merge")
    batch.refresh_from_db()
    accept(batch, cast)
    assert [row.address for row in Recipient.objects.order_by("pk").first().addresses.all()] == [
        "a@ke.example",
        "new@ke.example",
    ]


def test_one_who_is_not_written_to_any_more_is_offered_not_revived_silently(
    campaign: Campaign, cast: Any, members: Any
) -> None:
    known = make_recipient(campaign, members.kenya, "Minister", "a@ke.example", active=False)
    batch = check(campaign, cast, "Kenya;Ministry;Minister;;a@ke.example;;;;")
    assert planned(batch)[2].like[0]["why"] == "retired"
    import_answer_all(batch=batch, kind="duplicate", act="merge")
    batch.refresh_from_db()
    accept(batch, cast)
    known.refresh_from_db()
    assert known.active


def test_a_change_after_the_plan_was_shown_is_told_and_nothing_is_written(
    campaign: Campaign, cast: Any, members: Any
) -> None:
    known = make_recipient(campaign, members.kenya, "Minister", "a@ke.example", phone="1")
    batch = check(campaign, cast, "Kenya;Ministry;Minister;;a@ke.example;2;;;", "Togo;M;P;;p@tg.example;;;;")
    recipient_save(office=known.office, post="Minister", language="en", actor=None, recipient=known, phone="3")
    accept(batch, cast)
    assert (batch.state, batch.notice) == ("checked", "changed")
    assert planned(batch)[2].changes == [["phone", "3", "2"]]
    assert Recipient.objects.count() == 1
    accept(batch, cast)
    assert (batch.state, Recipient.objects.count()) == ("done", 2)


def test_a_plan_that_is_not_the_one_shown_is_not_accepted(campaign: Campaign, cast: Any) -> None:
    batch = check(campaign, cast, "Kenya;Ministry;Minister;;a@ke.example;;;;")
    with pytest.raises(Conflict, match="checked again since"):
        import_accept(batch=batch, actor=cast.coordinator, mark="0" * 64)


def test_columns_must_be_said_and_said_once(campaign: Campaign, cast: Any) -> None:
    batch = begin(campaign, cast, "Kenya;Ministry;Minister;;a@ke.example;;;;")
    with pytest.raises(DomainError, match="Email address"):
        import_check(batch=batch, mapping=["country", "office", "post", "name", "", "phone", "city", "language", ""])
    with pytest.raises(DomainError, match="two columns"):
        import_check(batch=batch, mapping=["country", "office", "post", "post", "address", "", "", "", ""])
    with pytest.raises(DomainError, match="not those"):
        import_check(batch=batch, mapping=["country"])


def test_reading_otherwise_guesses_anew(campaign: Campaign, cast: Any) -> None:
    batch = begin(campaign, cast, "Kenya;Ministry;Minister;;a@ke.example;;;;")
    batch = import_reread(batch=batch, options=Options(delimiter=","))
    assert len(batch.mapping) == 1
    with pytest.raises(UnreadableFile):
        import_reread(batch=batch, options=Options(heading_row=2))
    batch.refresh_from_db()
    assert batch.options == {"delimiter": ","}


def test_a_refused_file_leaves_nothing(campaign: Campaign, cast: Any) -> None:
    with pytest.raises(UnreadableFile, match="PDF"):
        import_begin(campaign=campaign, actor=cast.coordinator, file_name="list.xlsx", content=b"%PDF-1.4")
    assert not RecipientImport.objects.exists()


def test_another_campaigns_recipients_are_not_known_here(campaign: Campaign, cast: Any, members: Any) -> None:
    make_recipient(make_campaign("mc12"), members.kenya, "Minister", "a@ke.example")
    assert kinds(check(campaign, cast, "Kenya;Ministry;Minister;;a@ke.example;;;;")) == ["added"]


def test_a_large_file_waits_for_the_worker_and_survives_its_death(
    campaign: Campaign, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f"Kenya;Office {number};Minister;;m{number}@ke.example;;;;" for number in range(AT_ONCE + 1)]
    batch = check(campaign, cast, *lines)
    assert batch.state == "checking"
    imports_advance()
    batch.refresh_from_db()
    assert batch.counts["added"] == AT_ONCE + 1
    accept(batch, cast)
    assert batch.state == "writing"

    def die(**_: Any) -> None:
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr("apps.recipient_imports.services.plan_and_write.audit_record", die)
        import_advance(batch_id=batch.pk)
    assert not Recipient.objects.exists()
    batch.refresh_from_db()
    assert (batch.state, batch.attempts) == ("writing", 1)
    imports_advance()
    imports_advance()
    batch.refresh_from_db()
    assert (batch.state, Recipient.objects.count()) == ("done", AT_ONCE + 1)
    assert RecipientAddress.objects.count() == AT_ONCE + 1
    assert AuditEvent.objects.filter(verb="recipients.import").count() == 1


def test_work_that_always_breaks_off_is_given_back_to_a_person(
    campaign: Campaign, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(**_: Any) -> None:
        raise MemoryError

    batch = begin(campaign, cast, "Kenya;Ministry;Minister;;a@ke.example;;;;")
    monkeypatch.setattr("apps.recipient_imports.services.plan_and_write.plan_import", die)
    import_check(batch=batch, mapping=batch.mapping)
    for _ in range(4):
        imports_advance()
    batch.refresh_from_db()
    assert (batch.state, batch.notice) == ("columns", "failed")


def written(captured: CaptureQueriesContext) -> int:
    return sum(len(one["sql"]) for one in captured)


def table_size() -> int:
    """With what is stored beside it. What a transaction replaces stays in it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size(%s)", [RecipientImport._meta.db_table])
        return int(cursor.fetchone()[0])


def test_a_small_step_neither_reads_nor_writes_the_whole_file_again(
    campaign: Campaign, cast: Any, members: Any
) -> None:
    filler = [f"Kenya;Ministry;Post {n};p{n}@ke.example;{random.randbytes(4_500).hex()}" for n in range(100)]
    with CaptureQueriesContext(connection) as captured:
        batch = begin(campaign, cast, *filler, heads="Country;Office;Post;Email;Filler")
    assert written(captured) > 400_000, "writing the file shows"
    assert table_size() > 400_000
    steps = {
        "check": lambda: import_check(batch=batch, mapping=["country", "office", "post", "address", ""]),
        "leave out": lambda: import_answer(batch=batch, cells={}, decisions={"2": "skip"}),
        "leave all out": lambda: import_answer_all(batch=batch, kind="added", act="skip"),
        "read again": lambda: import_reread(batch=batch, options=Options(delimiter=";")),
    }
    for name, step in steps.items():
        before = table_size()
        with CaptureQueriesContext(connection) as captured:
            step()
        assert written(captured) < 50_000, name
        assert table_size() - before < 400_000, f"{name}: the database wrote it"
        assert not [
            one for one in captured if re.search(r'^(SELECT .*"content".* FOR|UPDATE .*"content" =)', one["sql"])
        ]
    RecipientImport.objects.update(updated_at=timezone.now() - RETENTION - timedelta(days=1))
    with CaptureQueriesContext(connection) as captured:
        imports_advance()
    assert not [one for one in captured if re.search(r'^SELECT .*"content"', one["sql"])]
    assert RecipientImport.objects.get().state == "discarded"


@pytest.mark.django_db(transaction=True)
def test_two_who_accept_at_once_write_once(campaign: Campaign, cast: Any) -> None:
    batch = check(campaign, cast, *(f"Kenya;Ministry;Post {n};;p{n}@ke.example;;;;" for n in range(40)))

    def press(_number: int) -> str:
        try:
            import_accept(batch=batch, actor=cast.coordinator, mark=batch.plan_mark)
            return "accepted"
        except Conflict:
            return "told"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(press, range(4)))
    assert "accepted" in said
    assert Recipient.objects.count() == RecipientAddress.objects.count() == 40
    assert AuditEvent.objects.filter(verb="recipients.import").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("before", ["governments_recipient", "governments_recipientaddress", "governments_office"])
@pytest.mark.parametrize("office", ["Ministry", "A new office"])
def test_a_recipient_that_is_added_while_the_others_are_read_does_no_harm(
    campaign: Campaign, members: Any, before: str, office: str
) -> None:
    make_recipient(campaign, members.kenya, "Minister", "a@ke.example")
    added: list[Any] = []

    def add_before(execute: Any, sql: str, *rest: Any) -> Any:
        if f'FROM "{before}"' in sql and not added:
            added.append(1)
            [result] = at_once(
                lambda: make_recipient(campaign, members.kenya, "Attaché", "b@ke.example", office=office)
            )
            added.append(result)
        return execute(sql, *rest)

    with connection.execute_wrapper(add_before):
        existing = load_existing(campaign)
    assert isinstance(added[1], Recipient)
    assert [one.post for found in existing.by_identity.values() for one in found][:1] == ["Minister"]


@pytest.mark.django_db(transaction=True)
def test_while_a_worker_is_at_it_nobody_else_is(campaign: Campaign, cast: Any) -> None:
    batch = check(campaign, cast, "Kenya;Ministry;Minister;;a@ke.example;;;;")

    def elsewhere() -> str:
        try:
            import_discard(batch=batch)
            return "discarded"
        except Conflict as error:
            return str(error)
        finally:
            connections.close_all()

    with transaction.atomic():
        RecipientImport.objects.select_for_update().get(pk=batch.pk)
        assert connection.in_atomic_block
        with ThreadPoolExecutor(1) as pool:
            assert "is in progress" in pool.submit(elsewhere).result()


def test_the_plan_takes_as_many_queries_for_few_recipients_as_for_many(
    campaign: Campaign, cast: Any, members: Any, django_assert_num_queries: Any
) -> None:
    known = [
        make_recipient(campaign, members.kenya, f"Post {n}", f"p{n}@ke.example", office=f"O {n}") for n in range(9)
    ]
    digest = known[3].addresses.get().address_hash
    with django_assert_num_queries(4):
        found = load_existing(campaign).matches.find((members.kenya.pk, "", "", "", ""), [digest])
        assert [(one.office.member.name, why) for one, why in found.values()] == [("Kenya", "address")]
