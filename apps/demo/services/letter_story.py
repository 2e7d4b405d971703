"""The letters of the demonstration: drafted, approved, frozen, opened for signature and sent."""

from datetime import timedelta
from functools import partial

from apps.campaign_files.schema import Entry
from apps.campaigns.roles import Role
from apps.coalitions.models import SignOnCall
from apps.coalitions.selectors.calls import call_fingerprint
from apps.coalitions.services.calls import sign_on_call_change, sign_on_call_open
from apps.coalitions.services.closing_times import calls_close_due
from apps.governments.models import Group
from apps.letters.models import LetterTemplate
from apps.letters.services.approvals import letter_text_approve, letter_text_ask_review
from apps.letters.services.drafts import letter_create
from apps.letters.services.languages import Start, letter_text_add
from apps.letters.services.versions import letter_version_freeze
from apps.outreach.models import Dispatch
from apps.outreach.selectors.dispatch_criteria import Criteria
from apps.outreach.sending_terms import Terms
from apps.outreach.services.authorisation import dispatch_authorise
from apps.outreach.services.deliveries import dispatches_advance
from apps.outreach.services.preparation import dispatch_prepare

from .story import Story

SOON = timedelta(minutes=1)


def letters_tell(*, story: Story, letters: list[Entry]) -> None:
    for entry in letters:
        for step, act in (
            ("drafted", _draft), ("review_asked", _ask_review), ("approved", _approve), ("frozen", _freeze),
        ):  # fmt: skip
            if step in entry:
                story.at(story.moment(entry[step]), partial(act, story, entry))
        if "call" in entry:
            call = entry["call"]
            story.at(story.moment(call["opens"]), partial(_open, story, entry))
            story.at(story.moment(call["closes"]) + SOON, calls_close_due)
            if "looked_at_from" in call:
                story.at(story.moment(call["looked_at_from"]), partial(_look_at_all, story, entry))
        for mailing in entry.get("mailings", []):
            _tell_mailing(story, entry["key"], mailing)


def _draft(story: Story, entry: Entry) -> None:
    drafter, campaign = story.person(Role.DRAFTER), story.campaign
    templates = {row.language: row for row in LetterTemplate.objects.filter(campaign=campaign, key=entry["template"])}
    original, *others = entry["languages"]
    letter = story.letters[entry["key"]] = letter_create(
        campaign=campaign, actor=drafter, template=templates[original],
        title=entry.get("title", templates[original].title), to_all=entry.get("to_all", False),
        groups=Group.objects.filter(slug__in=list(entry.get("groups", []))),
    )  # fmt: skip
    for language in others:
        letter_text_add(
            letter=letter, actor=drafter, language=language, start=Start.TEMPLATE, template=templates[language]
        )


def _ask_review(story: Story, entry: Entry) -> None:
    for text in story.letters[entry["key"]].texts.order_by("pk"):
        letter_text_ask_review(text=text, actor=story.person(Role.DRAFTER))


def _approve(story: Story, entry: Entry) -> None:
    for text in story.letters[entry["key"]].texts.order_by("pk"):
        letter_text_approve(text=text, actor=story.person(Role.REVIEWER), sha256=text.sha256)


def _freeze(story: Story, entry: Entry) -> None:
    letter = story.letters[entry["key"]]
    story.versions[entry["key"]] = letter_version_freeze(letter=letter, actor=story.person(Role.REVIEWER))


def _open(story: Story, entry: Entry) -> None:
    call = entry["call"]
    story.calls[entry["key"]] = sign_on_call_open(
        version=story.versions[entry["key"]], actor=story.person(Role.COORDINATOR), opens_at=None,
        closes_at=story.moment(call["closes"]),
        deliver_on=story.day(call["deliver_in"]) if "deliver_in" in call else None, moderation=call["moderation"],
    )  # fmt: skip


def _look_at_all(story: Story, entry: Entry) -> None:
    call = story.calls[entry["key"]]
    story.calls[entry["key"]] = sign_on_call_change(
        call=call, actor=story.person(Role.COORDINATOR), seen=call_fingerprint(call),
        moderation=SignOnCall.Moderation.ALL,
    )  # fmt: skip


def _tell_mailing(story: Story, key: str, mailing: Entry) -> None:
    prepared: list[Dispatch] = []

    def prepare() -> None:
        dispatch = dispatch_prepare(
            version=story.versions[key], actor=story.person(Role.SENDER),
            criteria=Criteria(members=tuple(mailing["members"])),
            terms=Terms(ends_at=story.moment(mailing["ends"])) if "ends" in mailing else None,
        )  # fmt: skip
        prepared.append(dispatch)

    def authorise() -> None:
        [dispatch] = prepared
        dispatch_authorise(
            dispatch=dispatch, actor=story.person(Role.COORDINATOR), typed_count=dispatch.deliveries.count(),
            plan=dispatch.plan,
        )  # fmt: skip

    story.at(story.moment(mailing["prepared"]), prepare)
    if "authorised" in mailing:
        at = story.moment(mailing["authorised"])
        story.at(at, authorise)
        story.at(at + SOON, dispatches_advance)
        story.at(at + 2 * SOON, story.deliver)
        story.at(at + 3 * SOON, dispatches_advance)  # the letters have left: the mailing is finished
