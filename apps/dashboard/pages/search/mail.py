"""Answers, mailings and the letters in them, among what a search found."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from apps.campaigns.roles import Permission
from apps.core.search_query import Rank
from apps.core.times import written_day
from apps.outreach.models import Reply
from apps.outreach.selectors.mail_search import deliveries_matching, dispatches_matching, replies_matching

from .hits import Hit, Search, State

ANSWERED: State = ("ok", "sent", pgettext_lazy("incoming email", "We answered"))
DONE: State = ("ok", "ok", pgettext_lazy("incoming email", "Dealt with"))
REPLY: State = ("ok", "reply", Reply.Kind.REPLY.label)
AUTOMATIC: State = ("idle", "clock", Reply.Kind.AUTO_REPLY.label)
DISPATCH_TONES = {"prepared": ("warn", "clock"), "authorised": ("ink", "sent"), "paused": ("warn", "clock"),
                  "finished": ("ok", "ok"), "cancelled": ("idle", "bad"), "expired": ("bad", "clock")}  # fmt: skip


def answer_hits(search: Search) -> list[Hit]:
    """Of the governments that the words name, and for people who may see contact data those with the words."""
    sees = search.membership.may(Permission.SEE_CONTACTS)
    hits = []
    for rank, reply in replies_matching(search.membership, search.query, search.named_members, search.most):
        letter = reply.delivery.dispatch.letter
        about = _("Letter %(number)s") % {"number": letter.number}
        details = (reply.mail.subject if sees else "", about, written_day(reply.received_at.date()))
        title = _("Answer, %(government)s") % {"government": reply.member.name_in(search.language)}
        url = search.url("outreach:mail", reply.mail_id)
        hits.append(Hit(rank, title, url, tuple(filter(None, details)), _state(reply)))
    return hits


def _state(reply: Reply) -> State:
    if getattr(reply, "was_answered", False):
        return ANSWERED
    if getattr(getattr(reply.mail, "triage", None), "closed_at", None):
        return DONE
    return REPLY if reply.kind == Reply.Kind.REPLY else AUTOMATIC


def mailing_hits(search: Search) -> list[Hit]:
    """Mailings; then letters in them, by their number or the id of their message."""
    hits = []
    for rank, row in dispatches_matching(search.membership, search.query, search.most):
        values = {"number": row.letter.number, "version": row.version.number}
        details = row.letter.title, _("Letter %(number)s, version %(version)s") % values
        state: State = (*DISPATCH_TONES[row.state], row.get_state_display())
        title = _("Mailing %(number)s") % {"number": row.pk}
        hits.append(Hit(rank, title, search.url("outreach:dispatch", row.pk), details, state))
    for delivery in deliveries_matching(search.membership, search.query):
        member, recipient = delivery.member.name_in(search.language), delivery.recipient
        title = _("Letter to %(member)s") % {"member": member}
        number = _("Mailing %(number)s, letter %(letter)s") % {"number": delivery.dispatch_id, "letter": delivery.pk}
        url = search.url("outreach:delivery", delivery.dispatch_id, delivery.pk)
        hits.append(Hit(Rank.EXACT, title, url, (recipient.post, number)))
    return sorted(hits, key=lambda hit: hit.rank)[: search.most]
