"""The rank that a post suggests, in any of the languages of letters."""

import pytest

from apps.governments.salutations import rank_of

POSTS = {
    "minister": (
        "Minister for Trade and Services|Minister of Advisory Services|MINISTER OF COMMERCE|Cabinet Secretary|"
        "Ministre chargé du commerce|Ministre des Services|Ministra de Comercio|Ministro encargado de Comercio|"
        "وزير التجارة|الوزيرة المكلفة بالتجارة|وزير الدولة للتجارة|معالي الوزير"
    ),
    "premier": (
        "Prime Minister|Première ministre|Premier Ministre|Primera Ministra|رئيس الوزراء|رئيسة الوزراء|"
        "رئيس مجلس الوزراء|رييس الوزراء|الوزير الأول|الوزير الاول|رئيس الحكومة"
    ),
    "ambassador": (
        "Ambassador|Permanent Representative|Ambassadrice|Représentante permanente|Embajadora|Embajador|السفيرة|سفير|"
        "الممثل الدائم|الممثلة الدائمة|المندوب الدائم"
    ),
    "president": (
        "President of the Republic|Speaker|Président|Présidente|Presidenta|Presidente|رئيس الجمهورية|الرئيسة"
    ),
    "other": (
        "Deputy Minister|Vice-Minister|Assistant Minister|Adviser to the Minister|Minister-Counsellor|Vice President|"
        "Vice-ministre|Ministre adjointe|Représentant permanent adjoint|Conseillère du ministre|Chargée d’affaires|"
        "Viceministra|Representante Permanente Adjunta|Asesora del Ministro|Subsecretario|Vicepresidente|"
        "نائب وزير التجارة|نائب رئيس الوزراء|نائبة الوزير|مستشار الوزير|مساعد وزير التجارة|القائم بالأعمال|"
        "وكيل الوزارة|Administrator|Administrateur|Administradora|Secretary General|Secrétaire général du ministère|"
        "Presidential Office|Jefa de unidad, Ministerio de Comercio|Head of Services|Supervisor|مدير الوزارة"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("post", "rank"), [(post, rank) for rank in POSTS for post in POSTS[rank].split("|")])
def test_a_post_has_a_rank_by_its_whole_words(post: str, rank: str) -> None:
    assert rank_of(post, "capital") == rank
