"""What was chosen for a mailing, in words, and what a choice gives in numbers."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign
from apps.core.language_names import language_label
from apps.core.text import joined
from apps.core.times import campaign_time, reader_time, written_clock, written_day
from apps.governments.forms.fields import KINDS
from apps.governments.models import Group, Member, Recipient
from apps.governments.pages.stance_labels import STANCES

from ..models import Dispatch, Exclusion
from ..selectors.dispatch_criteria import Criteria
from ..selectors.dispatch_plan import Plan, PlannedExclusion
from ..selectors.unanswered import EVER
from ..sending_terms import Terms
from .dispatch_rows import left_out_in_words


@dataclass(frozen=True)
class Count:
    """What a plan has: (language, letters), and (reason, how many are left out for it)."""

    letters: int
    governments: int
    copies: int
    languages: list[tuple[str, int]]
    left_out: list[tuple[str, str]]


def plan_count(plan: Plan) -> Count:
    languages = Counter(planned.language for planned in plan.deliveries)
    reasons: dict[str, list[PlannedExclusion]] = {}
    for left in plan.exclusions:
        reasons.setdefault(left.reason, []).append(left)
    return Count(
        letters=len(plan.deliveries),
        governments=len({planned.member.pk for planned in plan.deliveries}),
        copies=sum(planned.copy_of is not None for planned in plan.deliveries),
        languages=[(language_label(code), n) for code, n in languages.most_common()],
        left_out=[
            (str(Exclusion.Reason(reason).label), left_out_in_words(rows))
            for reason, rows in sorted(reasons.items(), key=lambda entry: -len(entry[1]))
        ],
    )


def criteria_in_words(dispatch: Dispatch) -> list[tuple[str, str]]:
    """(what, which) of each criterion that is kept with the mailing."""
    kept = Criteria.of(dispatch.criteria)
    said = [
        (_("Already written to"), _written(kept)),
        (_("Not answered"), _unanswered(kept)),
        (_("In these groups"), joined(_labels(Group.objects.filter(slug__in=kept.groups), "label"))),
        (_("With these positions"), joined(str(STANCES[stance]) for stance in kept.stances if stance in STANCES)),
        (_("Positions as of"), written_day(date.fromisoformat(kept.stance_day)) if kept.stance_day else ""),
        (_("Governments listed"), joined(_labels(Member.objects.filter(code__in=kept.members), "name"))),
        (_("Recipients chosen"), _recipients(kept.recipients)),
        (_("Written to in"), joined(language_label(code) for code in kept.languages)),
        (_("Letters go to"), _offices(kept.offices)),
        (_("Copies go to"), _offices(kept.copies)),
        (_("In each kind of office"), _("The first recipient who can get it") if kept.first_only else ""),
        (_("No text in their language"), _("They are left out") if kept.own_language_only else ""),
    ]
    return [(what, which) for what, which in said if which]


def _labels(rows: Iterable[Group] | Iterable[Member], field: str) -> list[str]:
    return sorted(str(getattr(row, field)) for row in rows)


def _recipients(ids: tuple[int, ...]) -> str:
    rows = Recipient.objects.filter(pk__in=ids).select_related("office__member") if ids else []
    return joined(f"{row.office.member.name}, {row.post}" for row in rows)


def _offices(kinds: tuple[str, ...]) -> str:
    return joined(str(label) for kind, label in KINDS if kind in kinds)


def _written(kept: Criteria) -> str:
    words = {
        "letter": _("Left out if they have any letter of this number"),
        "ever": _("Left out if they have any letter of this campaign"),
    }
    return words.get(kept.not_written, "")


def mailing_label(dispatch: Dispatch) -> str:
    """Which mailing it is, for those who know several."""
    return _("Mailing of %(time)s: letter %(letter)d, version %(version)d") % {
        "time": reader_time(dispatch.authorised_at or dispatch.prepared_at, dispatch.campaign),
        "letter": dispatch.letter.number,
        "version": dispatch.version.number,
    }


def _unanswered(kept: Criteria) -> str:
    if kept.unanswered in {"", EVER}:
        return _("Those that were reached and have never answered") if kept.unanswered else ""
    found = Dispatch.objects.select_related("campaign", "letter", "version").get(pk=kept.unanswered)
    return _("Those that have not answered since: %(mailing)s") % {"mailing": mailing_label(found)}


def terms_in_words(terms: Terms, campaign: Campaign, ends: datetime | str = "") -> list[tuple[str, str]]:
    """(what, which) of when and how the letters leave. `ends`: where no end was chosen. Moments in the campaign's
    zone, and in the reader's where its clock shows another time."""
    said = [
        (_("Sending begins"), _both(terms.send_at, campaign) or _("As soon as it is authorised")),
        (
            _("Sending ends at the latest"),
            _both(terms.ends_at, campaign) or (ends if isinstance(ends, str) else _both(ends, campaign)),
        ),
        (_("Quiet hours"), _quiet(terms.quiet_from, terms.quiet_until)),
        (_("Letters per hour, at most"), str(terms.per_hour or "")),
        (_("Letters per hour to one email domain, at most"), str(terms.per_domain or "")),
        (_("The letter as PDF"), _("As a link in the email") if terms.pdf_linked else _("Attached to the email")),
    ]
    return [(what, which) for what, which in said if which]


def _both(moment: datetime | None, campaign: Campaign) -> str:
    if moment is None:
        return ""
    words = campaign_time(moment, campaign)
    if moment.astimezone(timezone.get_current_timezone()).utcoffset() == _campaign_offset(moment, campaign):
        return words
    return _("%(campaign)s; for you %(reader)s") % {"campaign": words, "reader": reader_time(moment, campaign)}


def _campaign_offset(moment: datetime, campaign: Campaign) -> timedelta | None:
    return moment.astimezone(ZoneInfo(campaign.time_zone)).utcoffset()


def _quiet(first: time | None, last: time | None) -> str:
    if first is None or last is None:
        return ""
    values = {"first": written_clock(first), "last": written_clock(last)}
    return _("%(first)s to %(last)s on the recipient’s clock") % values
