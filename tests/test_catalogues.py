"""The catalogues of locale/: complete, with the placeholders and tags of the original, and compiled."""

import ast
import gettext
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings

import scripts.catalogues
from scripts.catalogues import LOCALE, catalogue_of, catalogues, compile_catalogue, extract, make_plain, merge

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|(?<!\{)\{\w*\}(?!\})")
TAG = re.compile(r"</?[a-z][\w-]*[^<>]*>")


@dataclass
class Entry:
    """One text of a PO file (GNU gettext manual, "The Format of PO Files")."""

    flags: set[str] = field(default_factory=set)
    context: str | None = None
    id: str = ""
    plural: str | None = None
    translations: dict[int, str] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str | None, str, str | None]:
        return self.context, self.id, self.plural


def entries(text: str) -> Iterator[Entry]:
    for block in re.split(r"\n\s*\n", text):
        entry, part = Entry(), ""
        for line in block.splitlines():
            if line.startswith("#,"):
                entry.flags |= {flag.strip() for flag in line[2:].split(",")}
            if line.startswith("#") or not line.strip():
                continue
            if not line.startswith('"'):
                part, line = line.split(" ", 1)
            words = ast.literal_eval(line.strip())
            if part == "msgctxt":
                entry.context = (entry.context or "") + words
            elif part == "msgid":
                entry.id += words
            elif part == "msgid_plural":
                entry.plural = (entry.plural or "") + words
            elif found := re.fullmatch(r"msgstr(?:\[(\d)\])?", part):
                form = int(found[1] or 0)
                entry.translations[form] = entry.translations.get(form, "") + words
        if part:
            yield entry


def problems(entry: Entry, forms: int) -> list[str]:
    """What is wrong with a translation; `forms` is how many plural forms its language has."""
    wanted = range(forms if entry.plural is not None else 1)
    found = ["fuzzy"] if "fuzzy" in entry.flags else []
    if set(entry.translations) != set(wanted) or not all(entry.translations.values()):
        return [*found, "missing"]
    originals = [entry.id] if entry.plural is None else [entry.id, entry.plural]
    for form, translation in entry.translations.items():
        missing = min((surplus(original, translation) for original in originals), key=len)
        may_be_said_in_words = len(missing) == 1 and entry.plural is not None and form < forms - 1
        if (missing and not may_be_said_in_words) or all(surplus(translation, original) for original in originals):
            found.append("placeholders")
        if not any(sorted(TAG.findall(translation)) == sorted(TAG.findall(original)) for original in originals):
            found.append("tags")
        if edges(translation) not in [edges(original) for original in originals]:
            found.append("white space")
    return found


def surplus(text: str, other: str) -> list[str]:
    """Placeholders that only the first has."""
    return list((Counter(PLACEHOLDER.findall(text)) - Counter(PLACEHOLDER.findall(other))).elements())


def edges(text: str) -> tuple[str, str]:
    """White space at both ends, without the narrow spaces that French has before its marks."""
    text = text.replace("\u202f", "")
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def plural_forms(header: str) -> int:
    found = re.search(r"Plural-Forms: nplurals=(\d)", header)
    assert found, "the catalogue says nothing about its plural forms"
    return int(found[1])


@pytest.mark.parametrize("path", catalogues(), ids=lambda path: path.parts[-3])
def test_a_catalogue_is_whole(path: Path) -> None:
    header, *found = entries(path.read_text(encoding="utf-8"))
    forms = plural_forms(header.translations[0])
    assert {entry.key: wrong for entry in found if (wrong := problems(entry, forms))} == {}


def test_a_catalogue_has_every_text_and_no_other() -> None:
    assert catalogues()
    wanted = {entry.key for entry in entries(extract())}
    for path in catalogues():
        found = {entry.key for entry in entries(path.read_text(encoding="utf-8"))}
        assert found ^ wanted == set(), f"{path.parts[-3]}: run `make messages` and translate what is new"


@pytest.mark.parametrize("path", catalogues(), ids=lambda path: path.parts[-3])
def test_a_catalogue_is_compiled(path: Path) -> None:
    with path.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for entry in entries(path.read_text(encoding="utf-8")):
        if entry.id and "fuzzy" not in entry.flags and all(entry.translations.values()):
            found = compiled.pgettext(entry.context, entry.id) if entry.context else compiled.gettext(entry.id)
            assert entry.plural is not None or found == entry.translations[0], f"run `make messages`: {entry.id}"


