"""The report on letters that were sent."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from apps.campaigns.models import Campaign
from apps.outreach.models import Reply
from apps.outreach.services.preparation import dispatch_prepare
from apps.postbox.models import InboundMail
from tests.factories import make_member
from tests.factories.exports import take, wanted
from tests.factories.governments import make_recipient
from tests.factories.letters import make_version


@pytest.mark.django_db
def test_it_has_the_words_of_every_answer_for_the_team(campaign: Campaign, cast: Any) -> None:
    kenya = make_member()
    for post in ("Minister", "Ambassador"):
        make_recipient(campaign, kenya, post, f"{post.lower()}@ke.example")
    dispatch = dispatch_prepare(version=make_version(campaign, cast, kenya), actor=cast.coordinator)
    delivery = dispatch.deliveries.get(recipient__post="Minister")
    for day, text in ((3, "Then: no."), (2, "First: we have it.")):
        mail = InboundMail.objects.create(
            sha256=f"{day:064x}", raw=b"", size=0, kind="reply", sender="m@ke.example", subject="Re", text=text
        )
        Reply.objects.create(
            campaign=campaign, delivery=delivery, member=kenya, mail=mail, kind="reply",
            received_at=datetime(2017, 10, day, tzinfo=UTC),
        )  # fmt: skip
    choice = wanted("deliveries", "internal", "jsonl", columns=["post", "answer"])
    lines = take(campaign, cast.data_officer, choice)[1].splitlines()
    answers = {row["post"]: row["answer"] for row in map(json.loads, lines)}
    assert answers == {"Minister": "First: we have it.\n\nThen: no.", "Ambassador": None}
