"""That a letter came back and can be sent again, on the page of its recipient."""

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.campaigns.models import TeamMember
from apps.campaigns.roles import Permission
from apps.core.registries import RecipientNotice
from apps.governments.models import Recipient

from ..models import Delivery
from ..selectors.failed_letters import letters_to_repeat


def failed_letters(recipient: Recipient, viewer: TeamMember) -> list[RecipientNotice]:
    if not viewer.may(Permission.PREPARE):
        return []
    rows = letters_to_repeat(recipient.campaign).filter(recipient=recipient)
    return [_notice(row, viewer) for row in rows]


def _notice(row: Delivery, viewer: TeamMember) -> RecipientNotice:
    text = _("Letter %(number)d came back, and the contact has been corrected since.")
    url = reverse("outreach:repeat", args=[viewer.campaign.slug, row.dispatch_id])
    return RecipientNotice(
        text % {"number": row.dispatch.letter.number}, _("Send again to the corrected address"), url,
        {"recipient": str(row.recipient_id)},
    )  # fmt: skip
