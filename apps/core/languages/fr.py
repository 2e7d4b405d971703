"""French: 1er, and narrow no-break spaces inside quotation marks."""

from django.utils.translation import gettext_lazy as _

from .base import NARROW, CitationTerms, Dates, General, Language, Notes, Salutations, Signatures

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
    general=General(
        country="votre pays",
        delegation="votre délégation",
        capital="votre capitale",
        salutation_all="Excellences",
        salutation="Excellence",
        recipient="le ministre chargé du commerce",
        office="Ministère chargé du commerce",
        some="plusieurs",
    ),
    signatures=Signatures(
        heading="Signataires",
        without_numbers="Nous, les organisations nommées ci-dessous, avons signé ce texte.",
        organisations=("{n} organisation", "{n} organisations"),
        people=("{n} personne", "{n} personnes"),
        countries=("{n} pays", "{n} pays"),
        joined=" et ",
        counted=("{who} de {where} a signé cette lettre.", "{who} de {where} ont signé cette lettre."),
        unnamed=("{n} est comptée sans être nommée ici.", "{n} sont comptées sans être nommées ici."),
        as_of="État au {when}.",
        removed="retiré sur demande",
        fingerprint=f"Empreinte (SHA-256){NARROW}:",
        fingerprint_later="Empreinte : ajoutée quand l’envoi est autorisé",
        no_font="nom en écriture {script}",
    ),
    notes=Notes(heading="Notes", note="Note {n}", back="Retour au texte", page="Page {n} sur {all}"),
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
)  # fmt: skip
