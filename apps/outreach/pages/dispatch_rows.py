"""The rows of a mailing that is not sent yet, folded: letters by region, those left out by reason."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from apps.campaigns.models import Campaign
from apps.core.language_names import language_label
from apps.core.text import joined
from apps.core.times import local_time, reader_time
from apps.governments.pages.stance_labels import NO_STANCE, STANCES

from ..models import Delivery, Dispatch, Exclusion
from ..selectors.dispatch_plan import PlannedExclusion
from ..selectors.plan_differences import fields_named
from ..sending_terms import Terms

#: the most rows with which a fold stands open
FEW = 12
#: status of an address → (tone, glyph, words)
ADDRESS_STATES = {
    "good": ("ok", "ok", pgettext_lazy("email address", "Delivers")),
    "bounced": ("bad", "bounce", gettext_lazy("Bounces")),
    "suppressed": ("bad", "bad", gettext_lazy("Reported our email as spam")),
    "retired": ("idle", "lock", pgettext_lazy("email address", "Retired")),
    "unverified": ("idle", "ring", pgettext_lazy("email address", "Not confirmed")),
}
#: reasons after which the detail is a name
NAMED = {Exclusion.Reason.MISSING_VALUE, Exclusion.Reason.NO_LANGUAGE}
#: of those not chosen, which is no problem
NOT_CHOSEN = {
    "other_first", "other_office", "other_group", "other_stance", "other_language", "not_listed", "written_to",
}  # fmt: skip


@dataclass(frozen=True)
class LetterRow:
    """One letter of the dry run. `leaves`: the first moment at which it may leave, on the recipient's clock."""

    delivery: Delivery
    tone: str
    glyph: str
    address_words: str
    leaves: str


@dataclass(frozen=True)
class FoldedRows[Row]:
    """`said` is how many governments, or recipients, the rows are."""

    title: str
    rows: list[Row]
    governments: int
    open: bool
    said: str = ""


def region_folds(deliveries: Iterable[Delivery], dispatch: Dispatch) -> list[FoldedRows[LetterRow]]:
    """By region of the world, in the order of their names."""
    terms, now = Terms.of(dispatch), timezone.now()
    found: dict[str, list[LetterRow]] = {}
    for delivery in deliveries:
        found.setdefault(delivery.member.region.partition("/")[0], []).append(
            _letter_row(delivery, dispatch, terms, now)
        )
    few = sum(map(len, found.values())) <= FEW
    return [_fold(name, rows, open=few) for name, rows in sorted(found.items())]


def _fold(title: str, rows: list[LetterRow], *, open: bool) -> FoldedRows[LetterRow]:
    return FoldedRows(title or _("No region"), rows, len({row.delivery.member_id for row in rows}), open)


def _letter_row(delivery: Delivery, dispatch: Dispatch, terms: Terms, now: datetime) -> LetterRow:
    tone, glyph, words = ADDRESS_STATES[delivery.address.status]
    zone = delivery.recipient.office.time_zone
    moment = terms.first_moment(now, zone)
    return LetterRow(delivery, tone, glyph, str(words), local_time(moment, ZoneInfo(zone), dispatch.campaign))


@dataclass(frozen=True)
class ExclusionLine:
    """Who gets no letter, why, and the link to correct it (`url` may be ""). `decide`: where a person may send it
    nevertheless."""

    exclusion: Exclusion
    why: str
    act: str
    url: str
    decide: str = ""


def reason_folds(lines: list["ExclusionLine"]) -> list[FoldedRows["ExclusionLine"]]:
    """By reason: what somebody can correct first and open, those not chosen last."""
    found: dict[str, list[ExclusionLine]] = {}
    for line in lines:
        found.setdefault(line.exclusion.reason, []).append(line)
    order = sorted(found.items(), key=lambda entry: (entry[0] in NOT_CHOSEN, -len(entry[1])))
    return [
        FoldedRows(
            str(Exclusion.Reason(reason).label), rows, len({row.exclusion.member_id for row in rows}),
            reason not in NOT_CHOSEN and len(rows) <= FEW, left_out_in_words([row.exclusion for row in rows]),
        )
        for reason, rows in order
    ]  # fmt: skip


