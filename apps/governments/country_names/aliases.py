"""Names of the world's territories by ISO code: those of the Unicode CLDR, and those that lists use beside them."""

from collections import defaultdict
from functools import cache

from apps.core.territories import cldr_names

from .normalization import first_part, word

#: names that CLDR does not have
ALSO = {
    "AE": "UAE|VAE|EAU",
    "BF": "Upper Volta|Haute-Volta|Alto Volta|Burkina",
    "BJ": "Dahomey",
    "BN": "Brunei Darussalam",
    "CD": "DRC|DR Congo|RDC|RD Congo|DR Kongo|Democratic Republic of Congo|Zaire|"
    "République démocratique du Congo|República Democrática del Congo|Demokratische Republik Kongo|Congo DR|"
    "R.D. Congo|R.D.C.",
    "CF": "RCA|R.C.A.",
    "CG": "Republic of Congo|Congo Republic|République du Congo|República del Congo|Republik Kongo",
    "CH": "Swiss Confederation|Confédération helvétique|Confédération suisse",
    "CI": "Ivory Coast|Cote d'Ivoire|Costa de Marfil",
    "CN": "People's Republic of China|Peoples Republic of China|PRC|PR China|China PR|P.R. China|Mainland China|"
    "République populaire de Chine|RPC|República Popular China|República Popular de China|Volksrepublik China|"
    "中华人民共和国|جمهورية الصين الشعبية",
    "CV": "Cape Verde|Cap-Vert",
    "CZ": "Rep. Checa|Rép. tchèque|Česká republika",
    "DE": "BRD|FRG",
    "DO": "Rep. Dominicana|Rép. dominicaine",
    "EU": "European Communities|European Community|U.E.|European Commission|Commission européenne|Comisión Europea",
    "FM": "Micronesia, Fed. Sts.|Federated States of Micronesia",
    "GB": "Britain|Great Britain|Grande-Bretagne|Gran Bretaña|Großbritannien|Великобритания|"
    "United Kingdom of Great Britain and Northern Ireland",
    "GN": "Guinea-Conakry|Guinée-Conakry|Guinea Conakry",
    "GW": "G. Bissau|Guinée-Bissao",
    "HK": "Hong Kong SAR|HKSAR|Hong Kong SAR, China|China, Hong Kong SAR|Hongkong",
    "IE": "Eire",
    "IN": "Bharat",
    "IR": "Persia",
    "JP": "Nippon|Nihon",
    "KP": "DPRK|DPR Korea|RPDC|Korea, North|Democratic People's Republic of Korea|"
    "République populaire démocratique de Corée|República Popular Democrática de Corea|Korea, DPR|Korea DPR|"
    "North Korea|N. Korea|NK",
    "KR": "Republic of Korea|Korea Republic|ROK|Korea, South|République de Corée|República de Corea|"
    "República da Coreia|Republik Korea|جمهورية كوريا|대한민국|한국|S. Korea",
    "LA": "Lao|Lao PDR|Lao P.D.R.|République démocratique populaire lao|República Democrática Popular Lao",
    "LC": "Sta. Lucia|Ste. Lucia|Ste. Lucie",
    "LK": "Ceylon|Ceylan|Ceilán",
    "MK": "Macedonia|Macédoine|FYROM|FYR Macedonia",
    "MM": "Burma|Birmanie|Birmania|Birma",
    "MO": "Macau|Macau SAR|Macao SAR|Macau, China|China, Macao SAR",
    "NL": "Holland|Hollande|Holanda|Olanda|Голландия|هولندا",
    "NZ": "Aotearoa",
    "PG": "Papua N.G.",
    "SA": "KSA|K.S.A.|Saudi",
    "ST": "S. Tome",
    "SZ": "Swaziland|Swazilandia",
    "TH": "Siam",
    "TL": "East Timor|Timor oriental",
    "TR": "Turkey|Turquie|Turquía",
    "TT": "T&T",
    "TW": "Chinese Taipei|Taipei, Chinese|Taiwan Province of China|China, Taiwan Province of|"
    "Republic of China (Taiwan)|Taiwan, Republic of China|TPKM|"
    "Separate Customs Territory of Taiwan, Penghu, Kinmen and Matsu",
    "US": "United States of America|U.S.|U.S.A.|Etats-Unis d'Amérique|Estados Unidos de América|"
    "Vereinigte Staaten von Amerika|Соединенные Штаты Америки|America|EEUU|E.E.U.U.",
    "VA": "Vatican|Vatican City|Holy See|Saint-Siège|Santa Sede",
    "WS": "Western Samoa|Samoa occidental",
    "ZA": "RSA|R.S.A.|S. Africa",
}
#: names of more than one: asked about, whichever of them are members
SHARED = {
    ("CD", "CG"): "Congo|Kongo|Конго|الكونغو|刚果",
    ("CN", "TW"): "Republic of China|République de Chine|República de China|Republik China|中华民国|جمهورية الصين",
    ("DM", "DO"): "Republic of Dominica",
    ("KP", "KR"): "Korea|Corée|Corea|Coreia|Корея|كوريا",
    ("EU", "US"): "E.-U.",
}


#: not names of the country, but what people write for it: offered, never taken
HINTS = {
    "CD": "Kinshasa",
    "CG": "Brazzaville",
    "GB": "England|Scotland|Wales|Northern Ireland|Angleterre|Inglaterra",
    "GN": "Conakry",
    "GW": "Bissau",
    "KR": "Seoul",
    "PG": "Papua|Papua Guinea",
    "ZW": "Rhodesia",
}


@cache
def shared() -> dict[str, tuple[str, ...]]:
    """{name: codes of those who may be meant by it}."""
    return {word(name): codes for codes, names in SHARED.items() for name in names.split("|")}


@cache
def hints() -> dict[str, str]:
    """{name: code of the country that is offered for it}."""
    return {word(name): code for code, names in HINTS.items() for name in names.split("|")}


@cache
def territories() -> dict[str, list[str]]:
    """{code: names that are its own}. The code of one territory is not a name of another: RU, AS."""
    rows = cldr_names()
    found = {}
    first_parts: dict[str, set[str]] = defaultdict(set)
    for code in rows:
        written = [name for names in rows[code].values() for name in names] + ALSO.get(code, "").split("|")
        own = [name for name in dict.fromkeys(map(word, written)) if name and name not in shared()]
        found[code] = [name for name in own if name.upper() == code or name.upper() not in rows]
        for name in found[code]:
            first_parts[first_part(name)].add(code)
    taken = {name for names in found.values() for name in names} | {""}
    for name, codes in first_parts.items():
        if len(codes) == 1 and name not in taken:
            found[next(iter(codes))].append(name)
    return found
