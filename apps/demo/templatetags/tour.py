"""The card of the tour on the overview."""

from django import template

from ..pages.tour import is_closed, stop_of

register = template.Library()


@register.inclusion_tag("demo/_tour_card.html", takes_context=True)
def tour_card(context: template.Context) -> dict[str, object]:
    """Once for each person: until they close it. Nothing outside demo mode."""
    member = context.get("team_member")
    if not context.get("demo") or member is None or is_closed(member.user):
        return {"stop": None}
    return {"stop": stop_of(member), "campaign": member.campaign, "csrf_token": context.get("csrf_token")}