def test_each_language_of_the_interface_has_its_catalogue() -> None:
    base = (LOCALE.parent / "ecomcampaign" / "settings" / "base.py").read_text(encoding="utf-8")
    offered = re.findall(r'\("([\w-]+)", "', re.findall(r"^LANGUAGES = .*?\n(?:[^ ]|$)", base, re.M | re.S)[0])
    assert "en" in offered
    assert {catalogue_of(code) for code in offered} - {catalogue_of("en")} <= set(catalogues())
    assert settings.LOCALE_PATHS == [LOCALE]


AS_EDITORS_WRITE = """
# Ana Exemplo <ana@traducao.example>, 2026.
msgid ""
msgstr ""
"Language: pt_BR\\n"
"X-Generator: Weblate 5.14\\n"
"Plural-Forms: nplurals=2; plural=n > 1;\\n"
"Content-Type: text/plain; charset=utf-8\\n"

#, python-format
msgid "%(n)s letter to the government of "
"Kenya"
msgid_plural ""
"%(n)s letters to the government of Kenya"
msgstr[0] "%(n)s carta ao governo do "
"Quênia"
msgstr[1] ""
"%(n)s cartas ao governo do Quênia"

#~ msgid "Old words"
#~ msgstr "Palavras antigas"
"""


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_what_editors_and_translation_sites_write_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mark: str, line_end: str
) -> None:
    monkeypatch.setattr(scripts.catalogues, "LOCALE", tmp_path)
    path, template = catalogue_of("pt-br"), tmp_path / "django.pot"
    path.parent.mkdir(parents=True)
    path.write_text(mark + AS_EDITORS_WRITE.lstrip(), encoding="utf-8", newline=line_end)
    head, singular, plural = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n', "letter", "letters"
    words = [f'"%(n)s {one} to the government of Kenya"' for one in (singular, plural)]
    new = f'\n#, python-format\nmsgid {words[0]}\nmsgid_plural {words[1]}\nmsgstr[0] ""\nmsgstr[1] ""\n'
    template.write_text(head + new + '\nmsgid "New words"\nmsgstr ""\n', encoding="utf-8")
    make_plain(path)
    merge(template, path)
    compile_catalogue(path)
    assert path.parts[-3] == "pt_BR"
    assert b"\r" not in path.read_bytes()
    _header, letters, _new = entries(path.read_text(encoding="utf-8"))
    assert problems(letters, 2) == []
    with path.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert compiled.ngettext(words[0].strip('"'), words[1].strip('"'), 0) == "%(n)s carta ao governo do Quênia"


SAMPLE = """
#, python-format
msgctxt "letters"
msgid ""
"%(n)s <b>letter</b> "
"of {name}"
msgid_plural "%(n)s <b>letters</b> of {name}"
msgstr[0] "une <b>lettre</b> de {name}"
msgstr[1] "%(n)s <b>lettres</b> de {name}"
"""


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("", "", []),
        ("une <b>", "%(n)s <b>", []),
        ("%(n)s <b>lettres", "des <b>lettres", ["placeholders"]),
        ("lettre</b> de {name}", "lettre</b>", ["placeholders"]),
        ("#, python-format", "#, fuzzy", ["fuzzy"]),
        ("%(n)s <b>lettres", "%(m)s <b>lettres", ["placeholders"]),
        ("lettres</b> de {name}", "lettres</b>", ["placeholders"]),
        ("<b>lettres</b>", "lettres", ["tags"]),
        ("<b>lettres</b>", "<b>lettres<b>", ["tags"]),
        ('de {name}"\nmsgstr[1]', 'de {name} "\nmsgstr[1]', ["white space"]),
        ('msgstr[1] "%(n)s <b>lettres</b> de {name}"', 'msgstr[1] ""', ["missing"]),
        ('msgstr[1] "%(n)s <b>lettres</b> de {name}"', "", ["missing"]),
    ],
)
def test_a_broken_entry_is_seen(old: str, new: str, wrong: list[str]) -> None:
    text = SAMPLE.replace(old, new) if old else SAMPLE
    assert text != SAMPLE or not old
    [entry] = entries(text)
    assert entry.key == ("letters", "%(n)s <b>letter</b> of {name}", "%(n)s <b>letters</b> of {name}")
    assert problems(entry, 2) == wrong


def test_texts_are_found_in_python_and_in_templates() -> None:
    found = {entry.key[:2] for entry in entries(extract())}
    assert len(found) > 2000
    assert (None, "Sign this letter") in found
    assert ("passage", "Only to") in found
