"""Makers of rows for tests: the smallest true thing, with names from reserved domains."""

import re
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from apps.accounts.models import User
from apps.campaigns.models import Campaign, TeamMember
from apps.campaigns.roles import Role
from apps.governments.models import Group, GroupMembership, Member

_numbers = count(1)


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


def make_member(code: str = "KE", name: str = "Kenya", **extra: Any) -> Member:
    defaults: dict[str, Any] = {
        "code3": f"{code}X",
        "name": name,
        "name_fr": name,
        "name_es": name,
        "official_name": name,
        "sort_en": name.lower(),
        "sort_fr": name.lower(),
        "sort_es": name.lower(),
        "acceded_on": date(1995, 1, 1),
        "capital": "Capital",
        "region": "Africa/Sub-Saharan Africa",
        "official_languages": ["en"],
        "working_language": "en",
        "working_language_basis": "official",
    }
    return Member.objects.create(code=code, **{**defaults, **extra})


def make_group(slug: str, *members: Member, label: str = "") -> Group:
    group = Group.objects.create(slug=slug, label=label or slug.replace("-", " ").title(), confidence="high")
    GroupMembership.objects.bulk_create(GroupMembership(group=group, member=member) for member in members)
    return group


def give_place(user: User, campaign: Campaign, *roles: Role) -> TeamMember:
    return TeamMember.objects.create(
        user=user, campaign=campaign, roles=[str(role) for role in roles], state=TeamMember.State.ACTIVE
    )


def moment(text: str) -> datetime:
    """moment("2017-10-02 12:00") in UTC."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def html_of(answer: Any) -> str:
    """The page without the white space by which templates are laid out; a line break within a sentence is a space."""
    html = re.sub(r"<[^<>]+>", lambda tag: " ".join(tag[0].split()).replace(" >", ">"), answer.content.decode())
    html = re.sub(r"(?<=[^\s>])\s*\n\s*(?=<(?:a|b|bdi|span|time)\b)", " ", html)
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"\s*\n\s*(?=<)|(?<=>)\s*\n\s*", "", html))
