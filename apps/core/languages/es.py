"""Spanish: ñ is a letter of its own."""

from django.utils.translation import gettext_lazy as _

from .base import (
    IN,
    OF,
    TO,
    CitationTerms,
    Dates,
    GenericRecipient,
    Language,
    Notes,
    Salutations,
    Signatures,
    VerificationWords,
)

PREPOSITIONS = {OF: "de", TO: "a", IN: "en"}
#: with the article "el"
CONTRACTED = {OF: "del", TO: "al"}
FEMININE = {"CD", "CF", "DO", "EU", "IN"}
MASCULINE = {"CG", "GB", "TW"}


def article(code: str, name: str) -> str:
    """For a few names only, and none for plural ones, so that the verb stays singular: "Estados Unidos se opone"."""
    if code in FEMININE or name.startswith(("República", "ex República")):
        return "la "
    return "el " if code in MASCULINE else ""


def after_preposition(code: str, name: str, preposition: str) -> str:
    """ "de Kenia", "del Congo", "al Reino Unido", "en la India"."""
    before = article(code, name)
    if before == "el " and preposition in CONTRACTED:
        return f"{CONTRACTED[preposition]} {name}"
    return f"{PREPOSITIONS[preposition]} {before}{name}"


LANGUAGE = Language(
    code="es",
    name=_("Spanish"),
    aliases="es|spa|spanish|espagnol|espanol|castellano|spanisch|الإسبانية|إسباني",
    position=3,
    dates=Dates(
        months=(
            "enero", "febrero", "marzo", "abril", "mayo", "junio",
            "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
        ),
        day_month="{day} de {month}",
        with_year="{date} de {year}",
        period="del {start} al {end}",
        loose_period="{start} – {end}",
        moment="{day}, {time} en {place} ({utc} UTC)",
    ),
    general=GenericRecipient(
        country="su país",
        delegation="su delegación",
        capital="su capital",
        salutation_all="Excelencias",
        salutation="Excelencia",
        recipient="el ministro encargado de comercio",
        office="Ministerio encargado de comercio",
        some="varias",
        delegation_of="la delegación {of}",
        of_country="de su país",
        to_country="a su país",
        in_country="en su país",
    ),
    signatures=Signatures(
        heading="Firmantes",
        without_numbers="Nosotras, las organizaciones nombradas a continuación, hemos firmado este texto.",
        organisations=("{n} organización", "{n} organizaciones"),
        people=("{n} persona", "{n} personas"),
        signatories=("{n} firmante", "{n} firmantes"),
        countries=("{n} país", "{n} países"),
        joined=" y ",
        counted=("{who} de {where} ha firmado esta carta.", "{who} de {where} han firmado esta carta."),
        counted_alone=("{who} ha firmado esta carta.", "{who} han firmado esta carta."),
        unnamed=("{n} se cuenta sin nombrarse aquí.", "{n} se cuentan sin nombrarse aquí."),
        as_of="A fecha de {when}.",
        removed="retirado a petición",
        fingerprint="Huella (SHA-256):",
        fingerprint_later="Huella: se añade cuando se autoriza el envío",
        no_font="nombre en escritura {script}",
    ),
    notes=Notes(heading="Notas", note="Nota {n}", back="Volver al texto", page="Página {n} de {all}"),
    checking=VerificationWords(
        heading="Comprobar este texto:",
        frozen="Carta {letter}, versión {version}, congelada el {day}.",
        code="Código QR con la dirección {url}",
    ),
    citation=CitationTerms(
        et_al="et al.",
        cited_in="citado en",
        above="nota {n} supra",
        point="punto",
        accessed="consultado el {day}",
        undated="s.f.",
        quotes=("«", "»"),
    ),
    salutations=Salutations(
        premier=("Señor Primer Ministro", "Señora Primera Ministra", "Excelencia"),
        ambassador=("Señor Embajador", "Señora Embajadora", "Excelencia"),
        minister=("Señor Ministro", "Señora Ministra", "Excelencia"),
        president=("Señor Presidente", "Señora Presidenta", "Excelencia"),
        other=("Estimado señor", "Estimada señora", "Estimada señora, estimado señor"),
    ),
    posts={
        "other": (
            "asesor*", "consejer*", "agregad*", "vice*", "adjunt*", "directora", "subsecretari*",
            "encargado de negocios", "encargada de negocios", "jefe de gabinete", "jefa de gabinete",
        ),
        "premier": ("primer ministro", "primera ministra"),
        "ambassador": ("embajador", "embajadora", "representante permanente"),
        "minister": ("ministro", "ministra"),
        "president": ("presidente", "presidenta"),
    },
    article=article,
    after_preposition=after_preposition,
    own_letters={"ñ": "n"},
)  # fmt: skip
