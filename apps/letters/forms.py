"""Starting a letter, and its texts in other languages."""

import re
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.form_fields import LineField
from apps.core.language_names import language_name
from apps.core.text import joined, sort_key
from apps.core.types import FormData, JsonObject
from apps.governments.models import Group, Member
from apps.governments.selectors import group_counts, members_on, reference_day

from .models import Letter, LetterTemplate
from .pages.fact_citations import templates_withdrawn
from .pages.languages import start_choices
from .selectors.letters import campaign_templates, drafter_limits
from .services.languages import Start

ALL, GROUPS, MEMBERS = "all", "groups", "members"


class TemplateChoice(forms.ModelChoiceField):
    """Shows the language, the description, and withdrawn facts that the template cites."""

    #: {template: numbers of facts}
    withdrawn: dict[int, list[str]] = {}

    def label_from_instance(self, obj: LetterTemplate) -> str:
        about = obj.description
        if gone := self.withdrawn.get(obj.pk):
            about = f"{about} " + _("Cites withdrawn facts, to be removed: %(facts)s.") % {"facts": joined(gone)}
        language = language_name(obj.language)
        return format_html('{} ({})<span class="hint">{}</span>', obj.title, language, about)


class LetterForm(forms.Form):
    """Governments are typed, by name or code, so that it works without scripts; the browser suggests names."""

    template = TemplateChoice(
        queryset=LetterTemplate.objects.none(),
        label=gettext_lazy("Start from"),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    title = LineField(
        label=gettext_lazy("Working title"),
        help_text=gettext_lazy("For the team. The letter’s own title is written in the text."),
    )
    to = forms.ChoiceField(
        label=gettext_lazy("Who gets it"),
        choices=[
            (MEMBERS, gettext_lazy("Single governments")),
            (GROUPS, gettext_lazy("Groups")),
            (ALL, gettext_lazy("All governments")),
        ],
        widget=forms.RadioSelect,
        initial=MEMBERS,
    )
    members = forms.CharField(
        label=gettext_lazy("Governments"),
        error_messages={"required": gettext_lazy("Name at least one government.")},
        max_length=4000,
        help_text=gettext_lazy("Names or codes, separated by semicolons: France; Togo; LK"),
        widget=forms.TextInput(attrs={"list": "governments", "autocomplete": "off"}),
    )
    groups = forms.ModelMultipleChoiceField(
        queryset=Group.objects.none(),
        label=gettext_lazy("Groups"),
        error_messages={"required": gettext_lazy("Tick at least one group.")},
        widget=forms.CheckboxSelectMultiple,
    )

    #: which list is required depends on `to`
    use_required_attribute = False

    def __init__(self, data: FormData, *, campaign: Campaign, user: User, initial: JsonObject | None = None) -> None:
        super().__init__(data, initial=initial)
        to = self.data.get("to", MEMBERS)
        self.fields["members"].required = to == MEMBERS
        self.fields["groups"].required = to == GROUPS
        self.day = reference_day(campaign)
        self.present: list[Member] = list(members_on(self.day))
        limits = drafter_limits(user, campaign)
        if limits is not None:
            self.present = [member for member in self.present if member.pk in limits]
        self.limited = limits is not None
        self._offer(campaign)

    def _offer(self, campaign: Campaign) -> None:
        counts = group_counts(self.day)
        templates: Any = self.fields["template"]
        groups: Any = self.fields["groups"]
        to: Any = self.fields["to"]
        templates.withdrawn = templates_withdrawn(campaign)
        templates.queryset = campaign_templates(campaign)
        templates.initial = templates.queryset.first()
        groups.queryset = Group.objects.order_by("label")
        groups.label_from_instance = lambda group: f"{group.label}: {counts.get(group.slug, 0)}"
        everybody = _("All governments: %(n)s") % {"n": len(self.present)}
        to.choices = [(value, everybody if value == ALL else label) for value, label in to.choices]
        if self.limited:
            to.choices = [(value, label) for value, label in to.choices if value == MEMBERS]

    def offered(self) -> list[tuple[str, str]]:
        return [(member.name_on(self.day), member.code) for member in self.present]

    def clean_members(self) -> list[Member]:
        known: dict[str, Member] = {}
        for member in self.present:
            names = (member.code, member.name, member.name_on(self.day), member.name_fr, member.name_es)
            known |= {sort_key(name): member for name in names if name}
        wanted = [piece.strip() for piece in re.split(r"[;\n]", self.cleaned_data["members"]) if piece.strip()]
        strangers = [name for name in wanted if sort_key(name) not in known]
        if strangers:
            raise forms.ValidationError(
                _("Not among the governments here: %(names)s. Choose from the list that opens as you type.")
                % {"names": joined(strangers[:5])}
            )
        if not wanted and self.fields["members"].required:
            raise forms.ValidationError(_("Name at least one government."))
        return list({known[sort_key(name)].pk: known[sort_key(name)] for name in wanted}.values())

    def values(self) -> JsonObject:
        to = self.cleaned_data["to"]
        return {
            "template": self.cleaned_data["template"],
            "title": self.cleaned_data["title"],
            "to_all": to == ALL,
            "groups": list(self.cleaned_data["groups"]) if to == GROUPS else [],
            "members": self.cleaned_data["members"] if to == MEMBERS else [],
        }


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
