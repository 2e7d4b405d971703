"""What narrows signatures: the list of the team, and what is exported from it."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.campaigns.models import Campaign
from apps.letters.models import LetterVersion

from ..models import SignOn, SignOnCall, SignOnVersion, VersionReplacement


def _of_version(found: QuerySet[SignOn], pk: str) -> QuerySet[SignOn]:
    """Signatures that cover the version, and those to it that are not confirmed. Only where it took the place of
    another do signatures to that one cover it; otherwise an index has the rows in order."""
    if not VersionReplacement.objects.filter(after=int(pk)).exists():
        return found.filter(version_id=int(pk))
    covers = SignOnVersion.objects.filter(sign_on=OuterRef("pk"), version_id=int(pk))
    return found.filter(Exists(covers) | ~Q(state=SignOn.State.CONFIRMED) & Q(version_id=int(pk)))


def _of_kind(found: QuerySet[SignOn], kind: str) -> QuerySet[SignOn]:
    return found.filter(kind=kind) if kind in SignOn.Kind.values else found.filter(org_kind=kind)


def _day_start(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(), UTC)


#: {name: rows and a value → rows}; a day is "2017-11-20" in UTC, and "until" includes it
SIGN_ON_FILTERS: Mapping[str, Callable[[Any, str], Any]] = {
    "version": _of_version,
    "country": lambda found, code: found.filter(country=code),
    "coalition": lambda found, pk: found.filter(organisation__coalitions=pk),
    "kind": _of_kind,
    "visibility": lambda found, value: found.filter(visibility=value),
    "language": lambda found, code: found.filter(language=code),
    "signed_from": lambda found, day: found.filter(confirmed_at__gte=_day_start(day)),
    "signed_until": lambda found, day: found.filter(confirmed_at__lt=_day_start(day) + timedelta(days=1)),
}


def filter_sign_ons[Rows: QuerySet[Any]](found: Rows, values: Mapping[str, str]) -> Rows:
    """The rows that all of the filters leave, by the names of SIGN_ON_FILTERS. Raises KeyError for another name."""
    for name, value in values.items():
        found = SIGN_ON_FILTERS[name](found, value)
    return found


def filter_values(campaign: Campaign) -> dict[str, set[str]]:
    """{name of a filter: values that occur}, in one statement that reads all signatures of the campaign."""
    names = ("country", "kind", "org_kind", "visibility", "language")
    rows = list(SignOn.objects.filter(campaign=campaign).order_by().values_list(*names).distinct())
    found = {name: {row[place] for row in rows if row[place]} for place, name in enumerate(names)}
    return {**found, "kind": found["kind"] | found["org_kind"]}


def versions_called(campaign: Campaign) -> list[LetterVersion]:
    """Those that are or were open for signature, the newest letter first."""
    covered = SignOnCall.objects.filter(letter=OuterRef("letter"))
    found = LetterVersion.objects.filter(Exists(covered), letter__campaign=campaign).select_related("letter")
    return list(found.order_by("-letter__number", "-number").only("number", "letter__number"))
