"""What the renderer itself says, in the languages of letters. English where a language has no words of its own."""

from collections.abc import Mapping
from typing import NamedTuple


class Words(NamedTuple):
    notes: str
    note: str
    back: str
    signatories: str
    signed_none: str
    organisation: tuple[str, str]
    person: tuple[str, str]
    country: tuple[str, str]
    joined: str
    counted: tuple[str, str]
    unnamed: tuple[str, str]
    as_of: str
    removed: str
    page: str


WORDS = {
    "en": Words(
        "Notes", "Note {n}", "Back to the text", "Signatories",
        "We, the organisations named below, have signed this text.",
        ("{n} organisation", "{n} organisations"), ("{n} person", "{n} people"), ("{n} country", "{n} countries"),
        " and ",
        ("{who} from {where} has signed this letter.", "{who} from {where} have signed this letter."),
        ("{n} of them is counted and not named here.", "{n} of them are counted and not named here."),
        "As of {when}.", "removed on request", "Page {n} of {all}",
    ),
    "fr": Words(
        "Notes", "Note {n}", "Retour au texte", "Signataires",
        "Nous, les organisations nommées ci-dessous, avons signé ce texte.",
        ("{n} organisation", "{n} organisations"), ("{n} personne", "{n} personnes"), ("{n} pays", "{n} pays"),
        " et ", ("{who} de {where} a signé cette lettre.", "{who} de {where} ont signé cette lettre."),
        ("{n} est comptée sans être nommée ici.", "{n} sont comptées sans être nommées ici."),
        "État au {when}.", "retiré sur demande", "Page {n} sur {all}",
    ),
    "es": Words(
        "Notas", "Nota {n}", "Volver al texto", "Firmantes",
        "Nosotras, las organizaciones nombradas a continuación, hemos firmado este texto.",
        ("{n} organización", "{n} organizaciones"), ("{n} persona", "{n} personas"), ("{n} país", "{n} países"),
        " y ", ("{who} de {where} ha firmado esta carta.", "{who} de {where} han firmado esta carta."),
        ("{n} se cuenta sin nombrarse aquí.", "{n} se cuentan sin nombrarse aquí."),
        "A fecha de {when}.", "retirado a petición", "Página {n} de {all}",
    ),
    "ar": Words(
        "الهوامش", "الهامش {n}", "العودة إلى النص", "الموقعون", "نحن المنظمات المذكورة أدناه وقعنا هذا النص.",
        ("منظمات: {n}", "منظمات: {n}"), ("أشخاص: {n}", "أشخاص: {n}"), ("بلدان: {n}", "بلدان: {n}"),
        "، ", ("وقع هذه الرسالة: {who} ({where}).", "وقع هذه الرسالة: {who} ({where})."),
        ("من دون ذكر الاسم: {n}.", "من دون ذكر الاسم: {n}."),
        "بتاريخ {when}.", "حُذف بناءً على طلب", "صفحة {n} من {all}",
    ),
}  # fmt: skip


def words_of(language: str) -> Words:
    return WORDS.get(language[:2], WORDS["en"])


def counted(forms: tuple[str, str], number: int) -> str:
    """ "1 organisation", "287 organisations"."""
    return forms[0 if number == 1 else 1].format(n=number)


def signed_sentence(language: str, organisations: int, people: int, countries: int) -> str:
    """Who has signed, with numbers; without any, that those named below have."""
    words = words_of(language)
    if not (organisations or people):
        return words.signed_none
    who = words.joined.join(
        counted(forms, number)
        for forms, number in ((words.organisation, organisations), (words.person, people))
        if number
    )
    sentence = words.counted[0 if organisations + people == 1 else 1]
    return sentence.format(who=who, where=counted(words.country, countries))


def number_in(envelope: Mapping[str, str], key: str) -> int:
    """A count of the envelope as a number; 0 where it is none."""
    text = envelope.get(key, "")
    return int(text) if text.isascii() and text.isdigit() else 0
