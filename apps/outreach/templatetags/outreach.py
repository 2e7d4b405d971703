from django import template

from apps.campaigns.models import TeamMember
from apps.campaigns.roles import Permission

from ..pages.timeline_entries import reply_beginning, without_contacts

register = template.Library()
register.filter("reply_beginning", reply_beginning)


@register.filter
def contacts_for(words: str, reader: TeamMember) -> str:
    """`words`, masked for those who may not see contact data."""
    return words if reader.may(Permission.SEE_CONTACTS) else without_contacts(words)
