"""Those who signed, as a purpose may see them. Whoever chose not to be named, and everybody while the names of their
letter are hidden, has a row without name in files for the team, and none in others."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, StringAgg, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign
from apps.coalitions.models import Coalition, SignOn, SignOnCall
from apps.coalitions.models.sign_on_fields import FIELDS
from apps.coalitions.pages.sign_on_labels import ORGANISATION_KINDS, SEEN_BY, STATES
from apps.coalitions.selectors.calls import newest_call
from apps.coalitions.selectors.sign_on_filters import SIGN_ON_FILTERS
from apps.core.encrypted_fields import EncryptedTextField
from apps.core.language_names import language_label
from apps.core.territories import territory_name
from apps.core.text import name_sort_key
from apps.core.types import Label
from apps.letters.models import Letter, LetterVersion
from apps.letters.selectors.editions import public_title

from ..models import Purpose
from . import words
from .base import TEAM, Column, Dataset, Filter, Filters, Printed, Type

PERSON = SignOn.Kind.PERSON
KINDS: dict[str, Label] = {**dict(ORGANISATION_KINDS), PERSON.value: pgettext_lazy("signatory", "Person")}
NAMED = ~Q(visibility=SignOn.Visibility.COUNTED) & ~Q(call__in=SignOnCall.objects.names_hidden())


def named(source: str, *, encrypted: bool = False) -> Combinable:
    """The field of those who are named; empty for the others."""
    if encrypted:
        return Case(When(NAMED, then=F(source)), default=None, output_field=EncryptedTextField())
    return Case(When(NAMED, then=F(source)), default=Value(""), output_field=CharField())


#: the visibilities that allow a name in files for others than the team
VISIBLE_TO = {
    Purpose.PUBLIC: (SignOn.Visibility.PUBLIC,),
    Purpose.GOVERNMENT: (SignOn.Visibility.PUBLIC, SignOn.Visibility.GOVERNMENT),
}


def rows(campaign: Campaign, purpose: Purpose) -> QuerySet[SignOn]:
    """Hidden calls are asked for beforehand: with a condition on them PostgreSQL expects few rows, and plans for few.
    Names that are hidden meanwhile are empty, as the columns look again."""
    found = SignOn.objects.filter(campaign=campaign)
    if purpose in VISIBLE_TO:
        hidden = list(SignOnCall.objects.names_hidden().filter(campaign=campaign).values_list("pk", flat=True))
        found = found.named_unless_hidden(*VISIBLE_TO[purpose]).exclude(call__in=hidden)
    return found.order_by("country", "name_key", "id")


def of_letter(found: QuerySet[Any], number: str) -> QuerySet[Any]:
    return found.filter(letter__in=list(Letter.objects.filter(number=number).values_list("pk", flat=True)))


def letters(campaign: Campaign, _purpose: Purpose, _filters: Filters) -> list[tuple[str, Label]]:
    """Those that were ever open for signature, newest first."""
    called = SignOnCall.objects.filter(letter=OuterRef("pk"))
    found = Letter.objects.filter(Exists(called), campaign=campaign).order_by("-number")
    return [(str(letter.number), words.numbered_letter(letter.number, letter.title)) for letter in found]


def versions(campaign: Campaign, _purpose: Purpose, filters: Filters) -> list[tuple[str, Label]]:
    """The one that is, or was last, open for signature first."""
    letter = chosen_letter(campaign, filters)
    if letter is None:
        return []
    call = newest_call(letter, embargoed=True)
    found = LetterVersion.objects.filter(letter=letter).order_by("-number").values_list("pk", "number")
    ordered = sorted(found, key=lambda pair: (call is None or pair[0] != call.version_id, -pair[1]))
    return [(str(pk), _("Version %(number)d") % {"number": number}) for pk, number in ordered]


def chosen_letter(campaign: Campaign, filters: Filters) -> Letter | None:
    return Letter.objects.filter(campaign=campaign, number=filters.get("letter") or 0).first()


def _occurring(field: str, label: Any) -> Any:
    """The values of a field that occur among the rows of a purpose, by label."""

    def options(campaign: Campaign, purpose: Purpose, filters: Filters) -> list[tuple[str, Label]]:
        found = rows(campaign, purpose)
        if letter := filters.get("letter"):
            found = found.filter(letter__number=letter)
        values = found.order_by().values_list(field, flat=True).distinct()
        labelled = [(value, str(label(value))) for value in values if value]
        return sorted(labelled, key=lambda pair: name_sort_key(str(pair[1]), get_language() or "en"))

    return options


def _country_name(code: str) -> str:
    return territory_name(code, get_language() or "en")


def coalitions(campaign: Campaign, _purpose: Purpose, _filters: Filters) -> list[tuple[str, Label]]:
    found = Coalition.objects.filter(campaign=campaign, organisations__isnull=False).distinct()
    return [(str(one.pk), one.name) for one in found]


def kinds(campaign: Campaign, purpose: Purpose, filters: Filters) -> list[tuple[str, Label]]:
    """Organisations, people, then the kinds of organisations."""
    every: list[tuple[str, Label]] = [
        (SignOn.Kind.ORGANISATION, gettext_lazy("Organisations")), (PERSON, gettext_lazy("People"))
    ]  # fmt: skip
    return every + list(_occurring("org_kind", lambda kind: KINDS.get(kind, kind))(campaign, purpose, filters))


def state_options(campaign: Campaign, _purpose: Purpose, _filters: Filters) -> list[tuple[str, Label]]:
    present = {
        SignOn(state=state, moderation=moderation).moderation_state
        for state, moderation in SignOn.objects.filter(campaign=campaign).order_by()
        .values_list("state", "moderation").distinct()
    }  # fmt: skip
    return [(state, label) for state, (_glyph, _tone, label) in STATES.items() if state in present]


def chosen_version(campaign: Campaign, filters: Filters) -> LetterVersion | None:
    found = LetterVersion.objects.filter(
        letter__campaign=campaign, letter__number=filters.get("letter") or 0, pk=filters.get("version") or 0
    )
    return found.select_related("letter__campaign").first()


def printed(campaign: Campaign, filters: Filters) -> Printed | None:
    version = chosen_version(campaign, filters)
    return Printed(version, timezone.now()) if version else None


def of_state(found: QuerySet[Any], state: str) -> QuerySet[Any]:
    return found.filter(pk__in=SignOn.objects.in_moderation_state(state).values("pk"))


def about(campaign: Campaign, filters: Filters) -> list[tuple[Label, str]]:
    version = chosen_version(campaign, filters)
    if version is None:
        return []
    return [
        (gettext_lazy("Letter"), f"{version.letter.number}: {public_title(version, get_language() or 'en')}"),
        (gettext_lazy("Version"), str(version.number)),
        (gettext_lazy("Fingerprint of the version (SHA-256)"), version.sha256),
    ]


def _coalition_names() -> Subquery:
    of_organisation = Coalition.objects.filter(organisations=OuterRef("organisation")).order_by().values("campaign")
    return Subquery(of_organisation.annotate(names=StringAgg("name", Value("; "), order_by="name")).values("names"))


#: where a column is not just the field of those who are named, under the label of the form
RULES: dict[str, dict[str, Any]] = {
    "org_name": {
        "label": gettext_lazy("Name"),
        "source": Case(When(NAMED & Q(kind=PERSON), then=F("display_name")), default=named("org_name")),
    },
    "org_kind": {
        "label": gettext_lazy("Kind"),
        "source": Case(When(kind=PERSON, then=Value(PERSON.value)), default=F("org_kind"), output_field=CharField()),
        "words": words.labels(KINDS),
    },
    "country": {"label": gettext_lazy("Country code"), "source": "country"},
    "org_members": {"label": gettext_lazy("Members represented"), "source": "org_members", "type": Type.NUMBER},
    "confirmed_at": {"label": gettext_lazy("Signed (UTC)"), "source": "confirmed_at", "type": Type.MOMENT},
}


def _table_columns() -> Iterator[Column]:
    """Those that the table of the fields of a signature exports, in its order, and the country by name."""
    for row in FIELDS:
        if row.exported:
            rules = {"label": row.label, "source": named(row.name), **RULES.get(row.name, {})}
            yield Column(key=row.exported, **rules)
        if row.name == "country":
            yield Column(key="country", label=gettext_lazy("Country"), source="country", words=words.countries)


COLUMNS = (
    *_table_columns(),
    Column(key="version", label=gettext_lazy("Version signed"), source="version__number", type=Type.NUMBER),
    Column(
        key="coalitions", label=gettext_lazy("Coalitions and networks"), source=_coalition_names(), usual=False
    ),
    Column(
        key="letter", label=gettext_lazy("Letter"), source="letter__number", type=Type.NUMBER, usual=False
    ),
    Column(key="state", label=gettext_lazy("State"), source="state", purposes=TEAM, words=words.labels(
        {state: STATES[state][2] for state in SignOn.State.values})),
    Column(
        key="visibility", label=gettext_lazy("Who may see the name"), source="visibility", purposes=TEAM,
        words=words.labels(SEEN_BY),
    ),
    Column(
        key="authority_verified", label=gettext_lazy("Authority to sign verified"), source="authority_verified",
        type=Type.YES_NO, purposes=TEAM, usual=False,
    ),
    Column(
        key="language", label=gettext_lazy("Language of the signer"), source="language", purposes=TEAM, usual=False,
        words=words.languages,
    ),
    Column(
        key="person", label=gettext_lazy("Name of the person who signed"), encrypted=True, contact=True,
        source=named("person_name", encrypted=True), purposes=TEAM, usual=False,
    ),
    Column(
        key="person_position", label=gettext_lazy("Position of that person"), encrypted=True, contact=True,
        source=named("person_post", encrypted=True), purposes=TEAM, usual=False,
    ),
    Column(
        key="email", label=gettext_lazy("Email address of that person"), encrypted=True, contact=True,
        source=named("email", encrypted=True), purposes=TEAM, usual=False,
    ),
)  # fmt: skip

SIGNATORIES = Dataset(
    key="signatories",
    label=gettext_lazy("Signatories"),
    hint=gettext_lazy("Who signed a letter, for a ministry, the press, a printer or the team."),
    purposes=(Purpose.PUBLIC, Purpose.GOVERNMENT, Purpose.INTERNAL),
    columns=COLUMNS,
    rows=rows,
    about=about,
    printed=printed,
    filters={
        "letter": Filter(
            label=gettext_lazy("Letter"), options=letters, required=True, inward=True,
            apply=of_letter,
        ),
        "version": Filter(
            label=gettext_lazy("Version"), options=versions, required=True, apply=SIGN_ON_FILTERS["version"]
        ),
        "state": Filter(
            label=gettext_lazy("State"), options=state_options, purposes=TEAM,
            apply=of_state,
        ),
        "country": Filter(
            label=gettext_lazy("Country"), options=_occurring("country", _country_name),
            apply=SIGN_ON_FILTERS["country"],
        ),
        "coalition": Filter(
            label=gettext_lazy("Coalition or network"), options=coalitions, every=pgettext_lazy("coalitions", "All"),
            apply=SIGN_ON_FILTERS["coalition"],
        ),
        "kind": Filter(label=gettext_lazy("Kind"), options=kinds, apply=SIGN_ON_FILTERS["kind"]),
        "visibility": Filter(
            label=gettext_lazy("Who may see the name"), purposes=TEAM,
            options=_occurring("visibility", lambda value: SEEN_BY[value]),
            apply=SIGN_ON_FILTERS["visibility"],
        ),
        "language": Filter(
            label=gettext_lazy("Language of the signer"), purposes=TEAM, every=pgettext_lazy("languages", "All"),
            options=_occurring("language", language_label),
            apply=SIGN_ON_FILTERS["language"],
        ),
        "signed_from": Filter(
            label=gettext_lazy("Signed from"), apply=SIGN_ON_FILTERS["signed_from"]
        ),
        "signed_until": Filter(
            label=gettext_lazy("Signed until"),
            apply=SIGN_ON_FILTERS["signed_until"],
        ),
    },
)  # fmt: skip
