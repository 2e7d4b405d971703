"""Links with which allies outside the team read a letter and comment on it."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.errors import DomainError
from apps.core.text import clean_line
from apps.core.tokens import token_hash

from ..models import GuestLink, Letter
from ..selectors.comments import open_guest_links
from .drafts import check_may_draft, check_open

LONGEST = timedelta(days=92)
#: open at once for one letter
MOST = 50


class GuestLinkEnded(DomainError):
    status = 403
    default_message = _("This link has ended. Ask whoever sent it to you for a new one.")


@transaction.atomic
def guest_link_create(*, letter: Letter, actor: User, name: str, expires_at: datetime) -> tuple[GuestLink, str]:
    """The link, and its token, which is not kept. Raises DomainError, LetterClosed, LetterArchived, NotAllowed."""
    letter = Letter.objects.select_for_update().select_related("campaign").get(pk=letter.pk)
    check_open(letter)
    check_may_draft(actor, letter)
    name = clean_line(name)
    if not name:
        raise DomainError(_("Write whom the link is for: their comments carry this name."), field="name")
    if not timezone.now() < expires_at <= timezone.now() + LONGEST:
        raise DomainError(_("Choose a day between tomorrow and three months from now."), field="until")
    if open_guest_links().filter(letter=letter).count() >= MOST:
        raise DomainError(_("%(most)s links to this letter are open. End some first.") % {"most": MOST})
    token = secrets.token_urlsafe(32)
    link = GuestLink.objects.create(
        letter=letter, name=name, token_sha256=token_hash(token), expires_at=expires_at, made_by=actor
    )
    audit_record(
        verb="guest_link.create", subject=link, actor=actor, campaign_id=letter.campaign_id, letter=letter.number
    )
    return link, token


@transaction.atomic
def guest_link_end(*, link: GuestLink, actor: User) -> GuestLink:
    """At once; what was said with it stays. Ending twice changes nothing. Raises NotAllowed."""
    link = GuestLink.objects.select_for_update(of=("self",)).select_related("letter__campaign").get(pk=link.pk)
    check_may_draft(actor, link.letter)
    if link.ended_at is None:
        link.ended_at = timezone.now()
        link.save(update_fields=["ended_at", "updated_at"])
        audit_record(verb="guest_link.end", subject=link, actor=actor, campaign_id=link.letter.campaign_id)
    return link


def guest_link_check(link: GuestLink, letter: Letter) -> None:
    """Locks the link until the transaction ends. Raises GuestLinkEnded."""
    if open_guest_links().select_for_update(of=("self",)).filter(pk=link.pk, letter=letter).first() is None:
        raise GuestLinkEnded


def guest_link_opened(link: GuestLink) -> None:
    """Note that the letter was opened, at most once a minute; nothing is said of from where."""
    now = timezone.now()
    if link.seen_at is None or now - link.seen_at > timedelta(minutes=1):
        GuestLink.objects.filter(pk=link.pk).update(seen_at=now)
