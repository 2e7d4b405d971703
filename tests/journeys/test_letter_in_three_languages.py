"""A letter in English, French and Spanish, by clients without scripts, from templates to each recipient’s PDF:
sent back once, corrected once, changed once."""

import hashlib
import json
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.campaigns.models import Campaign
from apps.campaigns.services.notices import notices_send
from apps.coalitions.models import SignOn, SignOnCall
from apps.coalitions.services.version_answers import new_version_sign
from apps.core.types import JsonObject
from apps.governments.models import Member
from apps.letters.models import Letter, LetterTemplate, LetterVersion
from apps.letters.services.drafts import letter_text_save
from apps.outreach.letter_rendering import dispatch_enclosure, render_letter
from apps.outreach.models import Dispatch
from apps.postbox.models import Message
from apps.postbox.services.composing import ContentGone, message_compose
from tests.factories import html_of
from tests.factories.governments import make_recipient
from tests.factories.signing import ORGANISATION_FORM, link_in, mails, make_call

pytestmark = pytest.mark.django_db

LANGUAGES = {"en": "English", "fr": "French", "es": "Spanish"}
ASKS = {"en": "We ask Kenya to", "fr": "Nous appelons le Bénin à", "es": "Pedimos que Guinea-Bisáu"}
SUBJECTS = {"en": "Hold the African Group", "fr": "Maintenir à Buenos Aires", "es": "Mantener en Buenos Aires"}
#: in each language, a passage for least developed countries, and one for Kenya
FOR_SOME = {
    "en": ("Least developed countries pay first.", "Nairobi hosted the last conference."),
    "fr": ("Les pays les moins avancés paient d’abord.", "Nairobi a accueilli la dernière conférence."),
    "es": ("Los países menos adelantados pagan primero.", "Nairobi acogió la última conferencia."),
}


@pytest.fixture
def campaign(mc11_campaign: Campaign) -> Campaign:
    return mc11_campaign


@pytest.fixture
def people(cast: SimpleNamespace, signed_in: Any) -> SimpleNamespace:
    """A client of each, and `.cast`."""
    return SimpleNamespace(cast=cast, **{name: signed_in(user) for name, user in vars(cast).items()})


def test_one_letter_in_three_languages_reaches_each_recipient_in_theirs(
    campaign: Campaign, people: SimpleNamespace
) -> None:
    letter = draft(campaign, people)
    keep_up_with_the_original(letter, people)
    write_for_some(letter, people)
    version = approve_and_freeze(letter, people)
    call = make_call(version, people.cast, moderated=False)
    read_and_sign(version, call.campaign)
    corrected = next_version(letter, people, "correction", "Rèmplacer", "The year was wrong.")
    put_in_place(call, corrected, people)
    assert SignOn.objects.covering(corrected).count() == 1, "who signed need not sign again"
    changed = next_version(letter, people, "material", "Maintenir", "It asks for one thing more.")
    put_in_place(call, changed, people)
    assert not SignOn.objects.covering(changed).exists()
    agree_to_the_new_text(changed)
    send(changed, people)


def draft(campaign: Campaign, people: SimpleNamespace) -> Letter:
    """Begun in English; French and Spanish from the templates of the same key."""
    template = LetterTemplate.objects.get(campaign=campaign, key="african-group", language="en")
    typed = {"template": template.pk, "title": "African Group", "to": "chosen", "members": "KE; BJ; GW; CV"}
    people.drafter.post(reverse("letters:create", args=[campaign.slug]), typed)
    letter = Letter.objects.get()
    for code, language in {"KE": "en", "BJ": "fr", "GW": "es", "CV": "pt"}.items():
        member = Member.objects.get(code=code)
        make_recipient(
            campaign, member, f"Minister {code}", f"minister@{code.lower()}.example", language=language, salutation={}
        )
    for language in ("fr", "es"):
        url = reverse("letters:text_add", args=[campaign.slug, letter.number, language])
        offered = people.drafter.get(url).context["form"].fields["start"].choices
        assert "Grou" in offered[0][1] or "Grup" in offered[0][1], "the letter’s own template comes first"
        added = people.drafter.post(url, {"start": offered[0][0]})
        assert added["Location"].endswith(f"?language={language}")
        assert people.drafter.get(added["Location"]).context["text"].language == language
    return letter


