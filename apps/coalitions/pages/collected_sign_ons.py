"""Pages of collected signatures: the list, and one of them with its evidence."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator

from apps.campaigns.models import TeamMember

from ..models import CollectedSignOn, SignOnCall, SignOnImport, WithdrawalRequest
from ..selectors.collected_sign_ons import (
    ANSWER_WITHIN,
    collected_rows,
    collection_calls,
    imports_to_take_back,
    mail_unanswered,
    to_accept,
    unfinished_imports,
)
from ..selectors.sign_ons import names_visible_to, sign_on_fingerprint
from ..services.signer_mails import MAIL_ORIGIN

PER_PAGE = 50


@dataclass(frozen=True)
class CollectedList:
    page: Page[CollectedSignOn]
    names: dict[int, str]
    waiting: int
    total: int
    calls: list[SignOnCall]
    imports: list[SignOnImport]
    #: those that can be taken back
    entered: list[SignOnImport]


@dataclass(frozen=True)
class CollectedPage:
    collected: CollectedSignOn
    name: str
    fingerprint: str
    #: how often and since when a mail has waited for an answer
    unanswered: bool
    acceptable_from: datetime | None
    #: whether the reader entered it
    own: bool
    requests: list[WithdrawalRequest]


def collected_list(membership: TeamMember, *, waiting_only: bool, number: int) -> CollectedList:
    rows = collected_rows(membership.campaign)
    waiting = to_accept(rows)
    page = Paginator(waiting if waiting_only else rows, PER_PAGE).get_page(number)
    names = names_visible_to(membership, [row.sign_on for row in page.object_list])
    return CollectedList(
        page=page, names=names, waiting=waiting.count(), total=rows.count(),
        calls=collection_calls(membership.campaign), imports=list(unfinished_imports(membership.campaign)),
        entered=list(imports_to_take_back(membership.campaign)),
    )  # fmt: skip


def collected_page(membership: TeamMember, collected: CollectedSignOn) -> CollectedPage:
    sign_on = collected.sign_on
    mailed = collected.mailed_at
    requests = sign_on.withdrawal_requests.select_related("entered_by", "evidence").defer("evidence__content")
    return CollectedPage(
        collected=collected,
        name=names_visible_to(membership, [sign_on])[sign_on.pk],
        fingerprint=sign_on_fingerprint(sign_on),
        unanswered=mail_unanswered(collected, MAIL_ORIGIN),
        acceptable_from=mailed + ANSWER_WITHIN if mailed else None,
        own=membership.user_id == collected.entered_by_id,
        requests=list(requests),
    )
