"""What has to be true of a fact before it is stored, whoever writes it, on a page or in a campaign's files; each broken
rule is an error of its own."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.core.types import JsonObject
from apps.sources.models import Source

from ..models import Fact, TalkingPoint


class FigureIncomplete(DomainError):
    """A figure whose number or unit is missing. `index` counts from 0."""

    def __init__(self, message: str, *, index: int) -> None:
        super().__init__(message, field="figures")
        self.index = index


def check_fact(fact: Fact, further: Iterable[Source]) -> None:
    """Raise the first of the errors above that the fact, not yet saved, would be."""
    if not fact.statement.strip():
        raise DomainError(_("Write the statement: one sentence that can be checked."), field="statement")
    faults = fact_faults(kind=fact.kind, figures=fact.figures, verification=fact.verification, caution=fact.caution)
    if fault := next(faults, None):
        raise fault
    check_source(fact.campaign_id, fact.source, "source")
    check_point(fact.campaign_id, fact.point)
    for source in further:
        check_source(fact.campaign_id, source, "further_sources")
        if source == fact.source:
            raise DomainError(
                _("“%(title)s” is the source already. Further ones are others.") % {"title": source.title},
                field="further_sources",
                code="source_twice",
            )


def fact_faults(*, kind: str, figures: Iterable[JsonObject], verification: str, caution: str) -> Iterator[DomainError]:
    """Everything that is wrong between these fields of a fact."""
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
            _("Say what is doubtful: whoever picks this fact reads it under the statement."), field="caution"
        )


def check_source(campaign_id: int, source: Source, field: str) -> None:
    if source.campaign_id != campaign_id:
        raise DomainError(
            _("This source belongs to another campaign. Choose one of this."), field=field, code="not_this_campaign"
        )


def check_point(campaign_id: int, point: TalkingPoint | None) -> None:
    if point is not None and point.campaign_id != campaign_id:
        raise DomainError(
            _("This point belongs to another campaign. Choose one of this."), field="point", code="not_this_campaign"
        )


def check_once(fact: Fact) -> None:
    """A form that is sent twice makes one fact. In the caller's transaction, with the campaign held."""
    rows = Fact.objects.filter(campaign=fact.campaign_id, statement=fact.statement, retired_at__isnull=True)
    twin = rows.exclude(pk=fact.pk).select_related("point").first()
    if twin is not None:
        raise DomainError(
            _("This statement is here already: %(number)s. Correct that one.") % {"number": twin.number},
            field="statement",
        )
