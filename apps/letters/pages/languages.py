"""The texts of a letter, one per language, and what another one may begin from."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.core.language_names import language_name
from apps.core.languages import LANGUAGES

from ..document.traversal import word_count
from ..models import Letter, LetterTemplate, LetterText
from ..selectors.drafts import original_text, text_facts, text_stage, texts_with_state
from ..selectors.letters import campaign_templates
from ..services.languages import Start, why_kept
from .draft_problems import text_problems
from .problem import Problem


@dataclass(frozen=True)
class TextRow:
    """`problems`: those of this text, also in comparison with the original."""

    text: LetterText
    stage: str
    original: bool
    words: int
    removable: bool
    problems: list[Problem]


def text_rows(letter: Letter) -> list[TextRow]:
    """The original first, then in the order in which they were added."""
    newest = letter.versions.order_by("-number").first()
    texts = texts_with_state().filter(letter=letter).select_related("letter__campaign", "reviewer").order_by("pk")
    return [
        TextRow(
            text=text,
            stage=text_stage(text, newest),
            original=place == 0,
            words=word_count(text.body),
            removable=not why_kept(text),
            problems=text_problems(text, text.body, text.subject, text_facts(text)),
        )
        for place, text in enumerate(texts)
    ]


@dataclass(frozen=True)
class FreeLanguage:
    code: str
    templates: int
    removed: bool


def free_languages(letter: Letter) -> list[FreeLanguage]:
    """The languages in which the letter has no text: those of the campaign, then others that letters are written in."""
    taken = set(letter.texts.values_list("language", flat=True))
    removed = set(LetterText.with_removed.filter(letter=letter).values_list("language", flat=True)) - taken
    templates = [template.language for template in campaign_templates(letter.campaign)]
    codes = dict.fromkeys([*letter.campaign.languages, *LANGUAGES])
    return [FreeLanguage(code, templates.count(code), code in removed) for code in codes if code not in taken]


def start_choices(letter: Letter, language: str) -> tuple[list[tuple[str, str]], dict[str, LetterTemplate]]:
    """([(value, label)], {value: template}): the template of the letter's own kind first, then the original, other
    templates, nothing, and what was removed."""
    found = [template for template in campaign_templates(letter.campaign) if template.language == language]
    templates = {f"{Start.TEMPLATE}-{template.pk}": template for template in found}
    own = letter.template.key if letter.template else ""
    named = {value: _("The template “%(title)s”") % {"title": one.title} for value, one in templates.items()}
    first = [(value, label) for value, label in named.items() if templates[value].key == own]
    others = [(value, label) for value, label in named.items() if templates[value].key != own]
    values = {"language": language_name(original_text(letter).language)}
    copied = (str(Start.ORIGINAL), _("A copy of the %(language)s text, to translate in place") % values)
    empty = (str(Start.EMPTY), _("An empty page"))
    choices = [*first, copied, *others, empty]
    if LetterText.with_removed.filter(letter=letter, language=language).exclude(removed_at=None).exists():
        choices.insert(0, (str(Start.REMOVED), _("The text that was removed, as it was")))
    return choices, templates
