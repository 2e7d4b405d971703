"""The tour: for each role what it does, and one thing to try at the place where that can be done now."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.campaigns.models import Campaign, TeamMember
from apps.campaigns.roles import Role
from apps.core.types import Label
from apps.letters.models import Letter, LetterText, LetterVersion
from apps.outreach.models import Dispatch, ReplyPosition

from ..models import TourClosed


@dataclass(frozen=True)
class TourStop:
    """`role` and its `label`, what it `does`, what to `try`, and the words and address of the link to that place."""

    role: str
    label: Label
    does: Label
    to_try: Label
    link: Label
    url: str
    person: User | None = None


def stop_of(member: TeamMember) -> TourStop:
    """That of the person's first role."""
    return _stop(member.campaign, Role(member.roles[0]), member.user)


def tour_stops(campaign: Campaign) -> list[TourStop]:
    """One for each role, with the first person who has it."""
    team = TeamMember.objects.filter(campaign=campaign, state=TeamMember.State.ACTIVE).select_related("user")
    people = {role: member.user for member in team.order_by("-pk") for role in member.roles}
    return [_stop(campaign, role, people.get(role)) for role in Role]


def is_closed(user: User) -> bool:
    return TourClosed.objects.filter(user=user).exists()


def _stop(campaign: Campaign, role: Role, person: User | None) -> TourStop:
    does, to_try, link, place = STOPS[role]
    return TourStop(role, role.label, does, to_try, link, place(campaign), person)


def _mailing_to_authorise(campaign: Campaign) -> str:
    waiting = Dispatch.objects.filter(campaign=campaign, state=Dispatch.State.PREPARED).order_by("-pk").first()
    if waiting is None:
        return reverse("outreach:index", args=[campaign.slug])
    return reverse("outreach:dispatch", args=[campaign.slug, waiting.pk])


def _draft(campaign: Campaign) -> str:
    frozen = LetterVersion.objects.filter(letter=OuterRef("pk"))
    asked = LetterText.objects.filter(letter=OuterRef("pk"), review_asked_at__isnull=False)
    drafts = Letter.objects.filter(campaign=campaign).exclude(Exists(frozen)).exclude(Exists(asked))
    draft = drafts.order_by("-number").first()
    if draft is None:
        return reverse("letters:index", args=[campaign.slug])
    return reverse("letters:workspace", args=[campaign.slug, draft.number])


def _text_to_review(campaign: Campaign) -> str:
    asked = LetterText.objects.filter(letter__campaign=campaign, review_asked_at__isnull=False)
    text = asked.select_related("letter").order_by("pk").first()
    if text is None:
        return reverse("letters:index", args=[campaign.slug])
    return reverse("letters:review", args=[campaign.slug, text.letter.number, text.language])


def _sent_mailing(campaign: Campaign) -> str:
    sent = Dispatch.objects.filter(campaign=campaign, state=Dispatch.State.FINISHED).order_by("-pk").first()
    if sent is None:
        return reverse("outreach:index", args=[campaign.slug])
    return reverse("outreach:dispatch", args=[campaign.slug, sent.pk])


def _moderation(campaign: Campaign) -> str:
    return reverse("sign_on:moderate", args=[campaign.slug])


def _government_that_answered(campaign: Campaign) -> str:
    said = ReplyPosition.objects.filter(reply__campaign=campaign, position__withdrawn_at=None)
    first = said.select_related("reply__member").order_by("pk").first()
    if first is None:
        return reverse("dashboard:governments_map", args=[campaign.slug])
    return reverse("dashboard:government", args=[campaign.slug, first.reply.member.code])


#: what the role does, what to try, the words of the link, and where it leads
STOPS: dict[Role, tuple[Label, Label, Label, Callable[[Campaign], str]]] = {
    Role.COORDINATOR: (
        _("You run the campaign: you open letters for signature, authorise sending and invite people."),
        _("Kenya’s two letters wait for a second person. Read who gets what, type the number and send them."),
        _("Open the mailing to Kenya"),
        _mailing_to_authorise,
    ),
    Role.DRAFTER: (
        _("You write letters from points whose figures have a source."),
        _("A draft is yours. Insert a point, cite a fact and watch its note appear. Then ask for review."),
        _("Open the draft"),
        _draft,
    ),
    Role.REVIEWER: (
        _("You read what others wrote. A text is sent only after you approved exactly that wording."),
        _("A letter to developed members waits for you. Read it, approve both languages and freeze a version."),
        _("Read the text that waits"),
        _text_to_review,
    ),
    Role.SENDER: (
        _("You prepare mailings and watch what becomes of each letter."),
        _("The first letter went to Africa. See who got it, which addresses failed and who answered."),
        _("Open the mailing that was sent"),
        _sent_mailing,
    ),
    Role.DATA_OFFICER: (
        _("You look after signatories: you check who signs, and hand out lists."),
        _("Some signatures wait. Accept one, ask about another, and find the organisation that signed twice."),
        _("Open moderation"),
        _moderation,
    ),
    Role.OBSERVER: (
        _("You read everything but contact data, and change nothing."),
        _("A government answered, and its position followed. Open “What happened” on its page to read the exchange."),
        _("Open the government’s page"),
        _government_that_answered,
    ),
}
