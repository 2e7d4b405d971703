"""The progress of a campaign in stages, from texts to answers."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext, pgettext

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOn
from apps.coalitions.selectors.calls import main_letter, newest_call
from apps.coalitions.selectors.signatory_counts import version_counts
from apps.core.text import joined
from apps.core.times import written_day
from apps.governments.models import Recipient, RecipientAddress
from apps.governments.selectors import members_on
from apps.letters.models import LetterVersion
from apps.letters.selectors.drafts import texts_with_state
from apps.outreach.models import Delivery
from apps.outreach.pages.contacts import contact_figures
from apps.outreach.selectors.mail_conditions import arrived, came_back
from apps.postbox.models import MessageState


@dataclass(frozen=True)
class Stage:
    """`say` has the numbers in words, `parts` as a bar."""

    label: str
    say: str
    url: str
    whole: int = 0
    parts: list[tuple[str, int, int]] = field(default_factory=list)


#: the length of every bar, so that patterns keep their size
LENGTH = 300


def bar(whole: int, *parts: tuple[str, int]) -> list[tuple[str, int, int]]:
    """(class, x, width) of each part that is not empty, on a bar of LENGTH for `whole`."""
    placed, counted = [], 0
    for css, number in parts:
        start, end = (round(LENGTH * edge / whole) if whole else 0 for edge in (counted, counted + number))
        if number:
            placed.append((css, start, max(end - start, 1)))
        counted += number
    return placed


def progress_stages(campaign: Campaign, day: date) -> list[Stage]:
    return [_approved(campaign), _signed(campaign), _reachable(campaign, day), _sent(campaign), _answered(campaign)]


def countdown_text(campaign: Campaign) -> str:
    today = campaign.venue_today()
    left = (campaign.starts_on - today).days
    if left > 0:
        return ngettext("%d day until the conference opens.", "%d days until the conference opens.", left) % left
    if today <= campaign.ends_on:
        return _("The conference is on, until %(day)s.") % {"day": written_day(campaign.ends_on)}
    return _("The conference ended on %(day)s.") % {"day": written_day(campaign.ends_on)}


def _approved(campaign: Campaign) -> Stage:
    texts = list(texts_with_state().filter(letter__campaign=campaign, letter__closed_at__isnull=True).defer("body"))
    approved = sum(text.approved for text in texts)
    versions = LetterVersion.objects.filter(letter__campaign=campaign).count()
    said = ngettext("%(a)d of %(n)d text approved", "%(a)d of %(n)d texts approved", len(texts))
    frozen = ngettext("%d version frozen", "%d versions frozen", versions) % versions
    say = joined([said % {"a": approved, "n": len(texts)}, frozen]) if texts else _("No letter has been started")
    parts = bar(len(texts), ("bar-ok", approved))
    return Stage(
        pgettext("stage of a campaign", "Approved"),
        say,
        reverse("letters:index", args=[campaign.slug]),
        len(texts),
        parts,
    )


def _signed(campaign: Campaign) -> Stage:
    url = reverse("sign_on:index", args=[campaign.slug])
    letter = main_letter(campaign, embargoed=True)
    call = newest_call(letter, embargoed=True) if letter is not None else None
    if letter is None or call is None:
        return Stage(pgettext("stage of a campaign", "Signed"), _("No letter is open for signature"), url)
    counts = version_counts(call.version)
    pending = SignOn.objects.filter(letter=letter, state=SignOn.State.PENDING).count()
    whole = counts.total + pending
    organisations = ngettext("%d organisation", "%d organisations", counts.organisations) % counts.organisations
    people = ngettext("%d person", "%d people", counts.people) % counts.people
    countries = npgettext("after “from”", "%d country", "%d countries", counts.countries) % counts.countries
    values = {"organisations": organisations, "people": people, "countries": countries, "pending": pending}
    sentence = _("%(organisations)s and %(people)s from %(countries)s; %(pending)d not confirmed")
    if not counts.countries:
        sentence = _("%(organisations)s and %(people)s; %(pending)d not confirmed")
    say = sentence % values
    return Stage(
        pgettext("stage of a campaign", "Signed"),
        say,
        url,
        whole,
        bar(whole, ("bar-ink", counts.total), ("bar-warn", pending)),
    )


def _reachable(campaign: Campaign, day: date) -> Stage:
    members = members_on(day).count()
    usable = RecipientAddress.objects.usable()
    recipients = Recipient.objects.filter(campaign=campaign, active=True, addresses__in=usable)
    reachable = members_on(day).filter(pk__in=recipients.values("office__member")).count()
    values = {"some": reachable, "all": members, "rest": members - reachable}
    say = ngettext(
        "%(some)d of %(all)d government, %(rest)d without an address",
        "%(some)d of %(all)d governments, %(rest)d without an address",
        members,
    )
    say %= values
    url = reverse("dashboard:governments", args=[campaign.slug]) + "?recipients=unreachable"
    return Stage(_("Has a recipient"), say, url, members, bar(members, ("bar-ok", reachable)))


def _sent(campaign: Campaign) -> Stage:
    found = Delivery.objects.filter(dispatch__campaign=campaign, message__isnull=False).aggregate(
        all=Count("pk"),
        accepted=Count("pk", filter=arrived()),
        bounced=Count("pk", filter=came_back()),
        doubt=Count("pk", filter=Q(message__state=MessageState.IN_DOUBT)),
    )
    say = ngettext(
        "%(accepted)d of %(all)d letter accepted, %(doubt)d in doubt, %(bounced)d bounced",
        "%(accepted)d of %(all)d letters accepted, %(doubt)d in doubt, %(bounced)d bounced",
        found["all"],
    )
    parts = bar(found["all"], ("bar-ok", found["accepted"]), ("bar-bad", found["bounced"]), ("bar-ink", found["doubt"]))
    say = say % found if found["all"] else _("No letter has been sent")
    return Stage(
        pgettext("stage of a campaign", "Sent"),
        say,
        reverse("outreach:index", args=[campaign.slug]),
        found["all"],
        parts,
    )


def _answered(campaign: Campaign) -> Stage:
    figures = contact_figures(campaign)
    answered = figures["answered"]
    reached = answered + figures["unanswered"]
    say = ngettext(
        "%(some)d of %(all)d government that was reached",
        "%(some)d of %(all)d governments that were reached",
        reached,
    )
    url = reverse("outreach:contacts", args=[campaign.slug]) + "?show=answered"
    say = say % {"some": answered, "all": reached} if reached else _("No government has been reached yet")
    return Stage(pgettext("stage of a campaign", "Answered"), say, url, reached, bar(reached, ("bar-ink", answered)))
