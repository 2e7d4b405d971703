"""Salutations that a post suggests, by language and form of address. A person takes it, or writes another.

Courtesy to a minister or an ambassador is the same in letters of the four languages, whatever the person's own tongue.
"""

from apps.core.text import sort_key

#: words of a post, without accents → its rank. The first that is found counts, so "deputy minister" is no minister.
RANKS: list[tuple[str, tuple[str, ...]]] = [
    ("other", ("deputy", "vice", "assistant", "advis", "conseill", "asesor", "charge d", "attache", "agregado",
               "director", "directeur", "directrice", "permanent secretary", "نائب", "مستشار", "مدير")),
    ("premier", ("prime minister", "premier ministre", "premiere ministre", "primer ministro", "primera ministra",
                 "رئيس الوزراء", "رئيسة الوزراء")),
    ("ambassador", ("ambassad", "embajador", "permanent representative", "representant permanent",
                    "representante permanente", "سفير", "ممثل دائم", "الممثل الدائم")),
    ("minister", ("minister", "ministre", "ministr", "cabinet secretary", "secretary of state", "وزير")),
    ("president", ("president", "speaker", "رئيس")),
]  # fmt: skip
#: where the post says nothing
RANK_OF_OFFICE = {"mission": "ambassador", "head": "president"}
#: language → rank → masculine, feminine, unknown
WORDS: dict[str, dict[str, tuple[str, str, str]]] = {
    "en": {
        **dict.fromkeys(("premier", "ambassador", "minister", "president"), ("Excellency",) * 3),
        "other": ("Dear Sir", "Dear Madam", "Dear Madam or Sir"),
    },
    "fr": {
        "premier": ("Monsieur le Premier Ministre", "Madame la Première Ministre", "Excellence"),
        "ambassador": ("Monsieur l’Ambassadeur", "Madame l’Ambassadrice", "Excellence"),
        "minister": ("Monsieur le Ministre", "Madame la Ministre", "Excellence"),
        "president": ("Monsieur le Président", "Madame la Présidente", "Excellence"),
        "other": ("Monsieur", "Madame", "Madame, Monsieur"),
    },
    "es": {
        "premier": ("Señor Primer Ministro", "Señora Primera Ministra", "Excelencia"),
        "ambassador": ("Señor Embajador", "Señora Embajadora", "Excelencia"),
        "minister": ("Señor Ministro", "Señora Ministra", "Excelencia"),
        "president": ("Señor Presidente", "Señora Presidenta", "Excelencia"),
        "other": ("Estimado señor", "Estimada señora", "Estimada señora, estimado señor"),
    },
    "ar": {
        "premier": ("دولة رئيس الوزراء", "دولة رئيسة الوزراء", "تحية طيبة وبعد"),
        "ambassador": ("سعادة السفير", "سعادة السفيرة", "تحية طيبة وبعد"),
        "minister": ("معالي الوزير", "معالي الوزيرة", "تحية طيبة وبعد"),
        "president": ("فخامة الرئيس", "فخامة الرئيسة", "تحية طيبة وبعد"),
        "other": ("السيد المحترم", "السيدة المحترمة", "تحية طيبة وبعد"),
    },
}
FORMS = ("masculine", "feminine", "unknown")


def salutation_suggested(*, language: str, post: str, form: str, kind: str) -> str:
    """ "Madame la Ministre" for a feminine minister in French; "" in a language that we have no words for."""
    words = WORDS.get(language[:2])
    if words is None:
        return ""
    return words[rank_of(post, kind)][FORMS.index(form) if form in FORMS else 2]


def rank_of(post: str, kind: str) -> str:
    plain = sort_key(post)
    for rank, marks in RANKS:
        if any(mark in plain for mark in marks):
            return rank
    return RANK_OF_OFFICE.get(kind, "other")
