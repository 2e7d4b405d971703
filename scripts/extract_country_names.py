"""Names of territories in a dozen languages, from the Unicode CLDR: python -m scripts.extract_country_names

Needs npm, by which CLDR's data is published; nothing that runs or tests the product does. See docs/decisions/0019.
"""

import csv
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

PACKAGE = "cldr-localenames-full@48.2.0"
LANGUAGES = ("en", "fr", "es", "ar", "pt", "de", "ru", "zh", "it", "nl", "id", "sw")
#: in CLDR's list and no territory: oceans, the euro area, the United Nations, languages to test with, the unknown
NONE = {"EZ", "QO", "UN", "XA", "XB", "ZZ"}
FOLDER = Path(__file__).resolve().parent.parent / "apps/core/territories"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True)
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as container:
            container.extractall(folder, filter="data")
        package = Path(folder) / "package"
        tables = {language: _territories(package, language) for language in LANGUAGES}
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / "LICENSE").write_bytes((package / "LICENSE").read_bytes())
    codes = sorted({code for names in tables.values() for code in names} - NONE)
    with (FOLDER / "names.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["code", *LANGUAGES])
        out.writerows([code, *("|".join(tables[language].get(code, ())) for language in LANGUAGES)] for code in codes)


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
