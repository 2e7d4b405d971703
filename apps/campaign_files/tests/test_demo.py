"""The demo's cast: complete, only where it belongs, and never over what people changed."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command

from apps.accounts.models import DemoMark, User
from apps.campaign_files.services import campaign_load, demo_load
from apps.campaigns.models import Campaign, TeamMember
from apps.campaigns.roles import Role
from apps.coalitions.models import Coalition
from apps.core.models import AuditEvent
from apps.governments.models import Member, Position, Recipient, RecipientAddress
from apps.governments.selectors import recipients_of, stance_on, stances_on
from apps.governments.services.positions import position_withdraw
from tests.factories import make_user
from tests.factories.campaign_files import write_folder

pytestmark = pytest.mark.django_db

CAST = """\
campaign: sea2031
people:
  - {name: Ana Mar, email: ana@quietseas.example, roles: [coordinator]}
  - {name: منى, email: muna@quietseas.example, roles: []}
"""
RECIPIENTS = """\
recipients:
  - member: "NO"
    office: {kind: capital, name: Ministry of the Sea, city: Oslo}
    post: Minister
    salutation: {en: Minister}
    language: en
    addresses: [minister@sea-no.example]
"""
POSITIONS = """\
note: "Example from {group}."
positions:
  - {groups: [coast, south], stance: opposes, on: 2020-01-01, source_id: src-book}
"""


@pytest.fixture
def small(folder: Path) -> Path:
    """The small campaign, loaded, and its demo."""
    campaign_load(folder=folder)
    return write_demo(folder)


def write_demo(folder: Path, cast: str = CAST, recipients: str = RECIPIENTS, positions: str = POSITIONS) -> Path:
    place = folder / "demo"
    place.mkdir(exist_ok=True)
    for name, text in (("cast", cast), ("recipients", recipients), ("positions", positions)):
        (place / f"{name}.yaml").write_text(text, encoding="utf-8")
    return place


def printed(folder: Path) -> list[str]:
    out = StringIO()
    call_command("load_demo_cast", str(folder), stdout=out)
    return out.getvalue().splitlines()


def test_the_whole_cast_of_mc11(mc11: Path) -> None:
    campaign_load(folder=mc11)
    demo_load(folder=mc11 / "demo")
    campaign = Campaign.objects.get()
    assert campaign.fictional
    assert DemoMark.objects.exists()
    held = [place.roles for place in TeamMember.objects.all()]
    assert sorted(held) == sorted([role] for role in Role.values), "one person for each role"
    assert User.objects.get(email="jon@coalition.example").memberships.count() == 0
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == len(Role) + 1
    kenya = Member.objects.get(code="KE")
    addresses = {
        address.address for recipient in recipients_of(campaign, [kenya]) for address in recipient.addresses.all()
    }
    assert addresses == {"gone.geneva@mission-ke.example", "cabinet.secretary@trade-ke.example"}
    assert Recipient.objects.values("office__member").distinct().count() >= 13
    assert Coalition.objects.get().name == "Fair Digital Trade"
    stance = stance_on(campaign, kenya, campaign.ends_on)
    assert stance is not None
    assert stance.stance == Position.Stance.JOINED
    assert {position.stance for position in stances_on(campaign, campaign.ends_on).values()} == set(
        Position.Stance.values
    )


def test_nobody_in_the_demo_is_real(mc11: Path) -> None:
    campaign_load(folder=mc11)
    demo_load(folder=mc11 / "demo")
    addresses = [
        *User.objects.values_list("email", flat=True),
        *(row.address for row in RecipientAddress.objects.all()),
    ]
    assert all(address.endswith(".example") for address in addresses)
    assert all(recipient.name == "" for recipient in Recipient.objects.all())
    assert not Position.objects.exclude(note__startswith="Example for the demonstration").exists()


def test_a_second_time_adds_nothing(small: Path) -> None:
    first = printed(small)
    assert "created 2 people: Ana Mar, منى" in first
    assert "created 4 positions: KE opposes, MT opposes, NO opposes, EG opposes" in first
    trail = AuditEvent.objects.count()
    assert printed(small) == ["sea2031: 0 created, 0 changed"]
    assert AuditEvent.objects.count() == trail


def test_what_people_changed_since_stays(small: Path) -> None:
    demo_load(folder=small)
    TeamMember.objects.update(roles=[Role.OBSERVER])
    User.objects.filter(email="ana@quietseas.example").update(name="Ana Maria")
    RecipientAddress.objects.update(health=RecipientAddress.Health.BOUNCED)
    wrong = Position.objects.filter(member__code="KE").get()
    position_withdraw(position=wrong, reason="Only an example", actor=User.objects.first())
    demo_load(folder=small)
    assert not Position.objects.standing().filter(member__code="KE").exists()
    assert TeamMember.objects.get().roles == [Role.OBSERVER]
    assert User.objects.get(email="ana@quietseas.example").name == "Ana Maria"
    assert RecipientAddress.objects.get().health == RecipientAddress.Health.BOUNCED


def test_a_database_with_people_and_no_mark_is_refused(small: Path) -> None:
    make_user("Real Person")
    with pytest.raises(CommandError, match="was not created by demo mode"):
        printed(small)
    assert User.objects.count() == 1
    assert not Campaign.objects.get().fictional


def test_a_live_postbox_is_refused(small: Path, settings: Any) -> None:
    settings.POSTBOX = {**settings.POSTBOX, "MODE": "live"}
    with pytest.raises(CommandError, match="The postbox is live"):
        printed(small)
    assert not DemoMark.objects.exists()


def test_the_campaign_must_be_there(tmp_path: Path) -> None:
    place = write_demo(write_folder(tmp_path / "sea"))
    with pytest.raises(CommandError, match=r"cast.yaml, line 1: campaign “sea2031” does not exist yet"):
        printed(place)
    assert not DemoMark.objects.exists()


@pytest.mark.parametrize(
    ("part", "old", "new", "answer"),
    [
        ("cast", "[coordinator]", "[king]", r"cast.yaml, line 3: roles: “king” is not one of"),
        ("cast", "ana@quietseas.example", "ana", r"cast.yaml, line 3: email: “ana” is not an email address"),
        ("recipients", '"NO"', "NO", r"recipients.yaml, line 2: member: NO without quotes is read as false"),
        ("recipients", '"NO"', "FR", r"recipients.yaml, line 2: member: member “FR” does not exist"),
        (
            "recipients",
            "minister@",
            "minister",
            r"recipients.yaml, line 7: addresses: “ministersea-no.example” is not an email",
        ),
        ("positions", "opposes", "sulks", r"positions.yaml, line 3: stance: “sulks” is not one of"),
        ("positions", "south", "north", r"positions.yaml, line 3: groups: group “north” does not exist"),
        ("positions", "src-book", "src-film", r"positions.yaml, line 3: source “src-film” does not exist"),
    ],
)
def test_a_broken_cast_is_answered_with_file_line_and_reason(
    folder: Path, part: str, old: str, new: str, answer: str
) -> None:
    campaign_load(folder=folder)
    texts = {"cast": CAST, "recipients": RECIPIENTS, "positions": POSITIONS}
    texts[part] = texts[part].replace(old, new)
    with pytest.raises(CommandError, match=answer):
        printed(write_demo(folder, **texts))
    assert not User.objects.exists()
    assert not Recipient.objects.exists()


def test_a_missing_file_of_the_cast_is_named(small: Path) -> None:
    (small / "positions.yaml").unlink()
    with pytest.raises(CommandError, match=r"positions.yaml: is not an ordinary file"):
        printed(small)
