"""Mails with an invitation or a reminder of one. The row that waits is the queue."""

import secrets
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from apps.core.encryption import lookup_hashes
from apps.core.interface_languages import interface_language
from apps.core.site_url import site_url
from apps.core.tokens import token_hash
from apps.core.types import JsonObject
from apps.core.wakeups import wake
from apps.postbox.models import Policy, Priority
from apps.postbox.services.queue import message_queue_composed
from apps.postbox.transports.email_addresses import BadAddress, address_header

from ..models import INVITATION_ORIGIN, AddressMail, Invitation, InvitationToken
from ..selectors.invitations import invitable, invitations_of, is_refused
from .signer_mails import address_lock, address_may_get_mail

log = structlog.get_logger(__name__)
#: mails of one run, so that a worker is free again soon
AT_ONCE = 500
#: until the next attempt for an address that has had its share of mails
WAIT = timedelta(hours=1)
#: a mail that could not leave by then is of no use
LIFETIME = timedelta(days=3)
#: stands for a link where nobody in particular reads
EXAMPLE_TOKEN = "example"  # noqa: S105 – opens nothing


def invitation_mails_send() -> int:
    """Queue the mails that are due. Returns how many. Killed half-way, or run twice at once, nobody gets two."""
    due = Invitation.objects.filter(mail_due_at__lte=timezone.now()).order_by("mail_due_at", "id")
    ids = list(due.values_list("pk", flat=True)[:AT_ONCE])
    sent = sum(_send(pk) for pk in ids)
    if len(ids) == AT_ONCE:
        wake("invitation_mails")
    return sent


@transaction.atomic
def _send(pk: int) -> bool:
    rows = Invitation.objects.select_for_update(of=("self",), skip_locked=True)
    rows = rows.select_related("campaign", "call__campaign", "call__letter", "call__version")
    invitation = rows.defer("call__version__evidence").filter(pk=pk, mail_due_at__lte=timezone.now()).first()
    if invitation is None:
        return False
    invitation.mail_due_at, sent = None, False
    if _is_useful(invitation):
        hashes = lookup_hashes(invitation.email)
        address_lock(hashes)
        if address_may_get_mail(hashes, from_moderator=True):
            sent = _mail(invitation)
        else:
            invitation.mail_due_at = timezone.now() + WAIT
    invitation.save(update_fields=["mail_due_at", "mailed_at", "message", "updated_at"])
    return sent


def _is_useful(invitation: Invitation) -> bool:
    """Whether the organisation can still sign, has not yet, and nothing was pressed meanwhile."""
    if not invitation.email or not invitable(invitation.call) or is_refused(invitation.campaign_id, invitation.email):
        return False
    wanted = "silent" if invitation.reminded_at else "waiting"
    return invitations_of(invitation.call).filter(Q(state=wanted), pk=invitation.pk).exists()


def _mail(invitation: Invitation) -> bool:
    campaign, now, token = invitation.campaign, timezone.now(), secrets.token_urlsafe(32)
    template = "invitation_reminder" if invitation.reminded_at else "invitation"
    InvitationToken.objects.create(invitation=invitation, token_hash=token_hash(token))
    try:
        message = message_queue_composed(
            kind="sign_on_invitation", composer=INVITATION_ORIGIN, values={"template": template, "token": token},
            from_header=address_header(campaign.sender_name, campaign.sender_address), to_address=invitation.email,
            reply_to=campaign.contact_address, origin=INVITATION_ORIGIN, origin_id=invitation.pk, policy=Policy.ONCE,
            expires_at=min(now + LIFETIME, invitation.call.closes_at), campaign_id=campaign.pk,
            authorisation=f"call:{invitation.call_id}", language=invitation.language, priority=Priority.UPDATE,
        )  # fmt: skip
    except BadAddress:
        log.warning("invited_address_refused", invitation=invitation.pk)
        return False
    AddressMail.objects.create(email_hash=message.to_hash, at=now, mail_id=message.pk, from_moderator=True)
    invitation.message, invitation.mailed_at = message, now
    return True


def invitation_mail_compose(origin_id: str, values: JsonObject) -> tuple[str, str, dict[str, str]] | None:
    """Subject, text and headers of a mail that is about to leave. None where signing has closed, the organisation has
    signed or answered meanwhile, or its reader wants no mail. Mail programs show a button for that (RFC 8058)."""
    related = ("campaign", "call__campaign", "call__letter", "call__version")
    invitation = Invitation.objects.filter(pk=origin_id).select_related(*related).first()
    if invitation is None or not invitation.email or not invitable(invitation.call):
        return None
    if is_refused(invitation.campaign_id, invitation.email):
        return None
    if not invitations_of(invitation.call).filter(Q(state__in=["waiting", "silent"]), pk=origin_id).exists():
        return None
    subject, text = invitation_mail_text(invitation, values["template"], values["token"])
    with translation.override(interface_language(invitation.language)):
        link = site_url(reverse("signing:invitation", args=[values["token"]]))
    return subject, text, {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def invitation_mail_text(invitation: Invitation, template: str, token: str = EXAMPLE_TOKEN) -> tuple[str, str]:
    """Subject and text in the language of the invitation, which may be unsaved."""
    call, campaign = invitation.call, invitation.campaign
    with translation.override(interface_language(invitation.language)):
        context = {
            "invitation": invitation, "call": call, "campaign": campaign, "letter": call.letter,
            "version": call.version,
            "link": site_url(reverse("website:invited", args=[campaign.slug, call.letter.number, token])),
            "decline_link": site_url(reverse("signing:invitation", args=[token])),
        }  # fmt: skip
        subject = render_to_string(f"coalitions/email/{template}_subject.txt", context)
        text = render_to_string(f"coalitions/email/{template}.txt", context)
    return " ".join(subject.split()), text.strip() + "\n"
