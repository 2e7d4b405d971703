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
from .petition_tools import UNREAD

#: what a table has besides the fields of a signature
EXTRA: dict[str, Label] = {
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "contact_type": _("Person or organisation"),
    "no_mail": _("Wants no email"),
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
    "org_members": _("Number of members, roughly"),
    "email": _("Email address of that person"),
    "authorised": _("The person says that they may sign for the organisation"),
    "visibility": _("Who may see the name"),
    "wants_answers": _("The paper asks for governments’ answers by email"),
    "wants_letters": _("The paper asks for emails about later letters"),
    **EXTRA,
}
KEYS = tuple(LABELS)
#: what several columns may say; one that says so is enough
SEVERAL = frozenset({"no_mail"})
#: further headings, separated by "|"
HEADINGS = {
    "org_name": "organisation|organization|organization name|name of organisation|organisation name|name|nom|"
    "nom de l'organisation|organización|nombre|nombre de la organización|entidad|المنظمة|اسم المنظمة|الاسم|الجمعية",
    "org_name_english": "name in english|english name|nom en anglais|nombre en inglés|"
    "الاسم بالإنجليزية|الاسم بالانجليزية",
    "org_acronym": "acronym|abbreviation|sigle|acronyme|sigla|siglas|acrónimo|الاختصار|الاسم المختصر",
    "org_kind": "kind|type|kind of organisation|type of organisation|type d'organisation|tipo|tipo de organización|"
    "النوع|نوع المنظمة",
    "person_name": "person|contact|display name|nom affiché|mostrar nombre|"
    "contact person|signatory|signed by|representative|full name|"
    "nom du signataire|"
    "signataire|personne|représentant|persona|firmante|representante|nombre y apellidos|nombre completo|"
    "الموقع|اسم الموقع|اسم الشخص|الممثل|الاسم الكامل",
    "person_post": "position|post|job title|function|title|role|fonction|poste|qualité|cargo|puesto|función|profesión|"
    "المنصب|الوظيفة|الصفة",
    "country": "country|country code|pays|code pays|país|código de país|البلد|الدولة|رمز البلد",
    "org_website": "website|web|url|site|site web|site internet|sitio web|página web|sitio en la red|"
    "الموقع الإلكتروني|الموقع الالكتروني",
    "org_members": "members|number of members|members represented|membres|nombre de membres|miembros|"
    "número de miembros|afiliados|الأعضاء|عدد الأعضاء",
    "email": "email|e-mail|mail|email address|primary email|address|courriel|adresse électronique|adresse e-mail|"
    "correo|adresse électronique principale|correo electrónico principal|"
    "correo electrónico|dirección de correo|البريد|البريد الإلكتروني|البريد الالكتروني|الإيميل",
    "authorised": "authorised|authorized|autorisé|autorisée|autorizado|autorizada|مفوض|مخول",
    "visibility": "visibility|who may see|public|visibilité|visibilidad|visible|الظهور|من يرى الاسم",
    "wants_answers": "wants answers|answers|réponses|respuestas|الأجوبة|الردود",
    "wants_letters": "wants letters|later letters|newsletter|autres lettres|otras cartas|رسائل أخرى",
    "language": "language|preferred language|langue|langue préférée|idioma|idioma preferido|lengua|اللغة",
    "given_on": "date|day|signed on|created at|submission date|timestamp|timestamp (est)|timestamp (edt)|activity date|"
    "signature date|date de l'activité|fecha de la actividad|"
    "date of signature|date de signature|signé le|fecha|fecha de firma|firmado el|"
    "التاريخ|تاريخ التوقيع",
    "first_name": "first name|given name|prénom|primer nombre|nombre de pila|الاسم الأول",
    "last_name": "last name|family name|surname|nom de famille|apellido|apellidos|اسم العائلة|اللقب",
    "contact_type": "contact type|type de contact|tipo de contacto",
    "no_mail": "can2 subscription status|do not email|no bulk emails (user opt out)|email on hold|on hold|"
    "ne pas envoyer de courriel|ne pas envoyer d'email|pas de courriels en masse (désinscription)|pas de mailing|"
    "pas de mailing - opposition (opt out)|no enviar correo electrónico|no enviar un correo electrónico|"
    "no enviar email|no enviar correos masivos (exclusión del usuario)|correo electrónico bloqueado|"
    "no enviar correos masivos (el usuario no lo desea)|"
    "no enviar correos electrónicos masivos (el usuario no lo desea)",
    "note": "note|notes|remark|remarks|comment|comments|remarque|remarques|nota|notas|observaciones|ملاحظة|ملاحظات",
}  # fmt: skip
#: a person's name, or that of an organisation
PERSON_HEADINGS = frozenset(map(fold, ["name", "nom", "nombre", "الاسم", "nom et prénom", "names"]))


def asked_columns(kind: str) -> list[str]:
    """The keys that a table of such signers may have, in the order in which they are offered."""
    of_kind: dict[str, Kinds] = {field.name: field.asked_of for field in TYPED}
    return [key for key in KEYS if kind in of_kind.get(key, BOTH)]


def guess_columns(headings: Sequence[str], kind: str = SignOn.Kind.ORGANISATION) -> list[str]:
    """For each heading the key of a field, or "": without case and accents, with one typing error, each key once."""
    folded = [fold(heading[:200].replace("_", " ")) for heading in headings]
    names = _names_of_people(folded, kind) | _halves_of_names(folded)
    keys: list[str] = []
    for heading in folded:
        key = names.get(heading) or _key(heading)
        is_free = key not in keys or key in SEVERAL
        keys.append(key if key in asked_columns(kind) and is_free else "")
    return keys


def _halves_of_names(headings: Sequence[str]) -> dict[str, str]:
    """ "nom" beside "prénom" is the last name, "nombre" beside "apellidos" the first."""
    known = _known_headings()
    found = {known.get(heading, "") for heading in headings}
    last = {fold("nom"): "last_name"} if "first_name" in found else {}
    return last | ({fold("nombre"): "first_name"} if "last_name" in found else {})


def _names_of_people(headings: Sequence[str], kind: str) -> dict[str, str]:
    """ "name" is the person's where people sign, and beside "organisation"."""
    found = {_key(heading) for heading in headings if heading not in PERSON_HEADINGS}
    if kind in ORGANISATIONS and ("org_name" not in found or "person_name" in found):
        return {}
    return dict.fromkeys(PERSON_HEADINGS, "person_name")


def _key(heading: str) -> str:
    if heading in UNREAD:
        return ""
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
