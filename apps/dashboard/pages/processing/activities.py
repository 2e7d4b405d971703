"""What a campaign processes personal data for: of whom, which, and of how many it has some now."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign, TeamMember
from apps.coalitions.models import AddressMail, Invitation, SignOn
from apps.coalitions.models.sign_on_fields import CONSENTS, ERASED, TYPED
from apps.coalitions.models.sign_ons import SignOnQuerySet
from apps.coalitions.selectors.calls import campaign_calls
from apps.core.text import joined
from apps.governments.models import Correction, Recipient
from apps.letters.models import GuestLink


@dataclass(frozen=True)
class Activity:
    """A purpose, whose data it takes, which, and of how many people or forms there are some now."""

    purpose: str
    people: str
    data: str
    held: int


def activities(campaign: Campaign) -> list[Activity]:
    """Those for which the campaign has data, or asks for them."""
    return [activity for found in ACTIVITIES for activity in found(campaign)]


def _signing(campaign: Campaign) -> Iterator[Activity]:
    fields = _fields_asked(campaign)
    if not fields:
        return
    yield Activity(
        _("Collect signatures, and give the letter with the list of signatories to governments"),
        _("People who sign, also for an organisation"),
        _("From the form: %(fields)s. Emails, questions and answers, and what shows a signature on paper or by email.")
        % {"fields": joined(fields)},
        _signed(campaign).count(),
    )


def _fields_asked(campaign: Campaign) -> list[str]:
    """The labels of personal fields that a form of the campaign asks, but for those of `_consented`."""
    calls = list(campaign_calls(campaign))
    return [
        str(field.label)
        for field in TYPED
        for kinds in [field.personal & field.asked_of]
        if field not in CONSENTS
        and any(field.name not in call.unasked_fields and any(map(call.is_open_to, kinds)) for call in calls)
    ]


def _signed(campaign: Campaign) -> SignOnQuerySet:
    return SignOn.objects.filter(campaign=campaign).exclude(email_hash__startswith=ERASED).order_by()


def _consented(campaign: Campaign) -> Iterator[Activity]:
    ticked = {field.name: Count("pk", filter=Q((field.name, True))) for field in CONSENTS}
    any_of_them = Q(*((field.name, True) for field in CONSENTS), _connector=Q.OR)
    found = _signed(campaign).filter(any_of_them).standing().aggregate(held=Count("pk"), **ticked)
    if found["held"]:
        yield Activity(
            _("Email signers who asked for it"),
            _("Signers who ticked a sentence of the form"),
            joined(f"“{field.label}” ({found[field.name]})" for field in CONSENTS if found[field.name]),
            found["held"],
        )


def _inviting(campaign: Campaign) -> Iterator[Activity]:
    held = Invitation.objects.filter(campaign=campaign).exclude(email_hash__startswith=ERASED).count()
    if held:
        yield Activity(
            _("Invite organisations to sign"),
            _("Contact persons of organisations"),
            _("Organisation, contact person, email address, country, and whether they answered"),
            held,
        )


def _writing(campaign: Campaign) -> Iterator[Activity]:
    held = Recipient.objects.filter(campaign=campaign).count()
    if held:
        yield Activity(
            _("Write to governments, and record what they answer"),
            _("Ministers and officials"),
            _("Name, post, addresses, telephone and language; letters, answers and notes about contacts"),
            held,
        )


def _correcting(campaign: Campaign) -> Iterator[Activity]:
    held = Correction.objects.filter(campaign=campaign, forgotten_at=None).count()
    if held:
        yield Activity(
            _("Correct the list of recipients"),
            _("People who propose a correction"),
            _("What they wrote, and their email address if they gave it"),
            held,
        )


def _working(campaign: Campaign) -> Iterator[Activity]:
    team = TeamMember.objects.filter(campaign=campaign).count()
    yield Activity(
        _("Work on the campaign together"),
        _("The team, and guests who comment on letters"),
        _("Name, email address, roles, sign-ins, and what each did"),
        team + GuestLink.objects.filter(letter__campaign=campaign).count(),
    )


def _limiting(_campaign: Campaign) -> Iterator[Activity]:
    """For all campaigns of the installation."""
    yield Activity(
        _("Stop automated forms and too many emails"),
        _("Everybody who sends a form"),
        _("The IP address, as a code, for an hour; the email address, as a code, for a day"),
        AddressMail.objects.values("email_hash").distinct().count(),
    )


ACTIVITIES: list[Callable[[Campaign], Iterator[Activity]]] = [
    _signing, _consented, _inviting, _writing, _correcting, _working, _limiting,
]  # fmt: skip
