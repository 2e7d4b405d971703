"""The columns of a table of signatures: which field a heading means, in English, French, Spanish and Arabic."""

from collections.abc import Sequence
from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from apps.core.similarity import closest
from apps.core.text import fold
from apps.core.types import Label

from .models import SignOn
from .models.sign_on_fields import BOTH, ORGANISATIONS, TYPED, Kinds

#: what a table has besides the fields of a signature
EXTRA: dict[str, Label] = {
    "language": _("Language of the signer"),
    "given_on": _("Signed on"),
    "note": _("Note"),
}
#: key → what the column means, as the team reads it
LABELS: dict[str, Label] = {
    "org_name": _("Name in its own language and script"),
    "org_name_english": _("Name in English"),
    "org_acronym": _("Acronym"),
    "org_kind": _("Kind of organisation"),
    "person_name": _("Name of the person who signed"),
    "person_post": _("Position of that person"),
    "country": _("Country"),
    "org_website": _("Website"),
    "org_members": _("Members, roughly"),
    "email": _("Email address of that person"),
    "authorised": _("The person says that they may sign for the organisation"),
    "visibility": _("Who may see the name"),
    "wants_answers": _("The paper asks for governments’ answers by email"),
    "wants_letters": _("The paper asks for mail about later letters"),
    **EXTRA,
}
KEYS = tuple(LABELS)
#: further headings, separated by "|"
HEADINGS = {
    "org_name": "organisation|organization|name of organisation|organisation name|name|nom|nom de l'organisation|"
    "organización|nombre|nombre de la organización|entidad|المنظمة|اسم المنظمة|الاسم|الجمعية",
    "org_name_english": "name in english|english name|nom en anglais|nombre en inglés|"
    "الاسم بالإنجليزية|الاسم بالانجليزية",
    "org_acronym": "acronym|abbreviation|sigle|acronyme|sigla|siglas|acrónimo|الاختصار|الاسم المختصر",
    "org_kind": "kind|type|kind of organisation|type of organisation|type d'organisation|tipo|tipo de organización|"
    "النوع|نوع المنظمة",
    "person_name": "person|contact|contact person|signatory|signed by|representative|full name|nom du signataire|"
    "signataire|personne|représentant|persona|firmante|representante|nombre y apellidos|nombre completo|"
    "الموقع|اسم الموقع|اسم الشخص|الممثل|الاسم الكامل",
    "person_post": "position|post|function|title|role|fonction|poste|qualité|cargo|puesto|función|المنصب|الوظيفة|الصفة",
    "country": "country|country code|pays|code pays|país|código de país|البلد|الدولة|رمز البلد",
    "org_website": "website|web|url|site|site web|site internet|sitio web|página web|"
    "الموقع الإلكتروني|الموقع الالكتروني",
    "org_members": "members|number of members|members represented|membres|nombre de membres|miembros|"
    "número de miembros|afiliados|الأعضاء|عدد الأعضاء",
    "email": "email|e-mail|mail|email address|address|courriel|adresse électronique|adresse e-mail|correo|"
    "correo electrónico|dirección de correo|البريد|البريد الإلكتروني|البريد الالكتروني|الإيميل",
    "authorised": "authorised|authorized|autorisé|autorisée|autorizado|autorizada|مفوض|مخول",
    "visibility": "visibility|who may see|public|visibilité|visibilidad|visible|الظهور|من يرى الاسم",
    "wants_answers": "wants answers|answers|réponses|respuestas|الأجوبة|الردود",
    "wants_letters": "wants letters|later letters|newsletter|autres lettres|otras cartas|رسائل أخرى",
    "language": "language|langue|idioma|lengua|اللغة",
    "given_on": "date|day|signed on|date of signature|date de signature|signé le|fecha|fecha de firma|firmado el|"
    "التاريخ|تاريخ التوقيع",
    "note": "note|notes|remark|remarks|comment|comments|remarque|remarques|nota|notas|observaciones|ملاحظة|ملاحظات",
}  # fmt: skip
#: of people, a name is the person's
PERSON_HEADINGS = frozenset(map(fold, ["name", "nom", "nombre", "الاسم", "nom et prénom", "names"]))


def asked_columns(kind: str) -> list[str]:
    """The keys that a table of such signers may have, in the order in which they are offered."""
    of_kind: dict[str, Kinds] = {field.name: field.asked_of for field in TYPED}
    return [key for key in KEYS if kind in of_kind.get(key, BOTH)]


def guess_columns(headings: Sequence[str], kind: str = SignOn.Kind.ORGANISATION) -> list[str]:
    """For each heading the key of a field, or "": without case and accents, with one typing error, each key once."""
    keys: list[str] = []
    for heading in headings:
        key = _key(fold(heading[:200]), kind)
        keys.append(key if key in asked_columns(kind) and key not in keys else "")
    return keys


def _key(heading: str, kind: str) -> str:
    if kind not in ORGANISATIONS and heading in PERSON_HEADINGS:
        return "person_name"
    known = _known_headings()
    if heading in known or len(heading) < 4:
        return known.get(heading, "")
    similar = closest(heading, [each for each in known if abs(len(each) - len(heading)) <= 2], least=0.84)
    return known[similar[0]] if similar else ""


@cache
def _known_headings() -> dict[str, str]:
    found = {fold(name): key for key, names in HEADINGS.items() for name in names.split("|")}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found |= {fold(str(label)): key for key, label in LABELS.items() if fold(str(label)) not in found}
    return found | {fold(key.replace("_", " ")): key for key in KEYS}
