"""Names of the world are kept as typed; what only comes along is dropped, what shows nothing is refused, and spellings
of one name are one."""

import pytest
from django.core.exceptions import ValidationError

from apps.core.form_fields import NameField
from apps.core.text import (
    MAX_NAME_KEY,
    clean_line,
    clean_lines,
    clean_span,
    first_names,
    fold,
    fold_letters,
    joined_clauses,
    name_error,
    name_key,
    name_sort_key,
    script_tag,
    sort_key,
)

KEPT = [
    "Coopérative des maraîchères de la Lama", "किसान डेटा मंच", "منتدى الحقوق الرقمية", "ক্ষেত",
    "Hội Nông dân Sông Hồng", "O’Neill & Søn A/S", "Fundacja Łączność i Prawo", "350.org", "ཨོཾ་མ་ཎི", "ⵣ ⴰⵎⴰⵣⵉⵖ",
    "東京労働組合", "𠮷田組合",
    "ཧྐྵྨླྺྼྻྂ",  # the tallest stack of Tibetan, "the ten powerful",
    "\U00016d43\U00016d44 \U000323b0組合 \U0001e6c0\ua7da",  # and scripts newer than Python's Unicode
    "St. Mary’s Farm", "ߒߞߏ ߕߐ߲",
    "350.org", "Friends of Avaaz.org", "What next, 350.org?", "amazon.de e.V.", "St. John's", "Dr. A. B.", "Yahoo!",
    "Re:Common", "Tel Aviv",
    "Y.M.C.A.", "S.A.R.L./GmbH", "Action: now", "Women @ Work", "AT&T 24/7", "No.12/2015", "act@home", "AC//DC",
    "モーニング娘。", "未来。プロジェクト", "株式会社エイ．ピイ", "Ｄｒ．山田", "Ｓｔ．Ｊｏｈｎ",
    "Union 👩\u200d🌾", "Team 👩🏽\u200d🌾👨\u200d👩\u200d👧", "No 🙂\u200d↔",
    "می\u200cخواهم",  # Persian writes it with a non-joiner,
    "ශ්\u200dරී ලංකා",  # Sinhala with a joiner,
    "ന്\u200d",  # Malayalam with one at the end of a word,
    "葛\U000e0100城組合",  # Japanese with a glyph of its own
    "ᠮᠣᠩᠭᠣᠯ\u180eᠠ",  # and Mongolian with a separator of its own
]  # fmt: skip
CLEANED = {
    "សហជីព\u200bកសិករ\u200bកម្ពុជា": "សហជីពកសិករកម្ពុជា",
    "สมาคม\u200bชาวนา": "สมาคมชาวนา",
    "\ufeffUnion des Paysans": "Union des Paysans",
    "\u202aFarmers Union\u202c": "Farmers Union",
    "Coopérative\u2060 du Nord": "Coopérative du Nord",
    "Coopé\u00adrative": "Coopérative",
    "safe\u202egpj.exe": "safegpj.exe",
    "a\u2066b\u2069": "ab",
    "a" + "\u200f" * 150: "a",
    "Farm\u200ders\u200c": "Farmers",
    "Care \u2764\ufe0f": "Care \u2764",
    "a\U000e0041\U000e007fb": "ab",
    "Me\u0301decins\u034f": "Médecins",
    "a\u2028b\nc\u00a0\u3000d\t": "a b c d",
    "bell\x07 and null\x00": "bell and null",
    "\u061cنقابة\u200e": "نقابة",
    "🏳\ufe0f\u200d🌈 Pride": "🏳\u200d🌈 Pride",
    "Union 🌾\u200d": "Union 🌾",
    "Union 🌾\u200c🌾\u180b🌾": "Union 🌾🌾🌾",
    "🌾\u200dUnion\u200d🌾": "🌾Union🌾",
    "Union 👩\u200d\u202e🌾": "Union 👩🌾",
    "Union\U000e0100 A\U000e01ef": "Union A",
    "Union\U0001d159 of \U00016fe4Farmers": "Union of Farmers",
}
REFUSED = [
    "\u3164\u3164", "\u115f\u1160", "\uffa0", "\u2800", "\u034f", "\u200d", "\u02bc\u02bc\u02bc", "\u0640\u0640",
    "\u0301\u0301", "!!!", "…", "a\ue000b", "a\ufdd0b", "a\U000f0000b", "Z" + "\u0301" * 40,
    "ཧ" + "\u0f90" * 9, "ཧྐ" + "\u0301" * 8, "\u0378\u0378", "a\U0001fffe",
    "A" + "\u20dd" * 9, "F\ufffdd\ufffdration",
    "\ufffc Ligue", "visit evil.example/free",
    "https:evil.example", "see evil\u2024example/free",
    "Buy at https://spam.example", "www.spam.example", "spam.example?x=1", "spam.example/", "evil.example#x",
    "ftp:x", "FTP:evil.example", "mailto:a@evil.example", "Write mailto:x", "tel:+15550100", "sms:+15550100",
    "javascript:alert(1)", "skype:evil?call", "data:text/html,x", "https：evil", "//evil.example", "info@evil.example",
    "Ask a.b@evil.example now", "evil.example:8080", "evil.xn--p1ai/free", "visit 192.0.2.1",
    "evil。example", "evil｡example", "evil．example", "see evil\u2024example", "evil﹒example", "例子。com",
    "www。evil", "visit evil.example\\free", "\u0301Union", "\u20e0Union of Farmers", "\U00016fe4\U0001d159",
]  # fmt: skip


