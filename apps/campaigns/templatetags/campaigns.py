"""The staff navigation, and permissions in templates."""

from typing import NamedTuple

from django import template
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.campaigns.models import TeamMember
from apps.campaigns.roles import Permission
from apps.core.registries import action_sources
from apps.core.types import Label

register = template.Library()

SECTIONS = [
    ("overview", _("Overview"), "dashboard:overview", Permission.READ),
    ("letters", _("Letters"), "letters:index", Permission.READ),
    ("evidence", _("Evidence"), "evidence:index", Permission.READ),
    ("governments", _("Governments"), "dashboard:governments", Permission.READ),
    ("sign_on", _("Sign-on"), "sign_on:index", Permission.READ),
    ("outreach", _("Outreach"), "outreach:index", Permission.READ),
    ("exports", _("Exports"), "exports:index", Permission.EXPORT),
    ("team", _("Team"), "team:index", Permission.READ),
    ("audit", _("Record"), "dashboard:audit", Permission.READ),
]
#: URL namespace → key of the section it belongs to
PARTS = {"imports": "governments", "recipients": "governments"}


class Section(NamedTuple):
    key: str
    label: Label
    url: str
    current: bool
    waiting: int


@register.simple_tag(takes_context=True)
def staff_navigation(context: template.RequestContext) -> list[Section]:
    request = context["request"]
    membership: TeamMember = request.team_member
    match = request.resolver_match
    here = _section_of(match.view_name) if match else ""
    return [
        Section(key, label, reverse(name, args=[membership.campaign.slug]), key == here, _waiting(key, membership))
        for key, label, name, right in SECTIONS
        if membership.may(right)
    ]


def _waiting(key: str, membership: TeamMember) -> int:
    """What the member may act on in that section."""
    sources = [each for each in action_sources.values() if each.section == key]
    items = [each.find(membership) for each in sources if membership.may(Permission(each.permission))]
    return sum(item.count for item in items if item is not None)


def _section_of(view_name: str) -> str:
    namespace, _colon, name = view_name.partition(":")
    if namespace != "dashboard":
        return PARTS.get(namespace, namespace)
    return "governments" if name.startswith(("government", "recipient_problems")) else name


@register.filter
def may(team_member: TeamMember | None, permission: str) -> bool:
    """`{% if team_member|may:"draft" %}`"""
    return team_member is not None and team_member.may(Permission(permission))
