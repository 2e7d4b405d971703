"""Mail to the team about signing."""

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from apps.campaigns.models import TeamMember
from apps.campaigns.roles import Permission
from apps.core.interface_languages import interface_language
from apps.core.site_url import site_url
from apps.postbox.models import Policy
from apps.postbox.services.queue import message_queue
from apps.postbox.transports.email_addresses import address_header

from ..models import SignOnCall
from ..selectors.calls import letter_departure, state_counts


def call_closed_tell(*, call: SignOnCall) -> None:
    """Tell those who open and close letters that signing has ended on time. In the caller's transaction."""
    campaign = call.campaign
    team = TeamMember.objects.filter(campaign=campaign, state=TeamMember.State.ACTIVE).select_related("user")
    context = {
        "call": call, "campaign": campaign, "letter": call.letter, "version": call.version,
        "numbers": state_counts(campaign).get(call.pk, {}), "sent": letter_departure(call.version),
        "link": site_url(reverse("sign_on:index", args=[campaign.slug])),
    }  # fmt: skip
    for member in team:
        if member.may(Permission.MANAGE):
            with translation.override(interface_language(member.user.language)):
                subject = render_to_string("coalitions/email/closed_subject.txt", context)
                text = render_to_string("coalitions/email/closed.txt", context)
            message_queue(
                kind="notice",
                policy=Policy.REPEATABLE,
                subject=" ".join(subject.split()),
                text_body=text.strip() + "\n",
                from_header=address_header(campaign.sender_name, campaign.sender_address),
                to_address=member.user.email,
                origin="coalitions.call",
                origin_id=call.pk,
                campaign_id=campaign.pk,
                language=member.user.language,
            )
