"""Starting a letter, its texts in other languages, and their review."""

import json
from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.form_fields import LineField, TextField
from apps.core.language_names import language_label, language_name
from apps.core.languages import LANGUAGES
from apps.core.text import joined
from apps.core.types import FormData, JsonObject

from .addressee_forms import AddresseesForm
from .document.cleaning import clean_document
from .document.schema import MAX_SUBJECT, validate_document
from .document.traversal import heading_apart
from .models import Letter, LetterTemplate, LetterText, LetterVersion
from .pages.fact_citations import templates_withdrawn
from .pages.languages import start_choices
from .selectors.letters import campaign_templates
from .selectors.reviews import campaign_reviewers, possible_reviewers
from .services.drafts import FirstText
from .services.languages import Start
from .services.reviews import MAX_COMMENT, MAX_REASON
from .services.versions import MAX_CHANGE


class WordFileLast(ModelChoiceIterator):
    """The choice of no template after the templates."""

    def __iter__(self) -> Iterator[Any]:
        none, *templates = super().__iter__()
        yield from (*templates, none)


class TemplateChoice(forms.ModelChoiceField):
    """Shows the language, the description, and withdrawn facts that the template cites."""

    iterator = WordFileLast
    #: {template: numbers of facts}
    withdrawn: dict[int, list[str]] = {}

    def label_from_instance(self, obj: LetterTemplate) -> str:
        about = obj.description
        if gone := self.withdrawn.get(obj.pk):
            about = f"{about} " + _("Cites withdrawn facts, to be removed: %(facts)s.") % {"facts": joined(gone)}
        language = language_name(obj.language)
        return format_html('{} ({})<span class="hint">{}</span>', obj.title, language, about)

    def validate(self, value: Any) -> None:
        """No template is a choice too."""


class ReadFileField(forms.FileField):
    """Of which only the text comes, in another field: the page's script reads it."""

    def clean(self, data: Any, initial: Any = None) -> None:
        return None


