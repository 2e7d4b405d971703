"""What starting over deletes, in numbers."""

from django.utils.translation import gettext_lazy as _

from apps.coalitions.models import SignOn
from apps.core.types import Label
from apps.governments.models import Position
from apps.letters.models import Letter
from apps.outreach.models import Delivery
from apps.postbox.models import InboundMail, SinkMail


def what_is_deleted() -> list[tuple[Label, int]]:
    """(what, how many)"""
    return [
        (_("Letters"), Letter.objects.count()),
        (_("Signatures"), SignOn.objects.count()),
        (_("Letters to governments"), Delivery.objects.count()),
        (_("Emails that came back"), InboundMail.objects.count()),
        (_("Emails in the local inbox"), SinkMail.objects.count()),
        (_("Positions"), Position.objects.count()),
    ]
