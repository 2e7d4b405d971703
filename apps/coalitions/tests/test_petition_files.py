"""Files of signatories as Action Network and CiviCRM write them: recognised, what they mean for this letter's text, and
never a mail to somebody who said no."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from apps.coalitions.forms.cell_values import cell_value
from apps.coalitions.forms.collected_rows import CheckedRow, checked_rows, rows_to_enter
from apps.coalitions.models import CollectedSignOn, EvidenceFile, SignOn, SignOnCall, SignOnImport
from apps.coalitions.petition_tools import day_in, is_month_first, recognised_tool, wants_no_mail
from apps.coalitions.services import sign_on_entry
from apps.coalitions.services.collected_mails import collected_mails_send
from apps.coalitions.services.erasure import sign_ons_erase_by_address
from apps.coalitions.services.evidence_acceptance import (
    ByTheImporter,
    MailNotAnswered,
    OtherTextSigned,
    sign_on_accept_on_evidence,
)
from apps.coalitions.services.sign_on_entry import Entered, SecondPersonNeeded, TextUnknown, sign_ons_enter
from apps.coalitions.services.sign_on_import_undo import ImportAlreadyUndone, sign_on_import_take_back
from apps.coalitions.services.sign_on_imports import (
    import_sheet,
    sign_on_import_begin,
    sign_on_import_map,
    sign_on_import_text,
)
from apps.coalitions.signatory_columns import guess_columns
from apps.core.canonical_json import sha256_hex
from apps.core.encryption import lookup_hashes
from apps.core.models import AuditEvent
from apps.postbox.models import Message
from tests.factories import html_of
from tests.factories.concurrency import at_once, errors
from tests.factories.signing import link_in, mails, paper, person, signed, submit

pytestmark = pytest.mark.django_db
ACTION_NETWORK = (
    "uuid,first_name,last_name,email,zip_code,country,can2_user_city,can2_user_tags,can2_subscription_status,created_at\n"
    'a1,Afi,Mensah,afi@post.example,BP 1,TG,Lomé,"one, two",subscribed,2017-11-03 14:22:11 UTC\n'
    "a2,Kojo,Boateng,kojo@post.example,GA,GH,Accra,,unsubscribed,2017-11-04 09:00:00 UTC\n"
    "a3,ليلى,حداد,layla@post.example,,LB,Beirut,,subscribed,2017-11-05 09:00:00 UTC\n"
    "a4,No,Country,nc@post.example,,,,,subscribed,2017-11-05 09:00:00 UTC\n"
    "a5,=1+2,Doe,doe@post.example,,KE,,,bouncing,2017-11-05\n"
    "a6,AFI,Mensah,AFI@post.example,,TG,,,subscribed,2017-11-06 10:00:00 UTC\n"
)
CIVICRM = (
    '"Contact ID","Contact Type","Do Not Email","Do Not Mail","No Bulk Emails (User Opt Out)","First Name","Last Name",'
    '"Organization Name","Job Title","Email","Country","Preferred Language","Activity Date"\n'
    '"7","Individual","","1","","Ana","Ruiz","","","ana@gente.example","Spain","es_ES","2017-11-03 10:00:00"\n'
    '"8","Individual","1","","","Luis","Paz","","","luis@gente.example","Chile","es_ES","2017-11-03 10:00:00"\n'
    '"9","Individual","0","","1","Uwe","Lang","","","uwe@leute.example","Germany","de_DE","2017-11-03 10:00:00"\n'
    '"10","Organization","","","","Mia","Sol","Red de Consumidores","Directora","red@red.example","Peru","es_ES",'
    '"2017-11-03 10:00:00"\n'
)
FRENCH = (
    "Identifiant du contact;Type de contact;Prénom;Nom;Courriel;Pays;Langue préférée;Ne pas envoyer de courriel\n"
    "4;Individu;Aïcha;Traoré;aicha@gens.example;Côte d’Ivoire;fr_FR;Non\n"
)


def begin(call: SignOnCall, cast: SimpleNamespace, content: bytes | str, **extra: Any) -> SignOnImport:
    values: dict[str, Any] = {
        "kind": "person", "file_name": "export.csv", "language": "en", "visibility": "public", "authorised": True,
        "source": paper(came_by="spreadsheet", note=""), **extra,
    }  # fmt: skip
    content = content.encode() if isinstance(content, str) else content
    return sign_on_import_begin(call=call, actor=cast.coordinator, content=content, **values)


def checked(batch: SignOnImport) -> list[CheckedRow]:
    batch.refresh_from_db()
    return checked_rows(batch, import_sheet(batch))


def enter(batch: SignOnImport, actor: Any, *, same: bool = True) -> Entered:
    sign_on_import_text(batch=batch, is_same=same)
    return sign_ons_enter(batch=batch, rows=rows_to_enter(checked(batch)), actor=actor)


def url(name: str, campaign: Any, *more: Any) -> str:
    return reverse(f"sign_on:{name}", args=[campaign.slug, *more])


@pytest.mark.parametrize(
    ("content", "tool", "kind", "columns"),
    [
        (ACTION_NETWORK, "action_network", "person", ["first_name", "last_name", "email", "country", "no_mail",
         "given_on"]),
        (CIVICRM, "civicrm", "person", ["contact_type", "no_mail", "no_mail", "first_name", "last_name", "email",
         "country", "language", "given_on"]),
        (CIVICRM, "civicrm", "organisation", ["contact_type", "no_mail", "no_mail", "first_name", "last_name",
         "org_name", "person_post", "email", "country", "language", "given_on"]),
        (FRENCH, "civicrm", "person", ["contact_type", "first_name", "last_name", "email", "country", "language",
         "no_mail"]),
        ("ID de contacto,Tipo de contacto,Nombre,Apellidos,Correo electrónico,País,No enviar email\n", "civicrm",
         "person", ["contact_type", "first_name", "last_name", "email", "country", "no_mail"]),
        # headings of the catalogues of CiviCRM, and of an Action Network report with its county and dates
        ("Identifiant interne du contact;Ne pas envoyer de courriel;Ne pas appeler;Ne pas envoyer de courrier;"
         "Ne pas envoyer de SMS;Pas de mailing;Nom trié;Nom affiché;Langue préférée;Prénom;Autres prénoms;"
         "Nom de famille;Civilité;Fonction;Nom de l'organisation;Employeur actuel;Rue;Ville;Comté;Subdivision pays;"
         "Pays;Courriel;Site Internet\n", "civicrm", "organisation", ["no_mail", "no_mail", "person_name", "language",
         "first_name", "last_name", "person_post", "org_name", "country", "email", "org_website"]),
        ("Identificador de contacto interno;Tipo de contacto;No enviar un correo electrónico;No telefonear;"
         "No enviar un correo postal;No enviar un Sms;No enviar correos electrónicos masivos (el usuario no lo desea);"
         "Mostrar nombre;Idioma preferido;Nombre;Segundo nombre;Apellido;Profesión;Nombre de la organización;"
         "Empresa actual;Condado;País;Correo electrónico;Correo electrónico bloqueado;Sitio en la red\n", "civicrm",
         "organisation", ["contact_type", "no_mail", "no_mail", "person_name", "language", "first_name", "last_name",
         "person_post", "org_name", "country", "email", "no_mail", "org_website"]),
        ("first_name,last_name,email,Phone Number,zip_code,can2_user_city,County,can2_county,Country,can2_user_tags,"
         "can2_subscription_date,can2_subscription_status,can2_sms_status,Organization\n", "action_network",
         "organisation", ["first_name", "last_name", "email", "country", "no_mail", "org_name"]),
        ("Name,Country,Email\n", "", "person", ["person_name", "country", "email"]),
        ("Name,Country,Email\n", "", "organisation", ["org_name", "country", "email"]),
        ("Name,Organisation,Country\n", "", "organisation", ["person_name", "org_name", "country"]),
        ("الاسم;المنظمة;البلد\n", "", "organisation", ["person_name", "org_name", "country"]),
        ("Organisation,Name,Contact person\n", "", "organisation", ["org_name", "person_name"]),
    ],
)  # fmt: skip
def test_files_are_recognised_by_their_headings(content: str, tool: str, kind: str, columns: list[str]) -> None:
    head = content.splitlines()[0]
    headings = [heading.strip('"') for heading in head.split(";" if ";" in head else ",")]
    assert recognised_tool(headings) == tool
    assert [key for key in guess_columns(headings, kind) if key] == columns


def test_who_said_no_is_entered_and_never_written_to(call: SignOnCall, cast: SimpleNamespace) -> None:
    batch = begin(call, cast, ACTION_NETWORK)
    assert [row.state for row in checked(batch)] == ["new", "new", "new", "error", "new", "repeated"]
    assert batch.visibility == "counted", "no column says that names may be shown"
    done = enter(batch, cast.coordinator)
    assert [(row.person_name, row.email) for row in done.sign_ons] == [
        ("Afi Mensah", "afi@post.example"), ("Kojo Boateng", ""), ("ليلى حداد", "layla@post.example"),
        ("=1+2 Doe", ""),
    ]  # fmt: skip
    assert [str(row.collected.get().given_on) for row in done.sign_ons[:2]] == ["2017-11-03", "2017-11-04"]
    assert collected_mails_send() == 2
    assert not Message.objects.filter(to_address__contains="kojo").exists()
    kojo = done.sign_ons[1]
    assert kojo.email_hash == lookup_hashes("kojo@post.example")[0].digest
    counted = sign_on_accept_on_evidence(sign_on=kojo, actor=cast.data_officer)
    assert counted.state == "confirmed"
    sign_ons_erase_by_address(hashes=[lookup_hashes("Kojo@post.example")[0].digest])
    assert SignOn.objects.get(pk=kojo.pk).person_name == ""


@pytest.mark.parametrize("accepted_first", [True, False])
def test_who_said_no_may_sign_by_the_form_all_the_same(
    call: SignOnCall, cast: SimpleNamespace, client: Any, accepted_first: bool
) -> None:
    kojo = enter(begin(call, cast, ACTION_NETWORK), cast.coordinator).sign_ons[1]
    typed = person("Kojo Boateng", email="kojo@post.example", country="GH")
    if accepted_first:
        sign_on_accept_on_evidence(sign_on=kojo, actor=cast.data_officer)
        submit(call, typed)
    else:
        submit(call, typed)
        sign_on_accept_on_evidence(sign_on=kojo, actor=cast.data_officer)
        assert client.post(link_in(mails()[0])).status_code == 200
    private = Message.objects.latest("created_at")
    assert private.to_address == "kojo@post.example"
    assert client.get(link_in(mails()[-1])).status_code == 200, "their private page"
    assert SignOn.objects.confirmed().get().email == "", "nobody else writes there"


def test_the_file_is_evidence_and_somebody_else_accepts(call: SignOnCall, cast: SimpleNamespace) -> None:
    batch = begin(call, cast, ACTION_NETWORK)
    afi, kojo, *_rest = enter(batch, cast.coordinator).sign_ons
    batch.refresh_from_db()
    assert batch.file_sha256 == sha256_hex(ACTION_NETWORK.encode())
    assert bytes(EvidenceFile.objects.get().content) == ACTION_NETWORK.encode()
    event = AuditEvent.objects.get(verb="sign_on_import.enter")
    assert (event.data["tool"], event.data["text_is_same"]) == ("action_network", True)
    assert event.data["file_sha256"] == batch.file_sha256
    with pytest.raises(ByTheImporter):
        sign_on_accept_on_evidence(sign_on=kojo, actor=cast.coordinator)
    with pytest.raises(MailNotAnswered):
        sign_on_accept_on_evidence(sign_on=afi, actor=cast.data_officer)


def test_who_signed_another_text_counts_only_by_their_own_act(
    call: SignOnCall, cast: SimpleNamespace, client: Any
) -> None:
    batch = begin(call, cast, ACTION_NETWORK)
    with pytest.raises(TextUnknown):
        sign_ons_enter(batch=batch, rows=rows_to_enter(checked(batch)), actor=cast.coordinator)
    done = enter(batch, cast.coordinator, same=False)
    assert [row.person_name for row in done.sign_ons] == ["Afi Mensah", "ليلى حداد"], "no mail can ask the others"
    collected_mails_send()
    CollectedSignOn.objects.update(mailed_at="2017-01-01T00:00Z")
    with pytest.raises(OtherTextSigned):
        sign_on_accept_on_evidence(sign_on=done.sign_ons[0], actor=cast.data_officer)
    mail = mails()[0]
    assert "asks whether you sign this letter too" in " ".join(mail.text_body.split())
    assert "another person of the campaign looks" not in " ".join(mail.text_body.split())
    client.post(link_in(mail))
    assert SignOn.objects.confirmed().count() == 1


def test_people_and_organisations_of_one_file(call: SignOnCall, cast: SimpleNamespace) -> None:
    people, bodies = begin(call, cast, CIVICRM), begin(call, cast, CIVICRM, kind="organisation")
    assert [row.state for row in checked(people)] == ["new", "new", "new", "refused"]
    assert [row.state for row in checked(bodies)] == ["refused", "refused", "refused", "new"]
    ana, luis, uwe = enter(people, cast.coordinator).sign_ons
    [red] = enter(bodies, cast.coordinator).sign_ons
    assert (ana.email, luis.email, uwe.email) == ("ana@gente.example", "", "")
    assert (ana.language, uwe.language, ana.country) == ("es", "en", "ES"), "no mails in German"
    assert (red.org_name, red.person_name, red.person_post) == ("Red de Consumidores", "Mia Sol", "Directora")


def test_the_same_file_twice_and_who_signed_by_the_form(call: SignOnCall, cast: SimpleNamespace) -> None:
    signed(call, person("L. Haddad", email="layla@post.example", country="LB"))
    batch = begin(call, cast, ACTION_NETWORK)
    assert [row.state for row in checked(batch)] == ["new", "new", "same", "error", "new", "repeated"]
    enter(batch, cast.coordinator)
    again = begin(call, cast, ACTION_NETWORK)
    assert [row.state for row in checked(again)] == ["same", "same", "same", "error", "same", "same"]
    assert enter(again, cast.coordinator).sign_ons == []


@pytest.mark.django_db(transaction=True)
def test_two_import_the_same_file_at_once(call: SignOnCall, cast: SimpleNamespace) -> None:
    batches = [begin(call, cast, ACTION_NETWORK) for _ in range(2)]
    for batch in batches:
        sign_on_import_text(batch=batch, is_same=True)
    rows = [rows_to_enter(checked(batch)) for batch in batches]
    acts = [
        lambda n=n: sign_ons_enter(batch=batches[n], rows=rows[n], actor=cast.coordinator)  # type: ignore[misc]
        for n in range(2)
    ]
    assert errors(at_once(*acts)) == []
    assert SignOn.objects.count() == 4


def test_columns_are_remembered_for_the_next_file(call: SignOnCall, cast: SimpleNamespace) -> None:
    first = begin(call, cast, ACTION_NETWORK)
    mapping = ["", "first_name", "last_name", "email", "", "country", "note", "", "no_mail", "given_on"]
    sign_on_import_map(batch=first, mapping=mapping)
    enter(first, cast.coordinator)
    assert begin(call, cast, ACTION_NETWORK.replace("a1,Afi", "a9,Abena")).mapping == mapping
    assert begin(call, cast, CIVICRM).mapping != mapping


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_encodings_and_delimiters(call: SignOnCall, cast: SimpleNamespace, encoding: str, delimiter: str) -> None:
    content = FRENCH.replace(";", delimiter).replace("’", "'").encode(encoding)
    [aicha] = enter(begin(call, cast, content), cast.coordinator).sign_ons
    assert (aicha.person_name, aicha.country, aicha.language) == ("Aïcha Traoré", "CI", "fr")


def test_a_second_person_enters_more_than_a_thousand(
    call: SignOnCall, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, signed_in: Any
) -> None:
    monkeypatch.setattr(sign_on_entry, "MOST_MAILS_ALONE", 1)
    batch = begin(call, cast, ACTION_NETWORK)
    with pytest.raises(SecondPersonNeeded):
        enter(batch, cast.coordinator)
    page = url("import", call.campaign, batch.pk)
    assert "Somebody other than who imported" in html_of(signed_in(cast.coordinator).get(page))
    done = enter(batch, cast.data_officer)
    entered_by = done.sign_ons[0].collected.get().entered_by
    assert entered_by == cast.coordinator, "who imported the file still accepts nothing of it"


def test_an_import_is_taken_back_but_for_what_counts(
    call: SignOnCall, cast: SimpleNamespace, signed_in: Any, client: Any
) -> None:
    batch = begin(call, cast, ACTION_NETWORK)
    done = enter(batch, cast.coordinator)
    collected_mails_send()
    afi, layla = mails()
    links = [link_in(afi), link_in(layla)]
    client.post(links[0])
    ada, page = signed_in(cast.coordinator), url("import_take_back", call.campaign, batch.pk)
    assert "Undo an import" in html_of(ada.get(url("collected", call.campaign)))
    assert "3 signatures that nobody has confirmed" in html_of(ada.get(page))
    assert SignOn.objects.count() == 4
    ada.post(page)
    assert [row.pk for row in SignOn.objects.all()] == [done.sign_ons[0].pk]
    assert client.post(links[1]).status_code in {404, 410}
    assert EvidenceFile.objects.exists(), "it still shows the one that counts"
    with pytest.raises(ImportAlreadyUndone):
        sign_on_import_take_back(batch=batch, actor=cast.coordinator)
    assert AuditEvent.objects.filter(verb="sign_on_import.take_back").count() == 1


def test_a_second_person_accepts_an_import_on_its_file(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    batch = begin(call, cast, ACTION_NETWORK)
    enter(batch, cast.coordinator)
    page = url("import_accept", call.campaign, batch.pk)
    assert signed_in(cast.coordinator).post(page, {"number": "2"}).status_code == 403
    other = signed_in(cast.data_officer)
    shown = html_of(other.get(page))
    assert "2 signatures have no address to ask" in shown, "two others were not asked yet"
    assert "export.csv" in shown
    assert other.post(page, {"number": "3"}).status_code == 409
    assert "2 signatures count now." in html_of(other.post(page, {"number": "2"}, follow=True))
    assert SignOn.objects.confirmed().count() == 2
    collected_mails_send()
    assert "0 signatures have" in html_of(other.get(page))
    CollectedSignOn.objects.filter(accepted_at=None).update(mailed_at="2017-01-01T00:00Z")
    assert "2 signatures count now." in html_of(other.post(page, {"number": "2"}, follow=True))
    enter(other_text := begin(call, cast, CIVICRM), cast.coordinator, same=False)
    refused = other.post(url("import_accept", call.campaign, other_text.pk), {"number": "0"})
    assert refused.status_code == 403


def test_by_pages(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    batch = begin(call, cast, ACTION_NETWORK)
    ada, page = signed_in(cast.coordinator), url("import", call.campaign, batch.pk)
    shown = html_of(ada.get(page))
    assert "This looks like a file from Action Network" in shown
    assert call.version.sha256[:8] in shown
    assert url("import_enter", call.campaign, batch.pk) not in shown, "not before the text is known"
    assert ada.post(url("import_text", call.campaign, batch.pk)).status_code == 400
    assert ada.post(url("import_text", call.campaign, batch.pk), {"text": "same"}).status_code == 302
    shown = html_of(ada.get(page))
    assert "4 signatures will be entered" in shown
    assert "2 emails ask their signers" in shown
    assert "2 people want no email" in shown
    assert ada.post(url("import_enter", call.campaign, batch.pk), {"number": "4"}).status_code == 302
    assert SignOn.objects.count() == 4


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2017-11-03 14:22:11 UTC", "2017-11-03"), ("2017-11-03T14:22:11Z", "2017-11-03"), ("3/11/2017", "2017-11-03"),
        ("03.11.2017", "2017-11-03"), ("November 3, 2017 2:22 PM", "2017-11-03"), ("3 Nov 2017", "2017-11-03"),
        ("3/11/17", "2017-11-03"), ("13.11.17", "2017-11-13"), ("03-Nov-2017", "2017-11-03"), ("43042", "2017-11-03"),
        ("1er novembre 2017", "2017-11-01"), ("3 de noviembre de 2017", "2017-11-03"), ("2017.11.03", "2017-11-03"),
        ("٣/١١/٢٠١٧", "2017-11-03"), ("31 février 2017", "None"), ("99999", "None"),
        ("yesterday", "None"), ("13/13/2017", "None"), ("", "None"),
    ],
)  # fmt: skip
def test_days(cell: str, day: str) -> None:
    assert str(day_in(cell)) == day


def test_days_of_the_united_states_are_told_by_the_column() -> None:
    assert is_month_first(["11/3/2017", "11/23/2017"])
    assert not is_month_first(["11/3/2017", "23/11/2017"])
    assert not is_month_first(["11/3/2017", "٣/٤/٢٠١٧", "x/y/z"])
    assert str(day_in("11/3/2017", month_first=True)) == "2017-11-03"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("Tanzania, United Republic of", "TZ"), ("Congo, The Democratic Republic of the", "CD"), ("RDC", "CD"),
        ("Korea, Republic of", "KR"), ("Bolivia, Plurinational State of", "BO"), ("Iran, Islamic Republic of", "IR"),
        ("Palestine, State of", "PS"), ("Moldova, Republic of", "MD"), ("U.S.A.", "US"), ("UAE", "AE"), ("Burma", "MM"),
        ("Côte dʼIvoire", "CI"), ("Great Britain", "GB"), ("العراق", "IQ"), ("tg", "TG"), ("Guinée-Bissau", "GW"),
        ("Congo", "Congo"), ("Korea", "Korea"), ("Scotland", "Scotland"), ("Atlantis", "Atlantis"),
    ],
)  # fmt: skip
def test_countries_as_tools_and_people_write_them(cell: str, code: str) -> None:
    """What may be two countries is asked, never guessed."""
    assert cell_value("country", cell) == code


@pytest.mark.parametrize(
    ("key", "cell", "value"),
    [
        ("email", "Afi Mensah <afi@post.example>", "afi@post.example"),
        ("email", "afi@post.example.", "afi@post.example"),
        ("email", "mailto:afi@post.example", "afi@post.example"), ("email", "a@b.example; c@d.example",
         "a@b.example; c@d.example"),
        ("org_name", "Femmes &amp; Droits", "Femmes & Droits"), ("org_name", "A&B; Co", "A&B; Co"),
        ("org_name", "#REF!", ""), ("org_name", "#N/A", ""), ("org_name", "#DIV/0!", ""), ("org_name", "#¿NOMBRE?", ""),
        ("org_name", "#METOO", "#METOO"),
    ],
)  # fmt: skip
def test_cells_as_spreadsheets_leave_them(key: str, cell: str, value: str) -> None:
    assert cell_value(key, cell) == value


@pytest.mark.parametrize("cell", ["unsubscribed", "1", "Yes", "Oui", "bouncing", "spam complaint", "No\n1", "?"])
def test_what_is_not_a_clear_yes_is_a_no(cell: str) -> None:
    assert wants_no_mail(cell)
    assert not any(map(wants_no_mail, ["", "0", "No", "Non", "subscribed", "Subscribed", "\n0"]))
