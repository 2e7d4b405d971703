"""What a column may mean, and the guess: by its heading in five languages, else by what stands in it."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.core.similarity import closest
from apps.core.text import fold

from .spreadsheets.table import Sheet, Table


class Field(NamedTuple):
    """`head` is the heading in our own exports; `words` are headings of others, folded.

    `joint` stands between what several columns of the field hold; without it only one column may be chosen.
    `most` characters are kept. Without a column for each `needed` field no row can be taken.
    """

    key: str
    label: Promise
    head: str
    words: tuple[str, ...]
    joint: str = ""
    most: int = 0
    needed: bool = False

    @property
    def several(self) -> bool:
        return bool(self.joint)


def words(text: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in text.split("|"))


FIELDS = [
    Field("country", _("Country"), "country", words(
            "country|member|member state|state|government|nation|iso|iso2|iso3|country code|pays|etat|"
            "code pays|etat membre|membre|gouvernement|pais|estado|codigo de pais|miembro|estado miembro|"
            "gobierno|land|staat|mitglied|mitgliedstaat|regierung|laendercode|ländercode|landercode|"
            "البلد|الدولة|دولة|بلد|رمز البلد|العضو"), needed=True),
    Field("kind", _("Kind of office"), "office_kind", words(
            "office kind|kind of office|kind|type|office type|type of office|category|genre de bureau|"
            "type de bureau|nature|categorie|tipo|tipo de oficina|clase|categoria|art|art der stelle|typ|"
            "kategorie|نوع المكتب|النوع|الفئة")),
    Field("office", _("Office"), "office", words(
            "office|ministry|institution|department|agency|mission|organisation|organization|authority|"
            "bureau|ministere|service|administration|organisme|oficina|ministerio|institucion|"
            "departamento|organismo|entidad|amt|ministerium|behorde|behörde|dienststelle|stelle|"
            "abteilung|einrichtung|المكتب|الوزارة|المؤسسة|الجهة|الإدارة|البعثة"), most=200, needed=True),
    Field("office_phone", _("Telephone of the office"), "office_phone", words(
            "office phone|office telephone|telephone of the office|phone of the office|ministry phone|switchboard|"
            "telephone du bureau|telephone du ministere|standard|standard telephonique|telefono de la oficina|"
            "telefono del ministerio|centralita|zentrale|telefonzentrale|telefon der stelle|هاتف المكتب|هاتف الوزارة"),
        most=60),
    Field("city", _("City"), "city", words("city|town|place|ville|localite|ciudad|localidad|stadt|ort|المدينة|مدينة"),
        most=80),
    Field("post", _("Post"), "post", words(
            "post|position|title|job title|function|role|office held|poste|fonction|titre|"
            "intitule du poste|charge|cargo|puesto|funcion|titulo|amtsbezeichnung|funktion|posten|"
            "position|titel|المنصب|الوظيفة|الصفة|اللقب"), most=200, needed=True),
    Field("name", _("Name"), "name", words(
            "name|full name|person|contact|contact name|contact person|surname|nom|nom complet|"
            "first name|given name|given names|family name|last name|nom et prenom|prenom et nom|prenom|"
            "prenoms|nom de famille|vorname|familienname|personne|interlocuteur|nombre|nombre completo|"
            "nombres|nombre y apellidos|apellidos|apellido|persona|contacto|vollstandiger name|nachname|"
            "ansprechpartner|ansprechperson|kontakt|kontaktperson|الاسم|الاسم الكامل|اسم|جهة الاتصال"), joint=" ",
        most=200),
    Field("form", _("Form of address (masculine, feminine)"), "form", words(
            "form|form of address|gender|sex|genre|sexe|civilite|forme|genero|sexo|tratamiento|"
            "forma de tratamiento|geschlecht|anredeform|anrede form|الجنس|النوع الاجتماعي")),
    Field("language", _("Language to write in"), "language", words(
            "language|lang|working language|language code|langue|langue de travail|idioma|lengua|sprache|"
            "korrespondenzsprache|اللغة|لغة|لغة المراسلة")),
    Field("salutation", _("Salutation, in the language to write in"), "salutation", words(
            "salutation|greeting|formule d appel|formule|appel|saludo|encabezamiento|formula de saludo|"
            "anrede|briefanrede|التحية|صيغة المخاطبة|المخاطبة"), most=120),
    Field("salutation_en", _("Salutation in English"), "salutation_en", words(
        "salutation en|salutation english|salutation in english|salutation anglais|saludo ingles|"
        "anrede englisch|التحية بالإنجليزية"), most=120),
    Field("salutation_fr", _("Salutation in French"), "salutation_fr", words(
        "salutation fr|salutation french|salutation in french|salutation francais|"
        "formule d appel francais|saludo frances|anrede franzosisch|التحية بالفرنسية"), most=120),
    Field("salutation_es", _("Salutation in Spanish"), "salutation_es", words(
        "salutation es|salutation spanish|salutation in spanish|salutation espagnol|saludo espanol|"
        "saludo en espanol|anrede spanisch|التحية بالإسبانية"), most=120),
    Field("salutation_ar", _("Salutation in Arabic"), "salutation_ar", words(
        "salutation ar|salutation arabic|salutation in arabic|salutation arabe|saludo arabe|"
        "anrede arabisch|التحية بالعربية"), most=120),
    Field("address", _("Mail address"), "address", words(
            "email|e mail|mail|email address|e mail address|mail address|email 1|email 2|second email|"
            "address|other email|courriel|adresse electronique|adresse mail|adresse e mail|"
            "adresse de courriel|mel|correo|correo electronico|direccion de correo|email oficial|"
            "mailadresse|e mail adresse|emailadresse|البريد الإلكتروني|البريد|بريد إلكتروني|"
            "عنوان البريد الإلكتروني|الإيميل"), joint="; ", needed=True),
    Field("phone", _("Telephone"), "phone", words(
            "phone|telephone|tel|phone number|telephone number|mobile|n de telephone|numero de telephone|"
            "portable|telefono|numero de telefono|movil|telefon|telefonnummer|rufnummer|الهاتف|"
            "رقم الهاتف|هاتف|تلفون"), most=60),
    Field("postal", _("Postal address"), "postal_address", words(
            "postal address|street address|street|mailing address|post address|adresse postale|adresse|"
            "rue|direccion postal|direccion|calle|domicilio|anschrift|postanschrift|postadresse|strasse|"
            "العنوان البريدي|العنوان|الشارع"), most=1000),
    Field("source", _("Source: whence we know"), "source", words(
        "source|found at|reference|provenance|reference|fuente|procedencia|quelle|herkunft|fundstelle|المصدر|مصدر"),
        most=300),
    Field("verified_on", _("Verified on"), "verified_on", words(
            "verified on|verified|checked on|checked|last checked|date|verifie le|date de verification|"
            "verificado el|verificado|fecha de verificacion|fecha|gepruft am|geprueft am|datum|"
            "تاريخ التحقق|التاريخ")),
    Field("notes", _("Notes"), "notes", words(
            "notes|note|remarks|remark|comment|comments|remarques|remarque|commentaire|commentaires|"
            "observations|notas|nota|observaciones|comentarios|bemerkung|bemerkungen|anmerkung|"
            "anmerkungen|notiz|notizen|ملاحظات|ملاحظة|تعليق"), most=5000),
]  # fmt: skip
BY_KEY = {field.key: field for field in FIELDS}
NEEDED = tuple(field.key for field in FIELDS if field.needed)
#: how like a heading must be to a known one: one slip in seven letters
LIKE = 0.84
#: headings of a part of a name, to which another column holds the rest
GIVEN = frozenset(words("first name|given name|given names|prenom|prenoms|vorname"))
#: the same of those who have "nombre" for the given name beside them, and for the whole where it stands alone
FAMILY, WHOLE_OR_GIVEN = frozenset(words("apellido|apellidos")), frozenset(words("nombre|nombres"))
_MAIL = re.compile(r"^\s*<?[^@\s;,]+@[^@\s;,]+\.[^@\s;,]+>?")
_EXACT = {word: field.key for field in reversed(FIELDS) for word in (*field.words, fold(field.head))}


def guess_heading_row(table: Table) -> int:
    """The number of the row that holds the headings: the one of the first ten in which we know most words.

    Titles above a table fill one cell, often merged; where we know nothing, the first row with two cells is it.
    """
    first = table.rows[:10]
    known = {row.number: sum(bool(field_of_heading(cell)) for cell in row.cells) for row in first}
    best = max(first, key=lambda row: (known[row.number], -row.number))
    if known[best.number] >= 2:
        return best.number
    wide = (row.number for row in first if sum(bool(cell.strip()) for cell in row.cells) > 1)
    return next(wide, first[0].number)


def field_of_heading(heading: str) -> str:
    """The key of the field that a heading names, or ""; accents, case, numbers at the end and a slip are forgiven."""
    folded = fold(heading)
    plain = re.sub(r"\s*\d+$", "", folded)
    if found := _EXACT.get(folded) or _EXACT.get(plain):
        return found
    if not 4 <= len(plain) <= 60:
        return ""
    near = [candidate for candidate in _EXACT if abs(len(candidate) - len(plain)) <= 2]
    found = closest(plain, near, least=LIKE)
    return _EXACT[found[0]] if found else ""


def guess_mapping(sheet: Sheet, is_country: Callable[[str], bool]) -> list[str]:
    """For each column the key of a field, or "" to leave it out. A field that is one of a kind is given once.

    What stands in a column outweighs a vague heading: a column of mail addresses is that whatever it is called.
    """
    rows = [row.cells for row in sheet.rows[:200]]
    mapping = [
        _guess(heading, [row[place] for row in rows], is_country) for place, heading in enumerate(sheet.headings)
    ]
    taken: dict[str, str] = {}
    for place, (key, heading) in enumerate(zip(mapping, sheet.headings, strict=True)):
        if key and key in taken and not _goes_with(key, heading, taken[key]):
            mapping[place] = ""
        else:
            taken[key] = heading
    if "country" not in taken:
        for place, key in enumerate(mapping):
            if not key and _share([row[place] for row in rows], is_country) > 0.7:
                mapping[place] = "country"
                break
    return mapping


def reading_order(mapping: Sequence[str], headings: Sequence[str]) -> list[int]:
    """The columns in the order in which their texts are joined: the given name comes before the family name."""

    def place_in_name(place: int) -> int:
        if mapping[place] != "name":
            return 0
        heading = fold(headings[place])
        return 1 if heading in GIVEN else 3 if heading in FAMILY else 2

    return sorted(range(len(mapping)), key=place_in_name)


def _goes_with(key: str, heading: str, taken: str) -> bool:
    """Whether two columns hold the field together: any addresses, but of names only the given and the family name."""
    if key == "name":
        two = {fold(heading), fold(taken)}
        return len(two & GIVEN) == 1 or bool(two & FAMILY and two & WHOLE_OR_GIVEN)
    return BY_KEY[key].several


def _guess(heading: str, values: Sequence[str], is_country: Callable[[str], bool]) -> str:
    if _share(values, lambda value: bool(_MAIL.match(value))) > 0.6:
        return "address"
    key = field_of_heading(heading)
    if (
        fold(heading) == "address"
        and not any("@" in value for value in values)
        and any(value.strip() for value in values)
    ):
        return "postal"
    if key == "country" and values and _share(values, is_country) < 0.2 and any(value.strip() for value in values):
        return ""
    return key


def _share(values: Sequence[str], test: Callable[[str], bool]) -> float:
    filled = [value for value in values if value.strip()]
    return sum(map(test, filled)) / len(filled) if filled else 0.0
