"""Names of the world's territories by ISO code: those of the Unicode CLDR, and those that lists use beside them."""

from functools import cache

from apps.core.territories import cldr_names

from .spelling import word

#: names that CLDR does not have
ALSO = {
    "AE": "UAE|VAE|EAU",
    "BN": "Brunei Darussalam",
    "CD": "DRC|DR Congo|RDC|RD Congo|DR Kongo|Democratic Republic of Congo|Zaire|"
    "République démocratique du Congo|República Democrática del Congo|Demokratische Republik Kongo",
    "CG": "Republic of Congo|Congo Republic|République du Congo|República del Congo|Republik Kongo",
    "CI": "Ivory Coast",
    "CN": "People's Republic of China|Peoples Republic of China|PRC|PR China|P.R. China|Mainland China|"
    "République populaire de Chine|RPC|República Popular China|República Popular de China|Volksrepublik China|"
    "中华人民共和国|جمهورية الصين الشعبية",
    "EU": "European Communities|European Community",
    "GB": "Britain|Great Britain|Grande-Bretagne|Gran Bretaña|Großbritannien|Великобритания|"
    "United Kingdom of Great Britain and Northern Ireland",
    "HK": "Hong Kong SAR|HKSAR|Hong Kong SAR, China|China, Hong Kong SAR|Hongkong",
    "KP": "DPRK|DPR Korea|RPDC|Korea, North|Democratic People's Republic of Korea|"
    "République populaire démocratique de Corée|República Popular Democrática de Corea",
    "KR": "Republic of Korea|Korea Republic|ROK|Korea, South|République de Corée|República de Corea|"
    "República da Coreia|Republik Korea|جمهورية كوريا|대한민국|한국",
    "LA": "Lao|Lao PDR|Lao P.D.R.|République démocratique populaire lao|República Democrática Popular Lao",
    "MK": "Macedonia|Macédoine|FYROM|FYR Macedonia",
    "MM": "Burma|Birmanie|Birmania|Birma",
    "MO": "Macau|Macau SAR|Macao SAR|Macau, China|China, Macao SAR",
    "NL": "Holland|Hollande|Holanda|Olanda|Голландия|هولندا",
    "TL": "East Timor|Timor oriental",
    "TW": "Chinese Taipei|Taipei, Chinese|Taiwan Province of China|China, Taiwan Province of|"
    "Republic of China (Taiwan)|Taiwan, Republic of China",
    "US": "United States of America|U.S.|U.S.A.|Etats-Unis d'Amérique|Estados Unidos de América|"
    "Vereinigte Staaten von Amerika|Соединенные Штаты Америки",
}
#: names of more than one: asked about, whichever of them are members
SHARED = {
    ("CD", "CG"): "Congo|Kongo|Конго|الكونغو|刚果",
    ("CN", "TW"): "Republic of China|République de Chine|República de China|Republik China|中华民国|جمهورية الصين",
    ("DM", "DO"): "Republic of Dominica",
    ("KP", "KR"): "Korea|Corée|Corea|Coreia|Корея|كوريا",
    ("EU", "US"): "E.-U.",
}


@cache
def shared() -> dict[str, tuple[str, ...]]:
    """{name: codes of those who may be meant by it}."""
    return {word(name): codes for codes, names in SHARED.items() for name in names.split("|")}


@cache
def territories() -> dict[str, list[str]]:
    """{code: names that are its own}. A word that is the code of one territory is no name of another: RU, AS."""
    rows = cldr_names()
    found = {}
    for code in rows:
        written = [name for names in rows[code].values() for name in names] + ALSO.get(code, "").split("|")
        names = dict.fromkeys(map(word, written))
        own = [name for name in names if name and name not in shared()]
        found[code] = [name for name in own if name.upper() == code or name.upper() not in rows]
    return found
