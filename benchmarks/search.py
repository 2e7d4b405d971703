"""Suggestions of the search of the team, among a million signatures, 100,000 organisations and 100,000 answers."""

import time
from collections.abc import Iterator
from statistics import median

from django.db import connection
from django.utils import timezone, translation

from apps.campaigns.models import TeamMember
from apps.coalitions.models import Organisation, SignOnCall
from apps.core.search_query import SearchQuery
from apps.dashboard.pages.search import suggestions
from apps.governments.models import Member
from apps.outreach.models import Reply
from apps.outreach.services.preparation import dispatch_prepare
from apps.postbox.models import InboundMail
from tests.factories.governments import make_recipient

from .measuring import Line
from .signing_world import add_signatures, make_open_call

NEEDS_DATABASE = True
SIGNATURES, ORGANISATIONS, ANSWERS, RECIPIENTS = 1_000_000, 100_000, 100_000, 800
#: seconds that a suggestion may take
PATIENCE = 0.1
#: what is typed: the beginning and the middle of a name, a common word, nobody's name, a government, a number, a typo
TYPED = {
    "beginning": "signer ab12",
    "middle": "ab12cd",
    "common": "signer",
    "nothing": "qwxzjk",
    "government": "kenya",
    "number": "7",
    "typo": "kenia",
    "address": "somebody@signers.example",
}


def run() -> Iterator[Line]:
    with translation.override("en"):
        call = make_open_call()
        add_signatures(call, 1, SIGNATURES)
        add_organisations(call)
        add_answers(call)
        member = TeamMember.objects.select_related("campaign", "user").get(user__name="Bench coordinator")
        for name, typed in TYPED.items():
            yield suggested(member, name, SearchQuery.parse(typed))


def suggested(member: TeamMember, name: str, query: SearchQuery) -> Line:
    """The median of some suggestions, beside PATIENCE."""
    suggestions(member, query)
    took = []
    for _ in range(9):
        started = time.perf_counter()
        suggestions(member, query)
        took.append(time.perf_counter() - started)
    seconds = median(took)
    return Line(f"search.{name}", 1, PATIENCE / seconds, 1 / seconds, 1 / PATIENCE)


def add_organisations(call: SignOnCall) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO coalitions_organisation (created_at, updated_at, campaign_id, name, name_key, name_english,"
            " acronym, kind, country, website) SELECT now(), now(), %s, 'Union ' || md5(n::text),"
            " 'union ' || md5(n::text), '', 'U' || n, 'union', 'KE', '' FROM generate_series(1, %s) n",
            [call.campaign_id, ORGANISATIONS],
        )
        cursor.execute(f"VACUUM ANALYZE {Organisation._meta.db_table}")


def add_answers(call: SignOnCall) -> None:
    """Of all governments in turn, to one letter; with recipients in all."""
    members = list(Member.objects.order_by("pk"))
    for number in range(RECIPIENTS):
        place = members[number % len(members)]
        recipient = make_recipient(call.campaign, place, f"Post {number}", f"post{number}@trade.example", name="A Name")
    dispatch = dispatch_prepare(version=call.version, actor=call.opened_by)
    delivery = dispatch.deliveries.get(recipient=recipient)
    text = "We thank you for your letter, which has our full attention. " * 20
    mails = InboundMail.objects.bulk_create(
        (
            InboundMail(
                sha256=f"{number:064x}", raw=b"", size=0, kind="reply", sender=f"p{number}@trade.example",
                subject=f"Re: letter {number}", text=text,
            )
            for number in range(ANSWERS)
        ),
        batch_size=5_000,
    )  # fmt: skip
    Reply.objects.bulk_create(
        (
            Reply(
                campaign=call.campaign, delivery=delivery, member=members[number % len(members)], mail=mail,
                kind="reply", received_at=timezone.now(),
            )
            for number, mail in enumerate(mails)
        ),
        batch_size=5_000,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {Reply._meta.db_table}, {InboundMail._meta.db_table}")
