"""Templates made of letters."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from apps.core.form_fields import LineField, TextField
from apps.core.language_names import language_name
from apps.core.types import FormData, JsonObject
from apps.governments.models import Group

from .models import Letter, LetterTemplate


class TemplateForm(forms.Form):
    """How a template is described."""

    title = LineField(label=gettext_lazy("Title"))
    description = TextField(
        label=gettext_lazy("Description"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("What it asks for, and which passages it has for whom."),
    )


class NewTemplateForm(TemplateForm):
    """And of which texts of a letter it is made."""

    group = forms.ModelChoiceField(
        queryset=Group.objects.none(),
        label=gettext_lazy("For the group"),
        required=False,
        empty_label=gettext_lazy("All governments"),
    )
    languages = forms.MultipleChoiceField(label=gettext_lazy("Languages"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: FormData, *, letter: Letter) -> None:
        codes = [text.language for text in sorted(letter.texts.all(), key=lambda text: text.pk)]
        super().__init__(data, initial={"title": letter.title, "languages": codes})
        group: Any = self.fields["group"]
        group.queryset = Group.objects.order_by("label")
        group.label_from_instance = lambda one: one.label
        languages: Any = self.fields["languages"]
        languages.choices = [(code, language_name(code)) for code in codes]
        only = list(letter.to_groups.all())
        if len(only) == 1 and not letter.to_all:
            group.initial = only[0].pk


def described(template: LetterTemplate) -> JsonObject:
    return {"title": template.title, "description": template.description}
