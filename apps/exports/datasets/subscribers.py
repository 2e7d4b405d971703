"""Those who agreed to be told by mail: a list of its own, by what they agreed to."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOn
from apps.coalitions.models.sign_on_fields import CONSENTS
from apps.core.types import Label

from ..models import Purpose
from . import words
from .base import Column, Dataset, Filter, Filters, Type
from .signatories import KINDS, letters, named

#: a consent by the name of its field
AGREED: dict[str, Label] = {field.name: field.label for field in CONSENTS}


def rows(campaign: Campaign, _purpose: Purpose) -> QuerySet[SignOn]:
    """Signatures that count, of those who ticked a box and did not clear it."""
    agreed = Q()
    for consent in AGREED:
        agreed |= Q(**{consent: True})
    return (
        SignOn.objects.confirmed().filter(agreed, campaign=campaign).exclude(email_hash="").order_by("language", "id")
    )


def consents(_campaign: Campaign, _purpose: Purpose, _filters: Filters) -> list[tuple[str, Label]]:
    return list(AGREED.items())


SUBSCRIBERS = Dataset(
    key="subscribers",
    label=gettext_lazy("Signers who agreed to get emails"),
    hint=gettext_lazy("Signers who ticked a box to hear from the campaign. Use their addresses for nothing else."),
    purposes=(Purpose.INTERNAL,),
    rows=rows,
    columns=(
        Column(
            key="email", label=gettext_lazy("Email address"), source="email", encrypted=True, contact=True
        ),
        Column(key="language", label=gettext_lazy("Language"), source="language", words=words.languages),
        Column(key="name", label=gettext_lazy("Name"), source=named("org_name")),
        Column(key="kind", label=gettext_lazy("Kind"), source="org_kind", words=words.labels(KINDS), usual=False),
        Column(key="country", label=gettext_lazy("Country"), source="country", words=words.countries),
        *(
            Column(key=name, label=label, source=name, type=Type.YES_NO) for name, label in AGREED.items()
        ),
    ),
    filters={
        "consent": Filter(
            label=gettext_lazy("Agreed to"), options=consents,
            apply=lambda found, name: found.filter(**{name: True}) if name in AGREED else found.none(),
        ),
        "letter": Filter(
            label=gettext_lazy("Letter"), options=letters, every=pgettext_lazy("letters", "All"), inward=True,
            apply=lambda found, number: found.filter(letter__number=number),
        ),
    },
)  # fmt: skip
