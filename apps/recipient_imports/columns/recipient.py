"""Columns about the recipient."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from apps.core.languages import LANGUAGES
from apps.core.languages import Language as LetterLanguage
from apps.core.text import clean_lines, fold
from apps.governments.models import RecipientAddress

from .base import Change, ChoiceColumn, Column, FieldColumn, Reason, TextColumn, aliases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apps.governments.models import Recipient

MAX_ADDRESSES = 50


class Post(TextColumn):
    key = "post"
    label = _("Post")
    required = True
    max_length = 200
    aliases = (
        "post|position|title|job title|function|role|office held|poste|fonction|titre|intitule du poste|charge|cargo|"
        "puesto|funcion|titulo|amtsbezeichnung|funktion|posten|position|titel|المنصب|الوظيفة|الصفة|اللقب"
    )
    messages = {"post_missing": _("The post is missing. Enter the title of the person or post.")}


class Name(TextColumn):
    key = "name"
    label = _("Name")
    joiner = " "
    max_length = 200
    aliases = (
        "name|full name|person|contact|contact name|contact person|surname|nom|nom complet|first name|given name|"
        "given names|family name|last name|nom et prenom|prenom et nom|prenom|prenoms|nom de famille|vorname|"
        "familienname|personne|interlocuteur|nombre|nombre completo|nombres|nombre y apellidos|apellidos|apellido|"
        "persona|contacto|vollstandiger name|nachname|ansprechpartner|ansprechperson|kontakt|kontaktperson|الاسم|"
        "الاسم الكامل|اسم|جهة الاتصال"
    )


class Form(ChoiceColumn):
    key = "form"
    label = _("Form of address (masculine, feminine)")
    unknown = "unknown"
    aliases = (
        "form|form of address|gender|sex|genre|sexe|civilite|forme|genero|sexo|tratamiento|forma de tratamiento|"
        "geschlecht|anredeform|anrede form|الجنس|النوع الاجتماعي"
    )
    messages = {"form_unknown": _("“%(value)s” is not a form of address. Enter masculine, feminine or unknown.")}
    choices = {
        "masculine": "masculine|m|male|mr|man|masculin|homme|h|monsieur|masculino|hombre|sr|senor|mannlich|maennlich|"
        "herr|mann|ذكر|مذكر|السيد",
        "feminine": "feminine|f|female|ms|mrs|woman|feminin|femme|madame|mme|femenino|mujer|sra|senora|weiblich|w|"
        "frau|أنثى|مؤنث|السيدة",
        "unknown": "unknown|u|x|neutral|inconnu|neutre|desconocido|unbekannt|divers|غير معروف",
    }


class Language(TextColumn):
    """A language of letters, by one of its names or its code, which may be that of a region: "en-GB"."""

    key = "language"
    label = _("Language to write in")
    aliases = (
        "language|lang|working language|language code|langue|langue de travail|idioma|lengua|sprache|"
        "korrespondenzsprache|اللغة|لغة|لغة المراسلة"
    )
    messages = {"language_unknown": _("We cannot write letters in “%(value)s”. Enter a code, such as en or fr.")}

    def read(self, text: str, today: date) -> tuple[str | None, list[Reason]]:
        code = _codes_by_alias(tuple(LANGUAGES)).get(fold(re.sub(r"[-_]\w{2,4}$", "", text)))
        return (code, []) if code else (None, [self.reason("language_unknown", value=text[:60])])


@cache
def _codes_by_alias(codes: tuple[str, ...]) -> dict[str, str]:
    return {alias: code for code in codes for alias in aliases(LANGUAGES[code].aliases)}


class Salutation(TextColumn):
    """The salutation in the recipient's language; the columns below are for one language each."""

    key = "salutation"
    label = _("Salutation, in the language to write in")
    field = "salutation"
    language = ""
    max_length = 120
    aliases = (
        "salutation|greeting|formule d appel|formule|appel|saludo|encabezamiento|formula de saludo|anrede|briefanrede|"
        "التحية|صيغة المخاطبة|المخاطبة"
    )

    def assign(self, recipient: Recipient, value: str, *, only_empty: bool) -> Iterator[Change]:
        language = self.language or recipient.language
        old = recipient.salutation.get(language, "")
        if language and value != old and not (only_empty and old):
            recipient.salutation = recipient.salutation | {language: value}
            yield f"salutation_{language}", old, value

    def export(self, recipient: Recipient) -> str:
        own = {column.language for column in SALUTATIONS}
        if not self.language and recipient.language in own:
            return ""  # it is in the column of that language
        return recipient.salutation.get(self.language or recipient.language, "")


#: what stands before the name of a language in the heading of its salutations
SALUTATION_HEADINGS = (
    "salutation {}", "salutation in {}", "formule d appel {}", "saludo {}", "saludo en {}", "anrede {}", "التحية ب{}",
)  # fmt: skip


