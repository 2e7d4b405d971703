"""A small world for letters: four governments, two groups, a point with facts, a template, recipients in Kenya."""

from types import SimpleNamespace

import pytest

from apps.campaigns.models import Campaign
from apps.governments.models import Office, Recipient
from apps.letters.models import Letter, LetterText
from apps.letters.services.approvals import letter_text_approve
from apps.letters.services.drafts import letter_create
from apps.sources.models import Source
from apps.talkingpoints.models import TalkingPoint
from tests.factories import make_group, make_member
from tests.factories.evidence import make_fact
from tests.factories.letters import make_template


@pytest.fixture
def world(campaign: Campaign) -> SimpleNamespace:
    kenya = make_member("KE", "Kenya", code3="KEN", capital="Nairobi")
    togo = make_member("TG", "Togo", code3="TGO", working_language="fr", capital="Lomé")
    france = make_member("FR", "France", code3="FRA", working_language="fr", capital="Paris")
    manila = make_member("PH", "Philippines", code3="PHL", capital="Manila")
    african = make_group("african-group", kenya, togo, label="African Group")
    ldc = make_group("ldc", togo, label="Least developed countries")
    source = Source.objects.create(
        campaign=campaign, key="src-wb", kind="report", title="Digital Dividends", publisher="World Bank", year=2016
    )
    seven = TalkingPoint.objects.create(
        campaign=campaign, number=7, slug="data", title="Data stays at home", claim="Data is a raw material."
    )
    two = TalkingPoint.objects.create(
        campaign=campaign, number=2, slug="early", title="Too early", claim="It is too early for rules."
    )
    return SimpleNamespace(
        campaign=campaign,
        kenya=kenya,
        togo=togo,
        france=france,
        manila=manila,
        african=african,
        ldc=ldc,
        source=source,
        seven=seven,
        data=make_fact(
            campaign,
            "tp07-f01",
            seven,
            statement="Nearly all proposals ban local storage.",
            source=source,
            verification="consistent",
            position=1,
        ),
        stand=make_fact(
            campaign,
            "tp02-f06",
            two,
            statement="The African Group opposed a mandate.",
            source=source,
            verification="consistent",
            position=1,
        ),
        template=make_template(campaign),
    )


@pytest.fixture
def letter(world: SimpleNamespace, cast: SimpleNamespace) -> Letter:
    """A letter to Kenya, begun by the drafter."""
    return letter_create(
        campaign=world.campaign, actor=cast.drafter, template=world.template, title="To Kenya", members=[world.kenya]
    )


@pytest.fixture
def text(letter: Letter) -> LetterText:
    return letter.texts.get()


@pytest.fixture
def approved(text: LetterText, cast: SimpleNamespace) -> LetterText:
    letter_text_approve(text=text, actor=cast.reviewer, sha256=text.sha256)
    return text


@pytest.fixture
def mission(world: SimpleNamespace) -> Recipient:
    office = Office.objects.create(
        campaign=world.campaign, member=world.kenya, kind="mission", name="Permanent Mission of Kenya", city="Geneva"
    )
    return Recipient.objects.create(
        campaign=world.campaign,
        office=office,
        name="Amina Wanjiru",
        post="Permanent Representative",
        salutation={"en": "Excellency"},
        language="en",
    )
