"""How long personal data of signers are kept, and what of it the jobs delete next."""

from datetime import timedelta

from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.campaigns.models import Campaign
from apps.core.registries import RetentionDue, RetentionRule
from apps.core.retention import days_in_words, retention_due

from ..models import AddressMail, EmailChange, Invitation, SignOn, SignOnCall, SignOnImport
from ..models.sign_on_fields import ERASED
from ..services.closing_times import UNCONFIRMED
from ..services.email_changes import CHANGE_WITHIN
from ..services.sign_on_imports import RETENTION
from ..services.signer_mails import MAIL_MEMORY
from ..services.submission import CONFIRM_WITHIN


def _unconfirmed_kept(_campaign: Campaign) -> str:
    words = ngettext(
        "%(days)s day, or until the letter closes for signature",
        "%(days)s days, or until the letter closes for signature",
        CONFIRM_WITHIN.days,
    )
    return words % {"days": CONFIRM_WITHIN.days}


def _signatures_kept(campaign: Campaign) -> str:
    days = campaign.retention_days
    words = ngettext("%(days)s day after the letter is delivered", "%(days)s days after the letter is delivered", days)
    return words % {"days": days}


def _signatures_due(campaign: Campaign) -> RetentionDue:
    """Signatures and invitations of letters, each of which has a day of its own."""
    number, days = 0, []
    for model in (SignOn, Invitation):
        rows = model._default_manager.filter(campaign=campaign).exclude(email_hash__startswith=ERASED).order_by()
        held = dict(rows.values_list("call").annotate(number=Count("pk")))
        number += sum(held.values())
        calls = SignOnCall.objects.filter(pk__in=held).select_related("campaign")
        days += [call.personal_data_until + timedelta(days=1) for call in calls]
    return RetentionDue(number, min(days, default=None))


RULES = {
    "unconfirmed": RetentionRule(
        _("Forms to sign that nobody has confirmed"),
        _unconfirmed_kept,
        lambda campaign: retention_due(SignOn.objects.filter(campaign=campaign, state__in=UNCONFIRMED), "expires_at"),
    ),
    "signatures": RetentionRule(
        _("Personal data of signers and of invited organisations"), _signatures_kept, _signatures_due
    ),
    "email_changes": RetentionRule(
        _("New email addresses that nobody has confirmed"),
        lambda _campaign: days_in_words(CHANGE_WITHIN),
        lambda campaign: retention_due(EmailChange.objects.filter(sign_on__campaign=campaign), "expires_at"),
    ),
    "sign_on_tables": RetentionRule(
        _("Tables of collected signatures that nobody has entered"),
        lambda _campaign: days_in_words(RETENTION),
        lambda campaign: retention_due(
            SignOnImport.objects.filter(campaign=campaign, state=SignOnImport.State.CHECKING), "updated_at", RETENTION
        ),
    ),
    "address_mails": RetentionRule(
        _("Which addresses got emails, as codes, to limit their number"),
        lambda _campaign: days_in_words(MAIL_MEMORY),
        lambda _campaign: retention_due(AddressMail.objects.all(), "at", MAIL_MEMORY),
        shared=True,
    ),
}  # fmt: skip