def keep_up_with_the_original(letter: Letter, people: SimpleNamespace) -> None:
    """A word is added to the English text; both translations say where, and are still right."""
    args = [letter.campaign.slug, letter.number]
    english = letter.texts.get(language="en")
    body = json.loads(json.dumps(english.body).replace("We thank your government", "We warmly thank your government"))
    sent = {"revision": english.revision, "subject": english.subject, "body": body}
    address = reverse("letters:text", args=[*args, "en"])
    assert people.drafter.put(address, json.dumps(sent), content_type="application/json").status_code == 200
    for language in ("fr", "es"):
        beside = f"{reverse('letters:workspace', args=args)}?language={language}&beside=1"
        shown = people.drafter.get(beside)
        assert shown.context["original_pane"].counts == {
            "changed": 1,
            "right": shown.context["original_pane"].counts["right"],
        }
        assert "<ins>warmly </ins>" in html_of(shown)
        card = next(one for one in shown.context["original_pane"].cards if one.row.state == "changed")
        said = {"block": card.row.original.id, "words": card.row.original.words}
        done = people.drafter.post(reverse("letters:confirm_block", args=[*args, language]), said, follow=True)
        assert "Every passage is translated, and nothing changed since." in html_of(done)


def write_for_some(letter: Letter, people: SimpleNamespace) -> None:
    """A passage for least developed countries, and one more for Kenya, in each language; no country letter lacks
    anything then."""
    args = [letter.campaign.slug, letter.number]
    for language, (words, _own) in FOR_SOME.items():
        text = letter.texts.get(language=language)
        audience = {
            "type": "audience",
            "attrs": {"id": "bldcldc01", "only": ["group:ldc"]},
            "content": [paragraph(words, "bldcldc02")],
        }
        content = text.body["content"]
        body = {**text.body, "content": [*content[:3], audience, *content[3:]]}
        sent = {"revision": text.revision, "subject": text.subject, "body": body}
        saved = people.drafter.put(
            reverse("letters:text", args=[*args, language]), json.dumps(sent), content_type="application/json"
        )
        assert saved.status_code == 200, saved.content
    for language, (_words, own) in FOR_SOME.items():
        place = letter.texts.get(language=language).body["content"][2]["attrs"]["id"]
        page = people.drafter.get(
            reverse("letters:adapt", args=[*args, language, "KE"]), {"block": place, "kind": "after"}
        )
        data = page.context["editor_data"]
        sent = {key: data[key] for key in ("kind", "block", "revision", "base_sha256")}
        sent |= {"content": {"type": "doc", "content": [paragraph(own)]}}
        save = reverse("letters:adaptation_save", args=[*args, language, "KE"])
        assert people.drafter.post(save, sent, content_type="application/json").status_code == 200
        shown = html_of(people.reviewer.get(reverse("letters:country_letter", args=[*args, language, "KE"])))
        assert own in shown
    table = people.reviewer.get(reverse("letters:editions", args=args)).context["table"]
    assert [(row.member.code, row.language, row.problems) for row in table.rows if row.blocks_freezing] == []
    assert len(table.rows) == 3 * 4


def paragraph(words: str, block: str = "") -> JsonObject:
    attrs = {"attrs": {"id": block}} if block else {}
    return {"type": "paragraph", **attrs, "content": [{"type": "text", "text": words}]}


def approve_and_freeze(letter: Letter, people: SimpleNamespace) -> LetterVersion:
    args = [letter.campaign.slug, letter.number]
    freeze = reverse("letters:freeze", args=args)
    for language in LANGUAGES:
        people.drafter.post(reverse("letters:ask_review", args=[*args, language]))
        if language == "fr":
            send_back_once(letter, people)
        shown = people.reviewer.get(reverse("letters:review", args=[*args, language]))
        kinds = {problem["kind"] for problem in shown.context["problems"]}
        assert not kinds & {"passage", "cites", "number", "words", "untranslated", "outdated"}, kinds
        if language == "es":
            refused = people.reviewer.post(freeze)
            assert refused.status_code == 409
            assert "Not approved since the last change: Spanish" in html_of(refused)
        sha256 = letter.texts.get(language=language).fingerprint
        people.reviewer.post(reverse("letters:approve", args=[*args, language]), {"sha256": sha256})
    assert people.reviewer.post(freeze).status_code == 302
    version = letter.versions.get()
    assert version.editions.count() == 3 * 5, "four governments and the general letter"
    for language, (for_ldcs, for_kenya) in FOR_SOME.items():
        bodies = {row.member and row.member.code: str(row.body) for row in version.editions.filter(language=language)}
        assert [code for code, body in bodies.items() if for_kenya in body] == ["KE"]
        assert {code for code, body in bodies.items() if for_ldcs in body} == {"BJ", "GW"}
    listed = html_of(people.observer.get(reverse("letters:languages", args=args)))
    assert listed.count("Frozen") >= 3
    return version


def send_back_once(letter: Letter, people: SimpleNamespace) -> None:
    """The French text: a mail leads the person asked to it, and the drafter to why, who changes it and asks again."""
    args = [letter.campaign.slug, letter.number, "fr"]
    people.drafter.post(reverse("letters:ask_review", args=args), {"reviewers": [people.cast.reviewer.pk]})
    review = reverse("letters:review", args=args)
    assert told(people.cast.reviewer, review)
    people.reviewer.post(reverse("letters:send_back", args=args), {"reason": "Le titre est trop long."})
    assert told(people.cast.drafter, review)
    assert "Le titre est trop long." in html_of(people.drafter.get(review))
    text = letter.texts.get(language="fr")
    letter_text_save(
        text=text, actor=people.cast.drafter, revision=text.revision, subject=SUBJECTS["fr"], body=text.body
    )
    people.drafter.post(reverse("letters:ask_review", args=args))