class LetterForm(AddresseesForm):
    """What a letter starts from, its title, and who gets it. The page's script reads a Word file, and puts what it says
    into `document`."""

    template = TemplateChoice(
        queryset=LetterTemplate.objects.none(),
        label=gettext_lazy("Start from"),
        widget=forms.RadioSelect,
        blank=True,
        empty_label=gettext_lazy("A Word file"),
    )
    file = ReadFileField(
        label=gettext_lazy("Word file"),
        help_text=gettext_lazy("A .docx file of at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".docx"}),
    )
    file_language = forms.ChoiceField(label=gettext_lazy("Language of the file"))
    document = forms.CharField(required=False, widget=forms.HiddenInput)
    title = LineField(
        label=gettext_lazy("Working title"),
        help_text=gettext_lazy("For the team. The letter’s own title is written in the text."),
    )
    field_order = ("template", "file", "file_language", "document", "title")

    def __init__(self, data: FormData, *, campaign: Campaign, user: User, initial: JsonObject | None = None) -> None:
        super().__init__(data, campaign=campaign, user=user, initial=initial)
        templates: Any = self.fields["template"]
        templates.withdrawn = templates_withdrawn(campaign)
        templates.queryset = campaign_templates(campaign).filter(archived=False)
        templates.initial = templates.queryset.first()
        language: Any = self.fields["file_language"]
        language.required = not (data and data.get("template"))
        language.choices = [(code, language_label(code)) for code in dict.fromkeys([*campaign.languages, *LANGUAGES])]

    def clean_document(self) -> Any:
        try:
            return json.loads(self.cleaned_data["document"] or "null")
        except (ValueError, RecursionError):
            return None  # not from the page's script: as if no file was chosen

    def clean(self) -> JsonObject:
        cleaned = super().clean()
        if not self.errors.get("template") and not (cleaned.get("template") or cleaned.get("document")):
            self.add_error("file", _("Choose the file to start from, or a template above."))
        return cleaned

    def values(self) -> JsonObject:
        named = {name: self.cleaned_data[name] for name in ("template", "title")}
        return {**named, "first": None if named["template"] else self._first(), **super().values()}

    def _first(self) -> FirstText:
        """A heading at the top is the letter's own title."""
        document = clean_document(self.cleaned_data["document"])
        validate_document(document)
        subject, body = heading_apart(document)
        if len(subject) > MAX_SUBJECT:
            subject, body = "", document
        return FirstText(self.cleaned_data["file_language"], subject, body)


class TitleForm(forms.Form):
    """The working title of a letter, or of its copy."""

    title = LineField(
        label=gettext_lazy("Working title"),
        help_text=gettext_lazy("For the team. The letter’s own title is written in the text."),
    )


class StartForm(forms.Form):
    """What a text in another language begins from."""

    start = forms.ChoiceField(
        label=gettext_lazy("Begin with"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose what the text begins with."),
            "invalid_choice": gettext_lazy("That is no longer there. Choose again."),
        },
    )

    def __init__(self, data: FormData, *, letter: Letter, language: str) -> None:
        super().__init__(data)
        self.language = language
        choices, self.templates = start_choices(letter, language)
        start: Any = self.fields["start"]
        start.choices = choices
        start.initial = choices[0][0]

    def values(self) -> JsonObject:
        chosen = self.cleaned_data["start"]
        template = self.templates.get(chosen)
        return {
            "language": self.language,
            "start": Start.TEMPLATE if template else Start(chosen),
            "template": template,
        }


class ReviewForm(forms.Form):
    """Whom to ask for a review, and what to tell them."""

    reviewers = forms.ModelMultipleChoiceField(
        queryset=User.objects.none(),
        label=gettext_lazy("Who should read it"),
        required=False,
        help_text=gettext_lazy("They get an email at once. If nobody is ticked, every reviewer is told once a day."),
        widget=forms.CheckboxSelectMultiple,
    )
    note = TextField(label=gettext_lazy("What they should look at"), required=False, max_length=MAX_COMMENT)

    def __init__(self, data: FormData, *, text: LetterText) -> None:
        super().__init__(data)
        reviewers: Any = self.fields["reviewers"]
        reviewers.queryset = possible_reviewers(text)
        reviewers.initial = [person for person in reviewers.queryset if person.pk == text.reviewer_id]

    def values(self) -> JsonObject:
        return {"reviewers": list(self.cleaned_data["reviewers"]), "note": self.cleaned_data["note"]}


class SendBackForm(forms.Form):
    reason = TextField(
        label=gettext_lazy("What should change"),
        max_length=MAX_REASON,
        help_text=gettext_lazy("Whoever wrote it gets an email and reads this here."),
        error_messages={"required": gettext_lazy("Say what should change. Whoever asked reads it.")},
    )


class CommentForm(forms.Form):
    comment = TextField(
        label=gettext_lazy("Comment"),
        max_length=MAX_COMMENT,
        error_messages={"required": gettext_lazy("Write the comment first.")},
    )


class ReviewerForm(forms.Form):
    """Who is proposed when the review of a text is asked for."""

    reviewer = forms.ModelChoiceField(
        queryset=User.objects.none(), label=gettext_lazy("Reviewer"), required=False, empty_label="–"
    )

    def __init__(self, data: FormData, *, text: LetterText) -> None:
        super().__init__(data, initial={"reviewer": text.reviewer_id})
        reviewer: Any = self.fields["reviewer"]
        reviewer.queryset = campaign_reviewers(text.letter.campaign)


class ChangeForm(forms.Form):
    """What a later version is, compared with the one before."""

    change = forms.ChoiceField(
        label=gettext_lazy("What this version is"),
        choices=[
            (
                LetterVersion.Change.CORRECTION,
                gettext_lazy(
                    "A correction: a typo, a wrong figure, a mistake in a translation. The meaning is the same."
                ),
            ),
            (LetterVersion.Change.MATERIAL, gettext_lazy("A material change: the letter says or asks something else.")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the two.")},
    )
    reason = TextField(
        label=gettext_lazy("What changed, and why"),
        max_length=MAX_CHANGE,
        help_text=gettext_lazy(
            "It is proposed to signers as the reason, once this version takes the place of the other."
        ),
        error_messages={"required": gettext_lazy("Say what changed, and why.")},
    )
