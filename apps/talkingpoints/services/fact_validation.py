"""The rules for facts, on pages and in a campaign's files."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.core.types import JsonObject, Label
from apps.sources.models import Source

from ..models import Fact, TalkingPoint

FOREIGN_SOURCE = _("This source belongs to another campaign. Choose one of this campaign.")
FOREIGN_POINT = _("This point belongs to another campaign. Choose one of this campaign.")


class FigureIncomplete(DomainError):
    """A figure without a value or unit. `index` counts from 0."""

    def __init__(self, message: str, *, index: int) -> None:
        super().__init__(message, field="figures")
        self.index = index


def check_fact(fact: Fact, further: Iterable[Source]) -> None:
    """Raises DomainError for an unsaved fact."""
    if not fact.statement.strip():
        raise DomainError(_("Write the statement: one sentence that can be checked."), field="statement")
    faults = fact_faults(kind=fact.kind, figures=fact.figures, verification=fact.verification, caution=fact.caution)
    if fault := next(faults, None):
        raise fault
    _check_campaign(fact.campaign_id, fact.source, "source", FOREIGN_SOURCE)
    _check_campaign(fact.campaign_id, fact.point, "point", FOREIGN_POINT)
    for source in further:
        _check_campaign(fact.campaign_id, source, "further_sources", FOREIGN_SOURCE)
        if source == fact.source:
            raise DomainError(
                _("“%(title)s” is already the source. Choose others here.") % {"title": source.title},
                field="further_sources",
            )


def fact_faults(*, kind: str, figures: Iterable[JsonObject], verification: str, caution: str) -> Iterator[DomainError]:
    """All errors of these fields."""
    figures = list(figures)
    for index, figure in enumerate(figures):
        name = {"number": index + 1}
        if not figure.get("unit"):
            words = _("Figure %(number)d has no unit. Say of what: percent of jobs, USD, people.")
            yield FigureIncomplete(words % name, index=index)
        if figure.get("value") is None and not figure.get("as_stated"):
            words = _("Figure %(number)d has no value. Give the number, or the words of the source (as_stated).")
            yield FigureIncomplete(words % name, index=index)
    if kind == Fact.Kind.FIGURE and not figures:
        yield DomainError(
            _("A fact of the kind “figure” needs a figure. Fill in a row of figures, or choose another kind."),
            field="kind",
        )
    if verification == Fact.Verification.CAUTION and not caution.strip():
        yield DomainError(
            _("Say what is doubtful. People see it under the statement when they choose this fact."), field="caution"
        )


def _check_campaign(campaign_id: int, row: Source | TalkingPoint | None, field: str, message: Label) -> None:
    if row is not None and row.campaign_id != campaign_id:
        raise DomainError(message, field=field)


def check_once(fact: Fact) -> None:
    """Raises DomainError if a fact in use says the same: a form may be sent twice."""
    rows = Fact.objects.filter(campaign=fact.campaign_id, statement=fact.statement, retired_at__isnull=True)
    twin = rows.exclude(pk=fact.pk).select_related("point").first()
    if twin is not None:
        raise DomainError(
            _("%(number)s already says this. Correct that one.") % {"number": twin.number}, field="statement"
        )
