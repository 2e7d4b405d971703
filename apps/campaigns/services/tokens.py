"""API tokens, which people create and end for themselves."""

import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.errors import Conflict, DomainError, NotAllowed
from apps.core.tokens import token_hash

from ..models import ApiToken, TeamMember
from ..scopes import Scope
from ..selectors import API_PREFIX, grantable_scopes

#: active tokens of one membership
MOST_TOKENS = 20
#: `last_used_at` is written at most this often
USED_EVERY = timedelta(hours=1)


class MembershipNotActive(Conflict):
    default_message = _("Only people on the team can have a token. Ask a coordinator to invite you again.")


class TooManyTokens(DomainError):
    default_message = format_lazy(_("You have {count} tokens. End one that you no longer need."), count=MOST_TOKENS)


class TokenNameTaken(Conflict):
    def __init__(self, name: str) -> None:
        message = _("You already have a token named “%(name)s”. Choose another name, or end that token first.")
        super().__init__(message % {"name": name}, field="name")


class ScopeNotAllowed(NotAllowed):
    default_message = _("Your roles do not include this, or it needs a second factor. Choose again.")


@transaction.atomic
def api_token_create(
    *, membership: TeamMember, actor: User, name: str, days: int, scopes: Iterable[str] = (Scope.READ,)
) -> tuple[ApiToken, str]:
    """A new token and its text, which is not stored. Raises MembershipNotActive, ScopeNotAllowed, TooManyTokens,
    TokenNameTaken."""
    membership = TeamMember.objects.select_for_update().get(pk=membership.pk)
    if membership.state != TeamMember.State.ACTIVE:
        raise MembershipNotActive
    chosen = [scope for scope in Scope if scope in set(scopes)]
    if not chosen or not set(chosen) <= set(grantable_scopes(membership)):
        raise ScopeNotAllowed(field="scopes")
    taken = list(ApiToken.objects.filter(membership=membership, revoked_at__isnull=True).values_list("name", flat=True))
    if name in taken:
        raise TokenNameTaken(name)
    if len(taken) >= MOST_TOKENS:
        raise TooManyTokens
    text = API_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        membership=membership,
        name=name,
        token_hash=token_hash(text),
        scopes=chosen,
        expires_at=timezone.now() + timedelta(days=days),
    )
    audit_record(
        verb="api_token.create", subject=token, actor=actor, campaign_id=membership.campaign_id, days=days,
        scopes=[scope.value for scope in chosen],
    )  # fmt: skip
    return token, text


@transaction.atomic
def api_token_end(*, token: ApiToken, actor: User) -> ApiToken:
    """Revoke the token. Idempotent."""
    token = ApiToken.objects.select_for_update(of=("self",)).select_related("membership").get(pk=token.pk)
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at", "updated_at"])
        audit_record(verb="api_token.end", subject=token, actor=actor, campaign_id=token.membership.campaign_id)
    return token


def api_tokens_end_of(*, membership: TeamMember) -> int:
    """End all tokens of a membership that ends, so that none works if the person is invited again. Returns how
    many. The caller has the transaction and writes the audit row."""
    return ApiToken.objects.filter(membership=membership, revoked_at__isnull=True).update(revoked_at=timezone.now())


def api_token_used(*, token: ApiToken) -> None:
    """Record the use, at most once an hour; of many at once, one writes."""
    now = timezone.now()
    if token.last_used_at is not None and token.last_used_at > now - USED_EVERY:
        return
    ApiToken.objects.filter(pk=token.pk, last_used_at=token.last_used_at).update(last_used_at=now)