def left_out_in_words(rows: Iterable[Exclusion | PlannedExclusion]) -> str:
    """ "2 governments, 5 recipients": those left out as a whole, and single ones."""
    recipients = Counter(row.recipient is not None for row in rows)
    said = [
        (recipients[False], ngettext("%(n)d government", "%(n)d governments", recipients[False])),
        (recipients[True], ngettext("%(n)d recipient", "%(n)d recipients", recipients[True])),
    ]
    return joined(words % {"n": n} for n, words in said if n)


def exclusion_lines(dispatch: Dispatch, *, sees_contacts: bool) -> list[ExclusionLine]:
    rows = dispatch.exclusions.select_related("member", "recipient__office").order_by("member__sort_en", "pk")
    return [_exclusion_line(dispatch, row, sees_contacts) for row in rows]


def _detail(row: Exclusion, campaign: Campaign) -> str:
    """In the reader's language and zone: the row has codes and values only."""
    match row.reason:
        case Exclusion.Reason.MISSING_VALUE:
            return fields_named(row.detail.split(", "))
        case Exclusion.Reason.BOUNCED:
            bounced = datetime.fromisoformat(row.detail)
            return _("The last one bounced on %(day)s") % {"day": reader_time(bounced, campaign)}
        case Exclusion.Reason.ALREADY_SENT if row.detail.startswith("same:"):
            return _("The same address as %(post)s, who gets it") % {"post": row.detail.removeprefix("same:")}
        case Exclusion.Reason.ALREADY_SENT:
            return _("The letter went to this address before")
        case Exclusion.Reason.STANCE_CHANGED:
            return stance_change_in_words(row)
        case Exclusion.Reason.NO_LANGUAGE:
            return language_label(row.detail)
    return row.detail


def stance_change_in_words(row: Exclusion) -> str:
    before, _mark, now = row.detail.partition(">")
    words = {"before": STANCES[before or NO_STANCE], "now": STANCES[now or NO_STANCE]}
    return _("Its passages were chosen when it was: %(before)s. Now: %(now)s.") % words


def exclusion_why(row: Exclusion, campaign: Campaign) -> str:
    """The reason in words, with its detail."""
    why = str(Exclusion.Reason(row.reason).label)
    return why + (": " if row.reason in NAMED else ". ") + _detail(row, campaign) if row.detail else why


def _exclusion_line(dispatch: Dispatch, row: Exclusion, sees_contacts: bool) -> ExclusionLine:
    why = exclusion_why(row, dispatch.campaign)
    acts = {
        Exclusion.Reason.NO_RECIPIENT: pgettext("recipient", "Add one"),
        Exclusion.Reason.NO_ADDRESS: pgettext("email address", "Add one"),
        Exclusion.Reason.BOUNCED: pgettext("address", "Find one"),
        Exclusion.Reason.MISSING_VALUE: pgettext("value", "Fill it in"),
        Exclusion.Reason.ALREADY_SENT: pgettext("letter", "See it"),
        Exclusion.Reason.SUPPRESSED: _("See the address"),
    }
    campaign = dispatch.campaign.slug
    if row.reason == Exclusion.Reason.STANCE_CHANGED:
        url = reverse("dashboard:government", args=[campaign, row.member.code])
        decide = reverse("outreach:despite", args=[campaign, dispatch.pk, row.member.code])
        prepared = dispatch.state == Dispatch.State.PREPARED
        return ExclusionLine(row, why, _("See its positions"), url, decide if prepared else "")
    if row.reason == Exclusion.Reason.SUPPRESSED and sees_contacts:
        url = reverse("recipients:recipient", args=[campaign, row.recipient_id])
        return ExclusionLine(row, why, _("Ask, then allow it"), f"{url}#addresses")
    if row.reason in acts:
        url = reverse("dashboard:government", args=[campaign, row.member.code])
        return ExclusionLine(row, why, acts[Exclusion.Reason(row.reason)], url)
    if row.reason == Exclusion.Reason.NO_EDITION:
        url = reverse("letters:version", args=[campaign, dispatch.letter.number, dispatch.version.number])
        return ExclusionLine(row, why, _("See the texts"), url)
    return ExclusionLine(row, why, "", "")
