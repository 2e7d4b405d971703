"""A language is added by one module: everything that asks for languages then knows it."""

from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from apps.campaign_files.services import campaign_load
from apps.campaigns.models import Campaign
from apps.core.languages import LANGUAGES, Language, find_languages, language_choices
from apps.governments.forms.recipients import RecipientForm
from apps.governments.models import Recipient
from apps.governments.salutations import salutation_suggested
from apps.letters.merge_fields import envelope_values
from apps.letters.models import Edition, LetterTemplate, LetterText
from apps.letters.rendering import AnnexData, AnnexSection, render_html, render_pdf, render_text
from apps.letters.selectors.editions import edition_for
from apps.letters.services.approvals import letter_text_approve
from apps.letters.services.drafts import letter_create
from apps.letters.services.versions import letter_version_freeze
from apps.recipient_imports.columns.recipient import salutation_in
from apps.recipient_imports.services.transitions import import_accept, import_begin, import_check
from tests.factories import documents as d
from tests.factories.campaign_files import changed, write_folder
from tests.factories.letters import make_template

from . import languages

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def portuguese(monkeypatch: pytest.MonkeyPatch) -> Language:
    found = find_languages(languages.__path__, languages.__name__)
    assert list(found) == ["pt"]
    monkeypatch.setitem(LANGUAGES, "pt", found["pt"])
    return found["pt"]


@pytest.fixture
def edition(world: SimpleNamespace, cast: SimpleNamespace) -> Edition:
    body = d.doc(
        d.par(d.merge("recipient.salutation"), ","),
        d.par("De ", d.merge("conference.dates"), " ", d.merge("member.delegation"), " ", d.merge("member.name"),
              d.cite("tp07-f01")),
        d.par("Outra vez", d.note("Nota própria."), d.cite("tp02-f06")),
        d.signatories(),
    )  # fmt: skip
    template = make_template(world.campaign, body, key="pt", language="pt", subject="Sem novas regras")
    letter = letter_create(
        campaign=world.campaign, actor=cast.drafter, template=template, title="PT", members=[world.kenya]
    )
    text = LetterText.objects.get(letter=letter)
    letter_text_approve(text=text, actor=cast.reviewer, sha256=text.sha256)
    return edition_for(letter_version_freeze(letter=letter, actor=cast.reviewer), world.kenya, "pt")


def test_a_letter_is_frozen_and_rendered_in_it(edition: Edition, world: SimpleNamespace, mission: Recipient) -> None:
    mission.salutation = {"pt": "Senhora Embaixadora"}
    envelope = envelope_values(world.campaign, world.kenya, mission, language="pt", on=date(2017, 12, 1))
    annex = AnnexData(
        datetime(2017, 12, 1, 12, tzinfo=UTC), "0" * 64, 2, 0, 2, 1,
        (AnnexSection("DE", ("Netzwerk",)), AnnexSection("KE", ("",))),
    )  # fmt: skip
    text = render_text(edition.body, envelope, annex)
    for words in (
        "1.º de dezembro de 2017", "Senhora Embaixadora,", "De de 10 a 13 de dezembro de 2017 a sua delegação Quênia",
        "2 organizações de 2 países assinaram esta carta.", "Alemanha (1)", "  retirado a pedido", "Signatários",
        "1 é contada sem ser nomeada aqui.", "Situação em 1.º de dezembro de 2017, 12:00 UTC.", "nota 1 acima",
    ):  # fmt: skip
        assert words in text
    assert 'aria-label="Notas"' in render_html(edition.body, envelope)
    assert render_pdf(edition.body, envelope, annex).startswith(b"%PDF")


def test_pages_about_recipients_offer_it(mission: Recipient, campaign: Campaign) -> None:
    campaign.languages = ["en", "pt"]
    assert ("pt", "Portuguese") in language_choices()
    form = RecipientForm(None, recipient=mission)
    assert "salutation_pt" in form.fields
    assert ("pt", "Portuguese") in form.fields["language"].choices  # type: ignore[attr-defined]
    assert salutation_suggested(language="pt", post="Embaixadora", form="feminine", kind="") == "Senhora Embaixadora"


def test_a_list_of_recipients_names_it(campaign: Campaign, world: SimpleNamespace, cast: SimpleNamespace) -> None:
    content = "Country;Office;Post;Email;Language;Salutation\nKE;Ministério;Ministra;m@trade.example;português;Senhora"
    batch = import_begin(campaign=campaign, actor=cast.coordinator, file_name="pt.csv", content=content.encode())
    import_check(batch=batch, mapping=batch.mapping)
    batch.refresh_from_db()
    import_accept(batch=batch, actor=cast.coordinator, mark=batch.plan_mark)
    recipient = Recipient.objects.get(post="Ministra")
    assert (recipient.language, recipient.salutation) == ("pt", {"pt": "Senhora"})


def test_its_salutations_have_a_column(portuguese: Language) -> None:
    column = salutation_in(portuguese)()
    assert column.key == "salutation_pt"
    assert {"salutation pt", "salutation in portuguese", "saludo portugues"} <= set(column.names)


def test_a_folder_with_a_template_in_it_is_loaded(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "mar", **changed("campaign.yaml", "languages: [en]", "languages: [en, pt]"))
    template = (folder / "templates/base.yaml").read_text(encoding="utf-8")
    (folder / "templates/base.pt.yaml").write_text(template.replace("language: en", "language: pt"), encoding="utf-8")
    campaign_load(folder=folder)
    assert sorted(LetterTemplate.objects.values_list("language", flat=True)) == ["en", "pt"]