def told(person: Any, page: str) -> bool:
    """Whether a mail that leaves now leads the person to the page."""
    notices_send()
    queued = [mail for mail in Message.objects.filter(kind="notice") if mail.to_address == person.email]
    for mail in queued:
        with suppress(ContentGone):
            message_compose(message=mail)
    return any(page in mail.text_body for mail in queued)


def next_version(letter: Letter, people: SimpleNamespace, change: str, word: str, why: str) -> LetterVersion:
    """The French title changes; it is approved, and frozen with what the change is and why."""
    args = [letter.campaign.slug, letter.number]
    text = letter.texts.get(language="fr")
    subject = f"{word} {SUBJECTS['fr'].partition(' ')[2]}"
    letter_text_save(text=text, actor=people.cast.drafter, revision=text.revision, subject=subject, body=text.body)
    text.refresh_from_db()
    people.drafter.post(reverse("letters:ask_review", args=[*args, "fr"]))
    people.reviewer.post(reverse("letters:approve", args=[*args, "fr"]), {"sha256": text.fingerprint})
    freeze = reverse("letters:freeze", args=args)
    assert people.reviewer.post(freeze).status_code == 400, "it has to be said what the new version is"
    made = people.reviewer.post(freeze, {"change": change, "reason": why})
    page = html_of(people.coordinator.get(made["Location"]))
    assert why in page
    assert f"<ins>{word}</ins>" in page
    assert "Switch to this version" in page, "it leads on"
    return letter.versions.latest("number")


def put_in_place(call: SignOnCall, version: LetterVersion, people: SimpleNamespace) -> None:
    """Proposed as the freeze said, agreed to by a second person; everybody reads the difference."""
    address = reverse("sign_on:replace", args=[call.campaign.slug, call.pk])
    form = people.coordinator.get(address).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields} | {"after": version.number}
    assert (typed["kind"], typed["reason_en"]) == (version.change, version.reason)
    proposed = people.coordinator.post(address, typed)["Location"]
    assert people.coordinator.post(f"{proposed}agree/").status_code == 403, "not by who proposed it"
    assert people.reviewer.post(f"{proposed}agree/").status_code == 302
    public = html_of(Client().get(reverse("website:text_changes", args=[call.campaign.slug, version.letter.number])))
    assert version.reason in public
    assert "<ins>" in public


def agree_to_the_new_text(version: LetterVersion) -> None:
    signature = SignOn.objects.get()
    new_version_sign(sign_on=signature, version=version.pk)
    assert SignOn.objects.covering(version).get() == signature


def read_and_sign(version: LetterVersion, campaign: Campaign) -> None:
    client = Client()
    page = reverse("website:letter", args=[campaign.slug, version.letter.number])
    for language in LANGUAGES:
        shown = html_of(client.get(f"{page}?language={language}"))
        assert SUBJECTS[language] in shown
        for other in LANGUAGES:
            fingerprint = version.editions.get(member=None, language=other).sha256
            assert fingerprint in shown, "the texts in all languages can be checked"
        assert "version 1: English, Spanish, French" in shown
        text = client.get(reverse("files:edition_json", args=[campaign.slug, version.letter.number, 1, language]))
        assert hashlib.sha256(text.content).hexdigest() in shown
    client.post(f"{page}?language=fr", ORGANISATION_FORM)
    client.post(link_in(mails()[0]))
    assert SignOn.objects.get().state == "confirmed"


def send(version: LetterVersion, people: SimpleNamespace) -> None:
    campaign = version.letter.campaign
    prepared = people.sender.post(reverse("outreach:prepare", args=[campaign.slug]), {"version": version.pk})
    dispatch = Dispatch.objects.get()
    assert prepared.status_code == 302
    shown = html_of(people.sender.get(prepared["Location"]))
    assert "1 recipient gets the letter in another language than their own" in shown
    assert "This version has no text in: Portuguese" in shown
    enclosure = dispatch_enclosure(dispatch)
    found = {delivery.recipient.language: delivery for delivery in dispatch.deliveries.all()}
    languages = {own: delivery.language for own, delivery in found.items()}
    assert languages == {"en": "en", "fr": "fr", "es": "es", "pt": "fr"}, "French is a working language of Cabo Verde"
    for language, sentence in ASKS.items():
        out = render_letter(found[language], enclosure)
        assert SUBJECTS[language] in out.subject
        assert sentence in out.text.replace("\N{NARROW NO-BREAK SPACE}", " ")
        assert out.pdf.startswith(b"%PDF-")
