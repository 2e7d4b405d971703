"""The staff navigation, and permissions in templates."""

from collections import Counter
from typing import NamedTuple

from django import template
from django.db.models import Exists
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.campaigns.models import Campaign, TeamMember
from apps.campaigns.roles import Permission
from apps.core.registries import OPERATORS, ActionSource, action_sources
from apps.core.types import Label

register = template.Library()

SECTIONS = [
    ("overview", _("Overview"), "dashboard:overview", Permission.READ),
    ("letters", _("Letters"), "letters:index", Permission.READ),
    ("evidence", _("Evidence"), "evidence:index", Permission.READ),
    ("governments", _("Governments"), "dashboard:governments", Permission.READ),
    ("sign_on", _("Signatures"), "sign_on:index", Permission.READ),
    ("outreach", pgettext_lazy("section", "Sending"), "outreach:index", Permission.READ),
    ("exports", _("Exports"), "exports:index", Permission.EXPORT),
    ("team", _("Team"), "team:index", Permission.READ),
    ("audit", _("Activity log"), "dashboard:audit", Permission.READ),
]
#: URL namespace → key of the section it belongs to
PARTS = {"imports": "governments", "recipients": "governments", "webhook_endpoints": "team"}


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
    waiting = _waiting(membership)
    return [
        Section(key, label, reverse(name, args=[membership.campaign.slug]), key == here, waiting[key])
        for key, label, name, right in SECTIONS
        if membership.may(right)
    ]


def _waiting(membership: TeamMember) -> Counter[str]:
    """By section, what the member may act on there. One statement says for all whether there is anything."""
    sources = {
        name: source for name, source in action_sources.items() if source.section and _may_act(membership, source)
    }
    asked = {f"any_{name}": Exists(source.rows(membership)) for name, source in sources.items() if source.rows}
    there = Campaign.objects.filter(pk=membership.campaign_id).values(**asked).get() if asked else {}
    numbers: Counter[str] = Counter()
    for name, source in sources.items():
        asker = membership.user if source.permission == OPERATORS else membership
        item = source.find(asker) if there.get(f"any_{name}", True) else None
        numbers[source.section] += item.count if item else 0
    return numbers


def _may_act(membership: TeamMember, source: ActionSource) -> bool:
    if source.permission == OPERATORS:
        return membership.user.is_superuser
    return membership.may(Permission(source.permission))


def _section_of(view_name: str) -> str:
    namespace, _colon, name = view_name.partition(":")
    if namespace != "dashboard":
        return PARTS.get(namespace, namespace)
    if name.startswith("processing"):
        return "audit"
    return "governments" if name.startswith(("government", "recipient_problems")) else name


@register.filter
def may(team_member: TeamMember | None, permission: str) -> bool:
    """`{% if team_member|may:"draft" %}`"""
    return team_member is not None and team_member.may(Permission(permission))