@pytest.mark.parametrize("name", KEPT)
def test_names_of_the_world_are_kept_as_typed(name: str) -> None:
    assert clean_line(f"  {name}\t") == name
    assert name_error(name) == ""


@pytest.mark.parametrize(("typed", "kept"), CLEANED.items())
def test_what_only_comes_along_is_dropped(typed: str, kept: str) -> None:
    assert clean_line(typed) == kept
    assert clean_line(clean_line(typed)) == kept
    assert name_error(kept) == ""


@pytest.mark.parametrize("name", REFUSED)
def test_names_that_show_nothing_or_deceive_are_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        NameField().clean(name)
    [message] = refused.value.messages
    assert len(message) > 10


def test_several_lines_keep_their_shape() -> None:
    assert clean_lines("  One\r\n\r\n\ttwo\u200b\u202e\rthree  \n") == "One\n\n two\nthree"


@pytest.mark.parametrize("end", ["\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_the_end_of_a_line_joins_no_words(end: str) -> None:
    assert clean_lines(f"Ministry{end}of Trade") == "Ministry\nof Trade"
    assert clean_span(f"Ministry{end}of Trade") == "Ministry of Trade"
    assert clean_line(f"Ministry{end}of Trade") == "Ministry of Trade"


def test_a_long_name_is_explained_not_cut() -> None:
    with pytest.raises(ValidationError, match="This has 10000"):
        NameField(max_length=200).clean("x" * 10_000)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Spolek za služby, Říčany", "SPOLEK ZA SLUZBY RICANY"),
        ("Fundacja Łączność", "fundacja lacznosc"),
        ("Straßenverein", "STRASSENVEREIN"),
        ("O’Neill", "O'Neill"),
        ("Data-Rights  (Forum)", "data rights forum"),
        ("جمعيّة المستهلك", "جمعية المستهلك"),
        ("נקוד עִבְרִי", "נקוד עברי"),
        ("ｆｕｌｌ", "full"),
    ],
)
def test_spellings_of_one_name_fold_to_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)
    assert fold_letters(one) == fold_letters(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("किसान", "कसन"),
        ("กา", "กี"),
        ("שלום", "שלם"),
        ("!!!", "???"),
        ("मंच", "मच"),
        ("\U00016d43 Nepal", "\U00016d44 Nepal"),
    ],
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_a_key_always_fits_its_column() -> None:
    for char in "\ufdfa", "ﷺ", "ß", "ŉ", "a", "각":
        assert 0 < len(name_key(char * MAX_NAME_KEY)) <= MAX_NAME_KEY
    assert name_key("\ufdfa" * 199 + "a") != name_key("\ufdfa" * 199 + "b")


def test_folding_and_sorting() -> None:
    assert fold("N° de téléphone") == "n de telephone"
    assert sort_key("«Égypte»") == "egypte»"
    assert sort_key("Côte d’Ivoire") == "cote d'ivoire"
    assert name_sort_key("The Gambia") == "gambia"
    assert sorted(["Ñandú", "Nuevo", "Oeste"], key=lambda name: sort_key(name, "es")) == ["Nuevo", "Ñandú", "Oeste"]
    assert sorted(["Łódź", "Lund", "Zug"], key=sort_key) == ["Łódź", "Lund", "Zug"]


def test_scripts_are_marked() -> None:
    assert script_tag("किसान") == "und-Deva"
    assert script_tag("«منتدى»") == "und-Arab"
    assert script_tag("Říčany") == script_tag("123") == ""


def test_long_lists_of_names_are_cut() -> None:
    assert first_names(["Kenya", "Togo", "Kenya"], 2) == "Kenya, Togo"
    assert first_names(["Kenya", "Togo", "Peru", "Fiji"], 2) == "Kenya, Togo and 2 more"
    assert first_names(["one change", "another", "a third"], 2, joined_clauses) == "one change; another and 1 more"
    assert first_names([], 2) == ""
