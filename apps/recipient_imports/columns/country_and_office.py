"""Columns about the government and its office."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from apps.core.text import clean_lines, fold, joined
from apps.governments.country_names import unambiguous_name

from .base import ChoiceColumn, Reason, TextColumn

if TYPE_CHECKING:
    from apps.governments.country_names import CountryLookup
    from apps.governments.models import Member, Recipient


class Country(TextColumn):
    key = "country"
    label = _("Country")
    assigns = False
    required = True
    aliases = (
        "country|member|member state|state|government|nation|iso|iso2|iso3|country code|pays|etat|code pays|"
        "etat membre|membre|gouvernement|pais|estado|codigo de pais|miembro|estado miembro|gobierno|land|staat|"
        "mitglied|mitgliedstaat|regierung|laendercode|ländercode|landercode|البلد|الدولة|دولة|بلد|رمز البلد|العضو"
    )
    messages = {
        "country_missing": _("The country is missing. Enter its name or its two-letter code."),
        "country_unknown": _("We do not know the country “%(value)s”. Enter its usual name, or its two-letter code."),
        "country_no_member": _(
            "“%(value)s” is not a member of the organisation, so it gets no letters. Leave the row out, or enter "
            "the member you mean."
        ),
        "country_ambiguous": _(
            "“%(value)s” can mean more than one country: %(members)s. Enter the code of the one you mean."
        ),
    }

    def find(self, text: str, countries: CountryLookup) -> tuple[Member | None, list[Reason]]:
        """The member that a cell names, or why it names none."""
        text = self.clean(text)
        if not text:
            return None, [self.reason("country_missing")]
        found = countries.find(text)
        if found.one is not None:
            return found.one, []
        if found.members:
            return None, [self.reason("country_ambiguous", value=text[:80], members=joined(found.labels))]
        if countries.no_member(text):
            return None, [self.reason("country_no_member", value=text[:80])]
        similar = [member.name for member in countries.close_to(text)]
        return None, [self.reason("country_unknown", value=text[:80], like=similar)]

    def export(self, recipient: Recipient) -> str:
        return unambiguous_name(recipient.office.member)


class OfficeKind(ChoiceColumn):
    key = "kind"
    label = _("Kind of office")
    heading = "office_kind"
    of_office = True
    assigns = False
    aliases = (
        "office kind|kind of office|kind|type|office type|type of office|category|genre de bureau|type de bureau|"
        "nature|categorie|tipo|tipo de oficina|clase|categoria|art|art der stelle|typ|kategorie|نوع المكتب|النوع|الفئة"
    )
    messages = {
        "kind_unknown": _("“%(value)s” is not a kind of office. Enter capital, mission, head, parliament or other.")
    }
    choices = {
        "capital": "capital|ministry|ministry in the capital|capital ministry|ministere|capitale|ministerio|hauptstadt|"
        "ministerium|وزارة|العاصمة",
        "mission": "mission|permanent mission|geneva mission|mission in geneva|geneva|delegation|mission permanente|"
        "mision|mission de geneve|mission a geneve|mision de ginebra|mision en ginebra|mission genf|mision permanente|"
        "vertretung|standige vertretung|genf|geneve|ginebra|بعثة|البعثة الدائمة",
        "head": "head|head of government|head of state|president|prime minister|presidency|presidence|premier ministre|"
        "chef de gouvernement|presidencia|jefe de gobierno|primer ministro|regierungschef|staatschef|رئاسة|"
        "رئيس الحكومة",
        "parliament": "parliament|assembly|congress|senate|parlement|assemblee|assemblee nationale|parlamento|congreso|"
        "asamblea|parlament|bundestag|البرلمان|برلمان|مجلس النواب",
        "other": "other|autre|otro|otra|andere|sonstige|أخرى|آخر",
    }


class OfficeName(TextColumn):
    key = "office"
    label = _("Office")
    field = "name"
    of_office = True
    assigns = False
    required = True
    max_length = 200
    aliases = (
        "office|ministry|institution|department|agency|mission|organisation|organization|authority|bureau|ministere|"
        "service|administration|organisme|oficina|ministerio|institucion|departamento|organismo|entidad|amt|"
        "ministerium|behorde|behörde|dienststelle|stelle|abteilung|einrichtung|المكتب|الوزارة|المؤسسة|الجهة|الإدارة|"
        "البعثة"
    )
    messages = {"office_missing": _("The office is missing. Enter its name, for example the name of the ministry.")}


class OfficePhone(TextColumn):
    key = "office_phone"
    label = _("Phone of the office")
    field = "phone"
    of_office = True
    max_length = 60
    aliases = (
        "office phone|office telephone|telephone of the office|phone of the office|ministry phone|switchboard|"
        "telephone du bureau|telephone du ministere|standard|standard telephonique|telefono de la oficina|"
        "telefono del ministerio|centralita|zentrale|telefonzentrale|telefon der stelle|هاتف المكتب|هاتف الوزارة"
    )


class City(TextColumn):
    key = "city"
    label = _("City")
    of_office = True
    max_length = 80
    aliases = "city|town|place|ville|localite|ciudad|localidad|stadt|ort|المدينة|مدينة"


class PostalAddress(TextColumn):
    key = "postal"
    label = _("Postal address")
    heading = field = "postal_address"
    of_office = True
    max_length = 1000
    aliases = (
        "postal address|street address|street|mailing address|post address|adresse postale|adresse|rue|"
        "direccion postal|direccion|calle|domicilio|anschrift|postanschrift|postadresse|strasse|العنوان البريدي|"
        "العنوان|الشارع"
    )

    def clean(self, text: str) -> str:
        return clean_lines(text)


#: words in the name of an office that say of which kind it is, where no column does
KIND_BY_NAME = [
    (kind, re.compile(rf"\b(?:{words})"))
    for kind, words in {
        "mission": "permanent mission|mission permanente|mision permanente|standige vertretung|delegation permanente|"
        "البعثه",
        "parliament": "parliament|parlement|parlamento|assembly|assemblee|asamblea|congress|congreso|senate|senat|"
        "bundestag|البرلمان",
        "head": "prime minister|premier ministre|presidency|presidence|presidencia|office of the president|state house|"
        "chancellery|primature",
        "capital": r"minist\w*|department|departamento|secretar\w+|وزاره",
    }.items()
]


def kind_of_office(name: str) -> str:
    """The kind that the name of an office suggests, else "other"."""
    folded = fold(name)
    return next((kind for kind, words in KIND_BY_NAME if words.search(folded)), "other")
