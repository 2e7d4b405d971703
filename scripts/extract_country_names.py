"""Names of territories and cities in a dozen languages, from the Unicode CLDR: python -m scripts.extract_country_names

Needs npm, by which CLDR's data is published; nothing that runs or tests the product does. See docs/decisions/0019.
"""

import csv
import json
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TERRITORIES, ZONES = "cldr-localenames-full@48.2.0", "cldr-dates-full@48.2.0"
LANGUAGES = ("en", "fr", "es", "ar", "pt", "de", "ru", "zh", "it", "nl", "id", "sw")
#: in CLDR's list and no territory: oceans, the euro area, the United Nations, languages to test with, the unknown
NONE = {"EZ", "QO", "UN", "XA", "XB", "ZZ"}
FOLDER = Path(__file__).resolve().parent.parent / "apps/core/territories"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        package = _fetch(TERRITORIES, folder)
        tables = {language: _territories(package, language) for language in LANGUAGES}
        (FOLDER / "LICENSE").write_bytes((package / "LICENSE").read_bytes())
    with tempfile.TemporaryDirectory() as folder:
        package = _fetch(ZONES, folder)
        cities = {language: _cities(package, language) for language in LANGUAGES}
    codes = sorted({code for names in tables.values() for code in names} - NONE)
    with (FOLDER / "names.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["code", *LANGUAGES])
        out.writerows([code, *("|".join(tables[language].get(code, ())) for language in LANGUAGES)] for code in codes)
    with (FOLDER / "cities.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(LANGUAGES)
        english = {zone: cities["en"].get(zone) or zone.rpartition("/")[2].replace("_", " ") for zone in cities["ar"]}
        rows = {name: [cities[language].get(zone, "") for language in LANGUAGES[1:]] for zone, name in english.items()}
        out.writerows([name, *rows[name]] for name in sorted(rows))


def _fetch(package: str, folder: str) -> Path:
    subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True)
    with tarfile.open(next(Path(folder).glob("*.tgz"))) as container:
        container.extractall(folder, filter="data")
    return Path(folder) / "package"


def _cities(package: Path, language: str) -> dict[str, str]:
    """{time zone: city}; few languages name those that are spelled as in English."""
    content: Any = json.loads((package / f"main/{language}/timeZoneNames.json").read_text(encoding="utf-8"))

    def walk(part: Any, zone: str) -> Iterator[tuple[str, str]]:
        if city := part.get("exemplarCity"):
            yield zone, city
        for name, inner in part.items():
            if isinstance(inner, dict) and name not in {"long", "short"}:
                yield from walk(inner, f"{zone}/{name}" if zone else name)

    return dict(walk(content["main"][language]["dates"]["timeZoneNames"]["zone"], ""))


def _territories(package: Path, language: str) -> dict[str, list[str]]:
    """{two-letter code: names}: the usual one, the short one, and variants such as Turkey beside Türkiye."""
    content: Any = json.loads((package / f"main/{language}/territories.json").read_text(encoding="utf-8"))
    found: dict[str, list[str]] = {}
    for key, name in content["main"][language]["localeDisplayNames"]["territories"].items():
        code = key.partition("-")[0]
        if len(code) == 2 and code.isalpha() and name not in found.setdefault(code, []):
            found[code].append(name)
    return found


if __name__ == "__main__":
    main()
