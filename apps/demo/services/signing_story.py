"""Who signed the demonstration's letters, and what moderators decided."""

from datetime import datetime, timedelta
from functools import partial

from apps.campaign_files.schema import Entry
from apps.campaigns.roles import Role
from apps.coalitions.models import SignOn
from apps.coalitions.services.confirmation import sign_on_confirm
from apps.coalitions.services.moderation import sign_on_accept, sign_on_ask, sign_on_reject
from apps.coalitions.services.signer_changes import sign_on_withdraw
from apps.coalitions.services.submission import sign_on_submit

from .story import Story

#: every third wants to hear of answers, every fifth of other letters
WANT_ANSWERS, WANT_LETTERS = 3, 5


def signatories_tell(*, story: Story, signatories: Entry) -> None:
    rows = [(SignOn.Kind.ORGANISATION, row) for row in signatories["organisations"]]
    rows += [(SignOn.Kind.PERSON, row) for row in signatories["people"]]
    for number, (kind, row) in enumerate(rows):
        for key, written in row["signed"].items():
            at = story.moment(written)
            story.at(at, partial(_sign, story, key, _typed(kind, row, number), row, at, number))


def _typed(kind: str, row: Entry, number: int) -> SignOn:
    """What is filled in, as the form makes it."""
    sign_on = SignOn(
        kind=kind, country=row["country"], visibility=row.get("visibility", "public"),
        language=row.get("language", "en"), email=row.get("mail") or f"office@{row['site']}",
        person_name=row.get("person", row["name"]), wants_answers=number % WANT_ANSWERS == 0,
        wants_letters=number % WANT_LETTERS == 0,
    )  # fmt: skip
    if kind == SignOn.Kind.ORGANISATION:
        sign_on.org_name, sign_on.org_kind, sign_on.person_post = row["name"], row["kind"], row["post"]
        sign_on.org_name_english, sign_on.org_acronym = row.get("english", ""), row.get("acronym", "")
        sign_on.org_website, sign_on.org_members = f"https://{row['site']}/", row.get("members")
        sign_on.authorised = True
    return sign_on


def _sign(story: Story, key: str, typed: SignOn, row: Entry, at: datetime, number: int) -> None:
    submitted = sign_on_submit(call=story.calls[key], typed=typed)
    if row.get("then") != "unconfirmed":
        read = timedelta(minutes=3 + number * 7 % 50)
        story.at(at + read, partial(_confirm, story, submitted.token, row, at + read, number))


def _confirm(story: Story, token: str, row: Entry, at: datetime, number: int) -> None:
    sign_on = sign_on_confirm(token=token).sign_on
    decide = {"asked": _ask, "rejected": _reject, "waiting": None}.get(row.get("then", ""), _accept)
    looked = at + timedelta(hours=1 + number % 6, minutes=number * 11 % 60)
    if decide is not None and (sign_on.moderation == SignOn.Moderation.WAITING or decide is not _accept):
        story.at(looked, partial(decide, story, sign_on, row))
    if row.get("then") == "withdrawn":
        story.at(looked + timedelta(days=2), lambda: sign_on_withdraw(sign_on=sign_on))


def _accept(story: Story, sign_on: SignOn, row: Entry) -> None:
    sign_on_accept(sign_on=sign_on, actor=story.person(Role.DATA_OFFICER))


def _ask(story: Story, sign_on: SignOn, row: Entry) -> None:
    sign_on_ask(sign_on=sign_on, actor=story.person(Role.DATA_OFFICER), question=row["question"])


def _reject(story: Story, sign_on: SignOn, row: Entry) -> None:
    sign_on_reject(sign_on=sign_on, actor=story.person(Role.DATA_OFFICER), reason=row["reason"])
