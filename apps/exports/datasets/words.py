"""What codes mean in the language of a file: {code: word}."""

from collections.abc import Callable, Mapping

from django.utils.translation import override

from apps.core.language_names import language_label
from apps.core.territories import INTERNATIONAL, cldr_names, territory_name
from apps.core.types import Label

type Words = Callable[[str], Mapping[str, str]]


def labels(table: Mapping[str, Label]) -> Words:
    def words(language: str) -> dict[str, str]:
        with override(language):
            return {str(code): str(label) for code, label in table.items()}

    return words


def countries(language: str) -> dict[str, str]:
    return {code: territory_name(code, language) for code in (*cldr_names(), INTERNATIONAL)}


def languages(language: str) -> dict[str, str]:
    with override(language):
        return {code: language_label(code) for code in ("en", "fr", "es", "ar", "pt", "ru", "zh", "de")}


def numbered_letter(number: int, title: str) -> str:
    """ "2: To all members", in the direction of the title also where the page has the other one."""
    return f"\N{FIRST STRONG ISOLATE}{number}: {title}\N{POP DIRECTIONAL ISOLATE}"
