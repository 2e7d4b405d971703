"""A letter in English, French and Spanish, by clients without scripts, from templates to each recipient’s PDF."""

import hashlib
import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOn
from apps.governments.models import Member
from apps.letters.models import Letter, LetterTemplate, LetterVersion
from apps.outreach.letter_rendering import dispatch_enclosure, render_letter
from apps.outreach.models import Dispatch
from tests.factories import html_of
from tests.factories.governments import make_recipient
from tests.factories.signing import ORGANISATION_FORM, link_in, mails, make_call

pytestmark = pytest.mark.django_db

LANGUAGES = {"en": "English", "fr": "French", "es": "Spanish"}
ASKS = {"en": "We ask Kenya to", "fr": "Nous appelons le Bénin à", "es": "Pedimos que Guinea-Bisáu"}
SUBJECTS = {"en": "Hold the African Group", "fr": "Maintenir à Buenos Aires", "es": "Mantener en Buenos Aires"}


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
    version = approve_and_freeze(letter, people)
    call = make_call(version, people.cast, moderated=False)
    read_and_sign(version, call.campaign)
    send(version, people)


def draft(campaign: Campaign, people: SimpleNamespace) -> Letter:
    """Begun in English; French and Spanish from the templates of the same key."""
    template = LetterTemplate.objects.get(campaign=campaign, key="african-group", language="en")
    typed = {"template": template.pk, "title": "African Group", "to": "chosen", "members": "KE; BJ; GW; CV"}
    people.drafter.post(reverse("letters:create", args=[campaign.slug]), typed)
    letter = Letter.objects.get()
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
        assert shown.context["beside"].counts == {"changed": 1, "right": shown.context["beside"].counts["right"]}
        assert "<ins>warmly </ins>" in html_of(shown)
        card = next(one for one in shown.context["beside"].cards if one.row.state == "changed")
        said = {"block": card.row.original.id, "words": card.row.original.words}
        done = people.drafter.post(reverse("letters:confirm_block", args=[*args, language]), said, follow=True)
        assert "Every passage is translated, and nothing changed since." in html_of(done)


def approve_and_freeze(letter: Letter, people: SimpleNamespace) -> LetterVersion:
    args = [letter.campaign.slug, letter.number]
    freeze = reverse("letters:freeze", args=args)
    for language in LANGUAGES:
        people.drafter.post(reverse("letters:ask_review", args=[*args, language]))
        shown = people.reviewer.get(reverse("letters:review", args=[*args, language]))
        kinds = {problem["kind"] for problem in shown.context["problems"]}
        assert not kinds & {"passage", "cites", "number", "words", "untranslated", "outdated"}, kinds
        if language == "es":
            refused = people.reviewer.post(freeze)
            assert refused.status_code == 409
            assert "Not approved in the present form: Spanish" in html_of(refused)
        sha256 = letter.texts.get(language=language).sha256
        people.reviewer.post(reverse("letters:approve", args=[*args, language]), {"sha256": sha256})
    assert people.reviewer.post(freeze).status_code == 302
    version = letter.versions.get()
    assert version.editions.count() == 3 * 5, "four governments and the general letter"
    listed = html_of(people.observer.get(reverse("letters:languages", args=args)))
    assert listed.count("Frozen") >= 3
    return version


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
    for code, language in {"KE": "en", "BJ": "fr", "GW": "es", "CV": "pt"}.items():
        member = Member.objects.get(code=code)
        post, address = f"Minister {code}", f"minister@{code.lower()}.example"
        make_recipient(campaign, member, post, address, language=language, salutation={})
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
