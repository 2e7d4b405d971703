"""`make messages`: extract the texts of the interface, merge them into the catalogues and compile those.

`make messages ARGS=pt` does so for Portuguese alone, and begins it where there is none. Needs the programs of gettext
(Debian: apt-get install gettext). What is compiled is committed, so that nobody who runs the product needs them.
"""

import codecs
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from .processes import ROOT, CannotRun

LOCALE = ROOT / "locale"
#: as Django's makemessages has them: number of the argument, c for the context
KEYWORDS = [
    "gettext_noop", "gettext_lazy", "ngettext_lazy:1,2", "pgettext:1c,2", "npgettext:1c,2,3", "pgettext_lazy:1c,2",
    "npgettext_lazy:1c,2,3",
]  # fmt: skip


def source_files() -> Iterator[Path]:
    """Modules and templates with texts for people; none of tests and migrations."""
    for folder in ("apps", "ecomcampaign", "templates"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and not {"tests", "migrations"} & set(path.parts):
                yield path


def extract() -> str:
    """A catalogue without translations (POT) of all texts, in the order of the files."""
    from django.utils.translation.template import templatize

    with tempfile.TemporaryDirectory(prefix="ecomcampaign-messages-") as folder:
        names = []
        for path in source_files():
            name, text = str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
            copy = Path(folder, name)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(text if path.suffix == ".py" else templatize(text, origin=name), encoding="utf-8")
            names.append(name)
        keywords = [f"--keyword={keyword}" for keyword in KEYWORDS]
        command = ["xgettext", "--language=Python", "--from-code=UTF-8", "--add-comments=Translators", "--no-wrap"]
        command += ["--add-location=file", "--package-name=ecomcampaign", *keywords, "--output=-", *names]
        done = _run(command, cwd=folder)
    return done.replace("charset=CHARSET", "charset=UTF-8", 1)


def catalogues() -> list[Path]:
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def catalogue_of(language: str) -> Path:
    """Of "pt", "pt-br" or "pt_BR"."""
    from django.utils.translation import to_locale

    return LOCALE / to_locale(language) / "LC_MESSAGES" / "django.po"


def make_plain(catalogue: Path) -> None:
    """Without what editors on other systems write: a byte order mark, which msgmerge refuses, and carriage returns."""
    written = catalogue.read_bytes()
    plain = written.removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n")
    if plain != written:
        catalogue.write_bytes(plain)


def merge(template: Path, catalogue: Path) -> None:
    """Take over what is new and changed. What was translated as something similar is marked fuzzy; it is not shown."""
    command = ["msgmerge", "--quiet", "--update", "--backup=none", "--previous", "--no-wrap", "--add-location=file"]
    _run([*command, str(catalogue), str(template)])
    _run(["msgattrib", "--no-obsolete", "--no-wrap", f"--output-file={catalogue}", str(catalogue)])


def compile_catalogue(catalogue: Path) -> None:
    _run(["msgfmt", "--check", f"--output-file={catalogue.with_suffix('.mo')}", str(catalogue)])


def begin(language: str, template: Path) -> None:
    """An empty catalogue with the language's plural forms, unless there is one."""
    catalogue = catalogue_of(language)
    if not catalogue.exists():
        catalogue.parent.mkdir(parents=True, exist_ok=True)
        command = ["msginit", "--no-translator", "--no-wrap", f"--locale={catalogue.parts[-3]}"]
        _run([*command, f"--input={template}", f"--output-file={catalogue}"])


def main(languages: Sequence[str]) -> int:
    if missing := [name for name in ("xgettext", "msgmerge", "msgfmt") if shutil.which(name) is None]:
        raise CannotRun(f"{', '.join(missing)}: not on this machine. On Debian: apt-get install gettext")
    with tempfile.TemporaryDirectory(prefix="ecomcampaign-messages-") as folder:
        template = Path(folder, "django.pot")
        template.write_text(extract(), encoding="utf-8")
        for language in languages:
            begin(language, template)
        for catalogue in map(catalogue_of, languages) if languages else catalogues():
            make_plain(catalogue)
            merge(template, catalogue)
            compile_catalogue(catalogue)
            counted = subprocess.run(
                ["msgfmt", "--statistics", "--output-file=/dev/null", str(catalogue)], capture_output=True, text=True
            )
            print(f"{catalogue.relative_to(ROOT)}: {counted.stderr.strip()}")
    return 0


def _run(command: list[str], cwd: str | Path = ROOT) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotRun(f"{command[0]} failed:\n{done.stderr.strip()}")
    return done.stdout


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecomcampaign.settings.local")  # templatize() asks them
    sys.exit(main(sys.argv[1:]))
