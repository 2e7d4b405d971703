"""English."""

from django.utils.translation import gettext_lazy as _

from .base import CitationTerms, Dates, GenericRecipient, Language, Notes, Salutations, Signatures, VerificationWords

WITH_ARTICLE = {
    "AE", "BS", "CD", "CF", "CG", "CZ", "DO", "EU", "GB", "GM", "KG", "KM", "MK", "MV", "NL", "PH", "SB", "US",
}  # fmt: skip


def article(code: str, name: str) -> str:
    """ "the " for some, unless it is part of the name."""
    return "the " if code in WITH_ARTICLE and not name.lower().startswith("the ") else ""


LANGUAGE = Language(
    code="en",
    name=_("English"),
    aliases="en|eng|english|anglais|ingles|englisch|الإنجليزية|إنجليزي",
    position=1,
    dates=Dates(
        months=(
            "January", "February", "March", "April", "May", "June",
            "July", "August", "September", "October", "November", "December",
        ),
        moment="{day}, {time} in {place} ({utc} UTC)",
    ),
    general=GenericRecipient(
        country="your country",
        delegation="your delegation",
        delegation_of="the delegation of {country}",
        of_country="of your country",
        to_country="to your country",
        in_country="in your country",
        capital="your capital",
        salutation_all="Excellencies",
        salutation="Excellency",
        recipient="the minister responsible for trade",
        office="Ministry responsible for trade",
        some="some",
    ),
    signatures=Signatures(
        heading="Signatories",
        without_numbers="We, the organisations named below, have signed this text.",
        organisations=("{n} organisation", "{n} organisations"),
        people=("{n} person", "{n} people"),
        signatories=("{n} signatory", "{n} signatories"),
        countries=("{n} country", "{n} countries"),
        joined=" and ",
        counted=("{who} from {where} has signed this letter.", "{who} from {where} have signed this letter."),
        counted_alone=("{who} has signed this letter.", "{who} have signed this letter."),
        unnamed=("{n} of them is counted and not named here.", "{n} of them are counted and not named here."),
        as_of="As of {when}.",
        removed="removed on request",
        fingerprint="Fingerprint (SHA-256):",
        fingerprint_later="Fingerprint: added when the letter is authorised",
        no_font="name in {script} script",
    ),
    notes=Notes(heading="Notes", note="Note {n}", back="Back to the text", page="Page {n} of {all}"),
    checking=VerificationWords(
        heading="Check this text:",
        frozen="Letter {letter}, version {version}, frozen on {day}.",
        code="QR code with the address {url}",
    ),
    citation=CitationTerms(
        et_al="et al.",
        cited_in="cited in",
        above="note {n} above",
        point="point",
        accessed="accessed on {day}",
        undated="n.d.",
        quotes=("“", "”"),
    ),
    salutations=Salutations(
        premier=("Excellency", "Excellency", "Excellency"),
        ambassador=("Excellency", "Excellency", "Excellency"),
        minister=("Excellency", "Excellency", "Excellency"),
        president=("Excellency", "Excellency", "Excellency"),
        other=("Dear Sir", "Dear Madam", "Dear Madam or Sir"),
    ),
    posts={
        "other": (
            "deputy", "vice", "assistant", "associate", "adviser", "advisor", "counsellor", "counselor",
            "charge d affaires", "attache", "director", "permanent secretary", "principal secretary",
            "under secretary", "undersecretary",
        ),
        "premier": ("prime minister",),
        "ambassador": ("ambassador", "permanent representative"),
        "minister": ("minister", "cabinet secretary", "secretary of state"),
        "president": ("president", "speaker"),
    },
    article=article,
    after_preposition=lambda code, name, preposition: f"{preposition} {article(code, name)}{name}",
)  # fmt: skip
