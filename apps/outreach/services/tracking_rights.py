"""Who may record what about a government, and sort, file, correct or set aside its mail: one rule for all of it."""

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.errors import NotAllowed
from apps.governments.models import Member

from ..selectors.tracking import may_track


class NotYourGovernment(NotAllowed):
    default_message = _("Nothing was saved. You may not record anything about this government. Ask a coordinator.")


def tracking_check(*, campaign: Campaign, member: Member | None, actor: User) -> None:
    """Raises NotYourGovernment."""
    if not may_track(actor, campaign, member):
        raise NotYourGovernment
