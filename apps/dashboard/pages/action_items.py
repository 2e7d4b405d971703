"""What waits for somebody in a campaign, the most urgent first."""

from apps.campaigns.models import TeamMember
from apps.core.registries import OPERATORS, ActionItem, action_sources

#: the tones of items, the most urgent first
TONES = ("bad", "warn", "idle", "ok")


def action_items(member: TeamMember) -> list[ActionItem]:
    """Also those on which others act; those for operators only where the member is one."""
    found = []
    for source in action_sources.values():
        if source.permission != OPERATORS:
            found.append(source.find(member))
        elif member.user.is_superuser:
            found.append(source.find(member.user))
    listed = [item for item in found if item is not None and not item.past]
    return sorted(listed, key=lambda item: TONES.index(item.tone))
