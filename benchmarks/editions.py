"""The table of all country letters of the shipped campaign's letter: 164 governments in three languages."""

from collections.abc import Iterator
from itertools import product
from time import perf_counter

from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from apps.campaign_files.services.load import campaign_load
from apps.campaigns.models import Campaign, TeamMember
from apps.campaigns.roles import Role
from apps.governments.models import Member
from apps.governments.selectors import audience_matcher, reference_day
from apps.letters.document.resolution import resolve
from apps.letters.edition_content import frozen_values
from apps.letters.models import Letter, LetterTemplate
from apps.letters.pages.editions import edition_table
from apps.letters.selectors.letters import letter_addressees
from apps.letters.services.drafts import letter_create
from apps.letters.services.languages import letter_text_add
from scripts.processes import ROOT
from tests.factories.governments import make_recipient

from .measuring import Line, compare

NEEDS_DATABASE = True
#: seconds in which the page is wanted
WANTED = 1.5


def run() -> Iterator[Line]:
    """The table beside resolving the same letters, as freezing does; then the whole page, as the browser gets it."""
    letter, client = make_letter()
    day = reference_day(letter.campaign)
    addressees, texts = letter_addressees(letter, day), list(letter.texts.all())
    matcher = audience_matcher(letter.campaign, day)

    def resolved() -> None:
        for text, member in product(texts, addressees):
            values = frozen_values(letter.campaign, member, day=day, language=text.language, matcher=matcher)
            resolve(text.body, values)

    yield compare(
        "editions.table",
        goal=0.2,
        work=lambda: edition_table(letter),
        floor=resolved,
        items=len(addressees) * len(texts),
    )
    times = []
    for _turn in range(5):
        start = perf_counter()
        answer = client.get(reverse("letters:editions", args=[letter.campaign.slug, letter.number]))
        times.append(perf_counter() - start)
        assert answer.status_code == 200, answer.status_code
    took = sorted(times)[len(times) // 2]
    yield Line("editions.page_in_time", 1, WANTED / took, 1 / took, 1 / WANTED)


def make_letter() -> tuple[Letter, Client]:
    """To all members, in English, French and Spanish, each member with two recipients; and a coordinator's browser."""
    campaign_load(folder=ROOT / "data" / "mc11")
    campaign = Campaign.objects.get(slug="mc11")
    user = get_user_model().objects.create_user("ada@coalition.example", "Ada Okoro")
    TeamMember.objects.create(campaign=campaign, user=user, roles=[Role.COORDINATOR], state=TeamMember.State.ACTIVE)
    templates = {one.language: one for one in LetterTemplate.objects.filter(campaign=campaign, key="base")}
    letter = letter_create(campaign=campaign, actor=user, template=templates["en"], title="To all", to_all=True)
    for language in ("fr", "es"):
        letter_text_add(letter=letter, actor=user, language=language, start="template", template=templates[language])
    for member in Member.objects.all():
        for post in ("Minister", "Permanent Representative"):
            make_recipient(campaign, member, post, f"{post[:3].lower()}@{member.code.lower()}.example", name="A. Name")
    client = Client()
    client.force_login(user)
    return letter, client