def salutation_in(language: LetterLanguage) -> type[Salutation]:
    """The column for salutations in one language: "salutation fr", "saludo francés" …"""
    headings = (heading.format(alias) for alias in language.aliases.split("|") for heading in SALUTATION_HEADINGS)
    attributes = {
        "key": f"salutation_{language.code}",
        "label": format_lazy(_("Salutation in {language}"), language=language.name),
        "language": language.code,
        "aliases": "|".join(headings),
    }
    return type(f"{language.code.title()}Salutation", (Salutation,), attributes)


SALUTATIONS = tuple(salutation_in(language) for language in LANGUAGES.values())


class MailAddress(Column[list[str]]):
    """One or more addresses. The planner adds those that the recipient does not have."""

    key = "address"
    label = _("Email address")
    assigns = False
    joiner = "; "
    required = True
    aliases = (
        "email|e mail|mail|email address|e mail address|mail address|email 1|email 2|second email|address|other email|"
        "courriel|adresse electronique|adresse mail|adresse e mail|adresse de courriel|mel|correo|correo electronico|"
        "direccion de correo|email oficial|mailadresse|e mail adresse|emailadresse|البريد الإلكتروني|البريد|"
        "بريد إلكتروني|عنوان البريد الإلكتروني|الإيميل"
    )
    messages = {
        "address_missing": _("There is no email address. Enter one, or leave the row out."),
        "address_bad": _("“%(value)s” is not an email address. Enter one like name@example.org."),
        "address_many": _("There are more than %(most)s email addresses. Keep the ones you need."),
    }

    def read(self, text: str, today: date) -> tuple[list[str] | None, list[Reason]]:
        """Addresses with commas, semicolons or spaces between them; names beside them are dropped."""
        if "@" not in text:
            return [], [self.reason("address_bad", value=text[:80])]
        ours = text.split("; ")  # as we export them: some may hold a character that divides them in other files
        parts = ours if all(map(_is_address, ours)) else re.findall(r"<([^<>]+)>", text) or re.split(r"[;,\s|]+", text)
        found: dict[str, None] = {}
        reasons: list[Reason] = []
        for part in filter(None, (part.strip().removeprefix("mailto:") for part in parts)):
            if _is_address(part):
                found[part] = None
            else:
                reasons.append(self.reason("address_bad", value=part[:80]))
        if len(found) > MAX_ADDRESSES:
            reasons.append(self.reason("address_many", most=MAX_ADDRESSES))
        return list(found), reasons

    def export(self, recipient: Recipient) -> str:
        addresses = [row for row in recipient.addresses.all() if row.health != RecipientAddress.Health.RETIRED]
        return "; ".join(row.address for row in addresses)


@lru_cache(maxsize=1000)
def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


class Phone(TextColumn):
    key = "phone"
    label = _("Phone")
    max_length = 60
    aliases = (
        "phone|telephone|tel|phone number|telephone number|mobile|n de telephone|numero de telephone|portable|telefono|"
        "numero de telefono|movil|telefon|telefonnummer|rufnummer|الهاتف|رقم الهاتف|هاتف|تلفون"
    )


class Source(TextColumn):
    key = "source"
    label = _("Source of these details")
    max_length = 300
    aliases = "source|found at|reference|provenance|reference|fuente|procedencia|quelle|herkunft|fundstelle|المصدر|مصدر"


class VerifiedOn(FieldColumn[date]):
    key = "verified_on"
    label = _("Verified on")
    aliases = (
        "verified on|verified|checked on|checked|last checked|date|verifie le|date de verification|verificado el|"
        "verificado|fecha de verificacion|fecha|gepruft am|geprueft am|datum|تاريخ التحقق|التاريخ"
    )
    messages = {
        "date_bad": _("“%(value)s” is not a date. Enter it as 2017-12-13 or 13.12.2017."),
        "date_future": _("%(value)s is in the future. Enter the day on which it was verified."),
    }

    def read(self, text: str, today: date) -> tuple[date | None, list[Reason]]:
        """ISO, or day, month, year with dots, slashes or dashes: the day is first everywhere but in the US."""
        found: date | None = None
        with suppress(ValueError):
            found = datetime.fromisoformat(text).date()
        if found is None and (parts := re.match(r"^(\d{1,2})[./ -](\d{1,2})[./ -](\d{4})$", text)):
            day, month, year = map(int, parts.groups())
            with suppress(ValueError):
                found = date(year, month, day)
        if found is None:
            return None, [self.reason("date_bad", value=text[:60])]
        if found > today:
            return None, [self.reason("date_future", value=found.isoformat())]
        return found, []


class Notes(TextColumn):
    key = "notes"
    label = _("Notes")
    max_length = 5000
    aliases = (
        "notes|note|remarks|remark|comment|comments|remarques|remarque|commentaire|commentaires|observations|notas|"
        "nota|observaciones|comentarios|bemerkung|bemerkungen|anmerkung|anmerkungen|notiz|notizen|ملاحظات|ملاحظة|تعليق"
    )

    def clean(self, text: str) -> str:
        return clean_lines(text)
