"""The library of templates: preview, origin, a letter that becomes one."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.core.errors import DomainError, NotAllowed
from apps.core.models import AuditEvent
from apps.letters.models import Letter, LetterTemplate, LetterText
from apps.letters.pages.compared_words import lines_in_words
from apps.letters.selectors.templates import template_changes
from apps.letters.services.drafts import letter_create, letter_text_save
from apps.letters.services.languages import letter_text_add
from apps.letters.services.templates import letter_template_archive, letter_template_create, letter_template_edit
from tests.factories import documents as d
from tests.factories import html_of
from tests.factories.concurrency import at_once, errors
from tests.factories.letters import limit_drafter, make_template


def page(name: str, *args: object) -> str:
    return reverse(f"letters:{name}", args=["mc11", *args])


def test_a_template_is_shown_as_a_government_of_its_group_gets_it(
    world: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    body = d.doc(d.par("To ", d.merge("member.name", "your country")), d.audience(d.par("Poorest"), only=["group:ldc"]))
    template = make_template(world.campaign, body, key="ldc", group_slug="ldc", title="Least developed")
    client: Client = signed_in(cast.observer)
    listed = html_of(client.get(page("templates")))
    assert "Least developed countries" in listed
    assert page("template", template.pk) in listed
    shown = html_of(client.get(page("template", template.pk)))
    assert "To Togo" in shown
    assert "Poorest" in shown
    assert "Kenya" not in shown, "it is not in the group"
    general = html_of(client.get(page("template", template.pk), {"member": ""}))
    assert "To your country" in general
    assert "Poorest" not in general


def test_a_letter_becomes_a_template_in_its_languages(
    letter: Letter, world: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    arabic = letter_text_add(letter=letter, actor=cast.drafter, language="ar", start="original")
    letter_text_save(text=arabic, actor=cast.drafter, revision=1, subject="لا تفويض", body=d.doc(d.par("نطلب منكم.")))
    client: Client = signed_in(cast.drafter)
    form = client.get(page("template_create", letter.number)).context["form"]
    assert [code for code, _name in form.fields["languages"].choices] == ["en", "ar"]
    refused = client.post(page("template_create", letter.number), {"title": "رسالة", "languages": ["fr"]})
    assert refused.status_code == 400
    typed = {"title": "رسالة", "description": "نص", "group": world.ldc.pk, "languages": ["en", "ar"]}
    assert client.post(page("template_create", letter.number), typed).status_code == 302
    made = LetterTemplate.objects.filter(from_letter=letter).order_by("pk")
    assert [(one.key, one.language, one.title, one.group_slug) for one in made] == [
        ("letter", "en", "رسالة", "ldc"),
        ("letter", "ar", "رسالة", "ldc"),
    ]
    assert made[0].body == letter.texts.get(language="en").body
    assert "Made of letter 1" in html_of(client.get(page("template", made[0].pk)))
    second = letter_create(
        campaign=world.campaign, actor=cast.drafter, template=made[0], title="Next", members=[world.togo]
    )
    letter_text_add(letter=second, actor=cast.drafter, language="ar", start="template", template=made[1])
    assert second.texts.count() == 2


def test_a_letter_says_what_its_template_changed_since(
    letter: Letter, world: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    client: Client = signed_in(cast.observer)
    assert template_changes(letter, lines_in_words(letter)) == []
    assert page("origin", letter.number) in html_of(client.get(page("workspace", letter.number)))
    world.template.body["content"][-1] = d.par("For the whole coalition")
    world.template.save()
    letter = Letter.objects.get()
    (changed,) = [change for change in template_changes(letter, lines_in_words(letter)) if change.kind == "changed"]
    assert (changed.old, changed.text) == ("For the coalition", "For the whole coalition")
    assert "<ins>whole </ins>" in html_of(client.get(page("origin", letter.number)))
    world.template.delete()
    assert "The template that this letter began from is gone" in html_of(client.get(page("origin", letter.number)))


def test_a_template_is_described_and_put_aside(world: SimpleNamespace, cast: SimpleNamespace, signed_in: Any) -> None:
    french = make_template(world.campaign, language="fr")
    client: Client = signed_in(cast.drafter)
    edit = page("template_edit", world.template.pk)
    assert client.post(edit, {"title": ""}).status_code == 400
    assert client.post(edit, {"title": "Better", "description": "For all."}).status_code == 302
    world.template.refresh_from_db()
    assert (world.template.title, world.template.description) == ("Better", "For all.")
    assert world.template.edited_at
    assert "Better" in html_of(client.get(page("create")))
    client.post(page("template_archive", french.pk))
    assert LetterTemplate.objects.filter(archived=True).count() == 2, "in every language"
    french.refresh_from_db()
    assert "Better" not in html_of(client.get(page("create")))
    with pytest.raises(DomainError, match="archived"):
        letter_create(campaign=world.campaign, actor=cast.drafter, template=french, title="x", members=[world.togo])
    assert page("template", french.pk) in html_of(client.get(page("templates"), {"archived": "1"}))
    client.post(page("template_archive", french.pk), {"back": "1"})
    assert not LetterTemplate.objects.filter(archived=True).exists()
    assert list(AuditEvent.objects.filter(verb__startswith="letter_template").values_list("verb", flat=True)[::-1]) == [
        "letter_template.edit",
        "letter_template.archive",
        "letter_template.bring_back",
    ]


def test_who_drafts_for_some_governments_leaves_templates_to_others(
    letter: Letter, world: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    limit_drafter(world.campaign, cast.drafter, world.kenya)
    for act in (
        lambda: letter_template_create(letter=letter, actor=cast.drafter, title="Mine"),
        lambda: letter_template_edit(template=world.template, actor=cast.drafter, title="x", description=""),
        lambda: letter_template_archive(template=world.template, actor=cast.drafter),
    ):
        with pytest.raises(NotAllowed, match="Ask a coordinator"):
            act()
    client: Client = signed_in(cast.drafter)
    refused = html_of(client.post(page("template_archive", world.template.pk), follow=True))
    assert "Ask a coordinator" in refused
    assert page("template_edit", world.template.pk) not in html_of(client.get(page("template", world.template.pk)))


def test_an_empty_text_becomes_no_template(letter: Letter, text: LetterText, cast: SimpleNamespace) -> None:
    letter_text_save(text=text, actor=cast.drafter, revision=1, subject="", body=text.body)
    with pytest.raises(DomainError, match="no subject yet"):
        letter_template_create(letter=letter, actor=cast.drafter, title="x")


@pytest.mark.django_db(transaction=True)
def test_two_templates_of_one_title_get_two_keys(letter: Letter, cast: SimpleNamespace) -> None:
    results = at_once(*[lambda: letter_template_create(letter=letter, actor=cast.drafter, title="To Kenya")] * 2)
    assert errors(results) == []
    assert sorted(LetterTemplate.objects.filter(from_letter=letter).values_list("key", flat=True)) == [
        "to-kenya",
        "to-kenya-2",
    ]
