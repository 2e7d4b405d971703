"""What stands in the way of freezing a text, or is to be checked first."""

from dataclasses import dataclass

from django.utils.translation import get_language, gettext_lazy

from apps.core.digits import text_with_digits
from apps.core.types import JsonObject

TITLES = {
    "subject": gettext_lazy("No subject"),
    "text": gettext_lazy("No text"),
    "field": gettext_lazy("Value missing"),
    "fact_unknown": gettext_lazy("Fact missing"),
    "fact_retired": gettext_lazy("Fact withdrawn"),
    "fact_changed": gettext_lazy("Fact changed"),
    "fact_caution": gettext_lazy("Fact needs caution"),
    "fact_unverified": gettext_lazy("Fact not verified"),
    "lost": gettext_lazy("Left out of a paste"),
    "foreign": gettext_lazy("Not translated"),
    "link": gettext_lazy("Links not checked"),
    "address": gettext_lazy("No address"),
    "glyph": gettext_lazy("Cannot be printed"),
    "outdated": gettext_lazy("Original changed"),
    "untranslated": gettext_lazy("Not translated"),
    "passage": gettext_lazy("Other passages"),
    "cites": gettext_lazy("Other citations"),
    "number": gettext_lazy("Other numbers"),
    "words": gettext_lazy("Other parts"),
    "recipient": gettext_lazy("No recipient"),
    "long": gettext_lazy("Too long"),
    "misplaced": gettext_lazy("Passage without a place"),
    "moved": gettext_lazy("Text under a passage changed"),
    "elsewhere": gettext_lazy("Passage missing"),
}


@dataclass(frozen=True)
class Problem:
    """`kind` is a key of TITLES, `tone` "bad" (prevents freezing) or "warn", `links` are (label, URL)."""

    kind: str
    tone: str
    text: str
    block: str = ""
    links: tuple[tuple[str, str], ...] = ()

    @property
    def title(self) -> str:
        return str(TITLES[self.kind])

    def as_dict(self) -> JsonObject:
        return {**vars(self), "title": self.title, "text": text_with_digits(self.text, get_language() or "en")}
