"""French: 1er, and narrow no-break spaces inside quotation marks."""

from django.utils.translation import gettext_lazy as _

from .base import (
    IN,
    NARROW,
    OF,
    CitationTerms,
    Dates,
    GenericRecipient,
    Language,
    Notes,
    Salutations,
    Signatures,
    VerificationWords,
)

FEMININE = {
    "AD", "AL", "AM", "AR", "AT", "AU", "BA", "BB", "BE", "BG", "BO", "BY", "CD", "CF", "CH", "CI", "CN", "CO",
    "CZ", "DE", "DM", "DO", "DZ", "EE", "EG", "ER", "ES", "ET", "EU", "FI", "FR", "GD", "GE", "GM", "GN", "GQ",
    "GR", "GW", "HR", "HU", "ID", "IE", "IN", "IS", "IT", "JM", "JO", "KR", "LT", "LV", "LY", "MD", "MK", "MN",
    "MR", "MY", "NA", "NO", "NZ", "PG", "PL", "RO", "RS", "RU", "SA", "SE", "SI", "SK", "SL", "SO", "SY", "TH",
    "TN", "TR", "TZ", "UA", "ZA", "ZM",
}  # fmt: skip
PLURAL = {"AE", "BS", "FJ", "KM", "MH", "MV", "NL", "PH", "SB", "SC", "TO", "US"}
WITHOUT_ARTICLE = {
    "AG", "BH", "CU", "CV", "CY", "DJ", "HK", "HT", "IL", "KI", "KN", "LC", "LK", "MC", "MG", "MO", "MT", "MU",
    "NR", "OM", "SG", "SM", "ST", "TL", "TT", "VC", "VU",
}  # fmt: skip


def article(code: str, name: str) -> str:
    """ "le ", "la ", "l’", "les ", or "" for islands and cities without one."""
    if code in WITHOUT_ARTICLE:
        return ""
    if code in PLURAL:
        return "les "
    if name[:1] in "AEIOUÉÎaeiou":
        return "l’"
    return "la " if code in FEMININE else "le "


#: what the article becomes after de, and after à
OF_ARTICLE = {"le ": "du ", "les ": "des ", "la ": "de la ", "l’": "de l’"}
TO_ARTICLE = {"le ": "au ", "les ": "aux ", "la ": "à la ", "l’": "à l’"}
#: islands and cities whose first letter is mute
MUTE = {"HT"}
#: no place to be in, but something to be a part of
WITHIN = {"EU": "dans l’"}


def after_preposition(code: str, name: str, preposition: str) -> str:
    """ "du Kenya", "aux Philippines", "en France", "à Cuba", "d’Haïti"."""
    before = article(code, name)
    if preposition == OF:
        elided = not before and (code in MUTE or name[:1] in "AEIOUÉÎaeiou")
        return OF_ARTICLE.get(before, "d’" if elided else "de ") + name
    if preposition == IN and before in {"la ", "l’"}:
        return WITHIN.get(code, "en ") + name
    return TO_ARTICLE.get(before, "à ") + name


LANGUAGE = Language(
    code="fr",
    name=_("French"),
    aliases="fr|fra|fre|french|francais|frances|franzosisch|franzoesisch|الفرنسية|فرنسي",
    position=2,
    dates=Dates(
        months=(
            "janvier", "février", "mars", "avril", "mai", "juin",
            "juillet", "août", "septembre", "octobre", "novembre", "décembre",
        ),
        first_day="1er",
        period="du {start} au {end}",
        loose_period="{start} – {end}",
        moment="{day}, {time} à {place} ({utc} UTC)",
    ),
    plural=lambda number: 0 if number < 2 else 1,
    general=GenericRecipient(
        country="votre pays",
        delegation="votre délégation",
        capital="votre capitale",
        salutation_all="Excellences",
        salutation="Excellence",
        recipient="le ministre chargé du commerce",
        office="Ministère chargé du commerce",
        some="plusieurs",
        delegation_of="la délégation {of}",
        of_country="de votre pays",
        to_country="à votre pays",
        in_country="dans votre pays",
    ),
    signatures=Signatures(
        heading="Signataires",
        without_numbers="Nous, les organisations nommées ci-dessous, avons signé ce texte.",
        organisations=("{n} organisation", "{n} organisations"),
        people=("{n} personne", "{n} personnes"),
        signatories=("{n} signataire", "{n} signataires"),
        countries=("{n} pays", "{n} pays"),
        joined=" et ",
        counted=("{who} de {where} a signé cette lettre.", "{who} de {where} ont signé cette lettre."),
        counted_alone=("{who} a signé cette lettre.", "{who} ont signé cette lettre."),
        unnamed=("{n} est comptée sans être nommée ici.", "{n} sont comptées sans être nommées ici."),
        as_of="État au {when}.",
        removed="retiré sur demande",
        fingerprint=f"Empreinte (SHA-256){NARROW}:",
        fingerprint_later="Empreinte : ajoutée quand l’envoi est autorisé",
        no_font="nom en écriture {script}",
    ),
    notes=Notes(heading="Notes", note="Note {n}", back="Retour au texte", page="Page {n} sur {all}"),
    checking=VerificationWords(
        heading=f"Vérifier ce texte{NARROW}:",
        frozen="Lettre {letter}, version {version}, figée le {day}.",
        code="Code QR de l’adresse {url}",
    ),
    citation=CitationTerms(
        et_al="et al.",
        cited_in="cité dans",
        above="note {n} ci-dessus",
        point="point",
        accessed="consulté le {day}",
        undated="s.d.",
        quotes=(f"«{NARROW}", f"{NARROW}»"),
    ),
    salutations=Salutations(
        premier=("Monsieur le Premier Ministre", "Madame la Première Ministre", "Excellence"),
        ambassador=("Monsieur l’Ambassadeur", "Madame l’Ambassadrice", "Excellence"),
        minister=("Monsieur le Ministre", "Madame la Ministre", "Excellence"),
        president=("Monsieur le Président", "Madame la Présidente", "Excellence"),
        other=("Monsieur", "Madame", "Madame, Monsieur"),
    ),
    posts={
        "other": (
            "conseill*", "directeur", "directrice", "adjoint*", "attachée", "chargée d’affaires", "sous-secrétaire",
            "chef de cabinet", "cheffe de cabinet",
        ),
        "premier": ("premier ministre", "première ministre"),
        "ambassador": ("ambassadeur", "ambassadrice", "représentant permanent", "représentante permanente"),
        "minister": ("ministre",),
        "president": ("présidente",),
    },
    article=article,
    after_preposition=after_preposition,
)  # fmt: skip
