"""People, campaigns and who works on them."""

from datetime import UTC, date, datetime
from itertools import count
from types import SimpleNamespace
from typing import Any

from apps.accounts.models import User
from apps.campaigns.models import Campaign, TeamMember
from apps.campaigns.roles import Role

_numbers = count(1)
#: the fixed cast: one person for each role
CAST = {
    "coordinator": ("Ada Okoro", Role.COORDINATOR),
    "drafter": ("Naledi Motsepe", Role.DRAFTER),
    "reviewer": ("Ivo Hrubý", Role.REVIEWER),
    "sender": ("Lena Fischer", Role.SENDER),
    "data_officer": ("Tomás Rivas", Role.DATA_OFFICER),
    "observer": ("Mei Lin Tan", Role.OBSERVER),
}


def make_user(name: str = "", **extra: Any) -> User:
    from allauth.account.models import EmailAddress

    name = name or f"Person {next(_numbers)}"
    email = extra.pop("email", f"{name.split()[0].lower()}.{next(_numbers)}@coalition.example")
    user = User.objects.create_user(email=email, name=name, **extra)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def make_campaign(slug: str = "mc11", **extra: Any) -> Campaign:
    defaults: dict[str, Any] = {
        "name": "Fair Digital Trade",
        "title": "Ask governments to refuse new rules on electronic commerce",
        "conference": "Eleventh Ministerial Conference",
        "conference_short": slug.upper(),
        "body_name": "World Trade Organization",
        "city": "Buenos Aires",
        "venue_time_zone": "America/Argentina/Buenos_Aires",
        "starts_on": date(2017, 12, 10),
        "ends_on": date(2017, 12, 13),
        "time_zone": "Europe/Zurich",
        "time_zone_place": "Geneva",
        "languages": ["en"],
        "sender_name": "Fair Digital Trade",
        "sender_address": f"letters@{slug}.example",
        "contact_address": f"contact@{slug}.example",
        "data_controller": "Fair Digital Trade, Geneva",
        "published": True,
    }
    return Campaign.objects.create(slug=slug, **{**defaults, **extra})


def add_team_member(user: User, campaign: Campaign, *roles: Role) -> TeamMember:
    return TeamMember.objects.create(
        user=user, campaign=campaign, roles=[str(role) for role in roles], state=TeamMember.State.ACTIVE
    )


def moment(text: str) -> datetime:
    """moment("2017-10-02 12:00") in UTC."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def give_second_factor(user: Any) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        TOTP.activate(user, generate_totp_secret())


def make_cast(campaign: Campaign) -> SimpleNamespace:
    """A person for each key of CAST with that one role in the campaign, and an outsider who has none."""
    people: dict[str, Any] = {}
    for key, (name, role) in CAST.items():
        people[key] = make_user(name)
        add_team_member(people[key], campaign, role)
    return SimpleNamespace(**people, outsider=make_user("Jon Dahl"))
