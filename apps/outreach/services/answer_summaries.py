"""Publishing what a government answered, in words that a person of the campaign is responsible for."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.campaigns.roles import Permission
from apps.campaigns.selectors import has_permission
from apps.core.audit import audit_record
from apps.core.errors import Conflict
from apps.core.page_cache import pages_drop

from ..models import AnswerSummary, Reply
from .exceptions import NotEntitled


class NotAnAnswer(Conflict):
    default_message = _("Nothing was published: this email is no longer filed as an answer. Change its kind first.")


@transaction.atomic
def answer_summary_publish(*, reply: Reply, actor: User, text: str, language: str) -> AnswerSummary:
    """Show these words on the letter's public page, in place of earlier ones. Raises NotEntitled, NotAnAnswer."""
    locked = _locked(reply, actor)
    if locked.kind != Reply.Kind.REPLY:
        raise NotAnAnswer
    words = {"text": text, "language": language, "published_by": actor, "published_at": timezone.now()}
    summary, _new = AnswerSummary.objects.update_or_create(reply=locked, defaults=words)
    audit_record(verb="answer_summary.publish", subject=locked, actor=actor, member=locked.member.code)
    pages_drop()
    return summary


@transaction.atomic
def answer_summary_remove(*, reply: Reply, actor: User) -> bool:
    """Take it off the public page. Returns whether there was one. Raises NotEntitled."""
    locked = _locked(reply, actor)
    removed = bool(AnswerSummary.objects.filter(reply=locked).delete()[0])
    if removed:
        audit_record(verb="answer_summary.remove", subject=locked, actor=actor, member=locked.member.code)
        pages_drop()
    return removed


def _locked(reply: Reply, actor: User) -> Reply:
    if not has_permission(reply.campaign, actor, Permission.MANAGE):
        raise NotEntitled
    return Reply.objects.select_for_update(of=("self",)).select_related("member").get(pk=reply.pk)
