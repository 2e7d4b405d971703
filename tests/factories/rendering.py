"""Frozen bodies, envelopes and lists of signatories, as renderers take them."""

from datetime import UTC, datetime
from typing import Any

from apps.letters.document.resolution import Frozen, resolve
from apps.letters.merge_fields import envelope_keys
from apps.letters.rendering import AnnexData, AnnexSection, Letterhead, VerificationLink

from . import documents as d

NAMES = {
    "latin": "Kisumu Data Rights Forum",
    "latin-ext": "Spolek za veřejné služby Říčany, Łączność",
    "vietnamese": "Hội Nông dân Sông Hồng",
    "greek": "Ένωση Καταναλωτών",
    "cyrillic": "Союз крестьян України",
    "arabic": "جمعية المستهلك الأطلسي",
    "devanagari": "किसान डेटा मंच",
    "bengali": "গ্রামীণ কৃষক মঞ্চ",
    "ethiopic": "የገበሬዎች ማኅበር",
    "thai": "สหพันธ์ชาวนา",
    "khmer": "សហគមន៍កសិករ",
    "myanmar": "လယ်သမားအသင်း",
    "sinhala": "ගොවි සංගමය",
    "tamil": "விவசாயிகள் சங்கம்",
    "hebrew": "ארגון הצרכנים",
    "armenian": "Սպառողների միություն",
    "georgian": "მომხმარებელთა კავშირი",
    "chinese": "數位權利聯盟 数字权利联盟",
    "japanese": "消費者の権利ネットワーク",
    "korean": "농민회 총연맹",
    "tifinagh": "ⵜⴰⵎⵙⵎⵓⵏⵜ",
    "emoji": "Farmers 🌾",
}
HEAD = Letterhead("Fair Digital Trade", ("Rue de l’Exemple 1, Geneva", "contact@fairdigital.example"))
PROOF = VerificationLink(
    "https://letters.example/v/9f2c41ab77e0/", 3, 1, "9f2c" * 16, datetime(2017, 11, 30, 9, tzinfo=UTC)
)
ENVELOPE = {
    "recipient.salutation": "Excellency",
    "recipient.name": "Amina Wanjiru",
    "recipient.post": "Permanent Representative",
    "office.name": "Permanent Mission of Kenya",
    "date": "4 December 2017",
    "signatories.organisations": "287",
    "signatories.countries": "68",
}


def body(*blocks: d.Node, language: str = "en", subject: str = "No new rules", notes: Any = ()) -> dict[str, Any]:
    """A frozen body; citations are numbered as the freezing does it."""
    frozen = Frozen({"member.delegation": "the delegation of Kenya"}, envelope_keys(), matches=lambda entries: True)
    done = resolve(d.doc(*blocks), frozen)
    listed = notes or [
        {"n": number, "fact": key, "text": f"Source of {key}, 2016.", "url": "https://source.example/a?b=1"}
        for number, key in enumerate(done.facts, start=1)
    ]
    return {"subject": subject, "language": language, "member": "KE", "blocks": done.blocks, "notes": listed}


def annex(*sections: AnnexSection, **counts: int) -> AnnexData:
    numbers = {"organisations": 287, "people": 12, "countries": 68, "unnamed": 4, **counts}
    return AnnexData(datetime(2017, 12, 1, 22, 59, tzinfo=UTC), "9f2c" * 16, sections=tuple(sections), **numbers)


def letter() -> dict[str, Any]:
    return body(
        d.par(d.merge("recipient.salutation"), ","),
        d.par("From 10 December ", d.merge("member.delegation"), " will meet.", d.cite("f1")),
        d.heading("It is too early"),
        d.par("Again", d.cite("f1"), " and new", d.cite("f2"), " ", d.text("bold", "bold"), d.text(" lean", "italic")),
        d.quote("A quotation."),
        d.par("We ask you to:"),
        d.asks("oppose any mandate;", "publish your position."),
        d.dashes("one thing", "another"),
        d.par("See ", d.text("our page", href="https://a.example/x?y=1&z=2"), ".", {"type": "hardBreak"}, "New line"),
        d.signatories(),
        d.par("For the coalition"),
    )
