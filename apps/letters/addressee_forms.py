"""Who gets a letter: all governments, or groups and governments that are ticked in a list or typed."""

import re
from typing import Any

from django import forms
from django.db.models import Case, When
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.text import joined, sort_key, whole_number
from apps.core.types import FormData, JsonObject
from apps.governments.models import Group, GroupMembership, Member
from apps.governments.selectors import group_counts, members_on, reference_day

from .models import Letter
from .selectors.letters import drafter_limits

ALL, CHOSEN = "all", "chosen"


class AddresseesForm(forms.Form):
    """Governments are ticked, or typed by name or code, so that both work without scripts. Whoever drafts for some
    governments only is offered these."""

    to = forms.ChoiceField(
        label=gettext_lazy("Who gets it"),
        choices=[
            (CHOSEN, gettext_lazy("Groups and single governments")),
            (ALL, gettext_lazy("All governments")),
        ],
        widget=forms.RadioSelect,
        initial=CHOSEN,
    )
    members = forms.CharField(
        label=gettext_lazy("Governments"),
        required=False,
        max_length=4000,
        help_text=gettext_lazy("Names or codes, separated by semicolons: France; Togo; LK"),
        widget=forms.TextInput(attrs={"list": "governments", "autocomplete": "off"}),
    )
    groups = forms.ModelMultipleChoiceField(
        queryset=Group.objects.none(),
        label=gettext_lazy("Groups"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    ticked = forms.MultipleChoiceField(
        label=gettext_lazy("Single governments"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: FormData, *, campaign: Campaign, user: User, initial: JsonObject | None = None) -> None:
        super().__init__(data, initial=initial)
        self.day = reference_day(campaign)
        self.language = get_language() or "en"
        self.present: list[Member] = list(members_on(self.day).by_name_on(self.day, self.language))
        limits = drafter_limits(user, campaign)
        if limits is not None:
            self.present = [member for member in self.present if member.pk in limits]
        self.limited = limits is not None
        self._offer()
        self._chosen_first()

    def _offer(self) -> None:
        counts = group_counts(self.day)
        to: Any = self.fields["to"]
        groups: Any = self.fields["groups"]
        ticked: Any = self.fields["ticked"]
        everybody = _("All governments: %(n)s") % {"n": len(self.present)}
        to.choices = [(value, everybody if value == ALL else label) for value, label in to.choices]
        ticked.choices = [(member.code, member.name_on(self.day, self.language)) for member in self.present]
        groups.label_from_instance = lambda group: f"{group.label}: {counts.get(group.slug, 0)}"
        if self.limited:
            to.choices = [(value, label) for value, label in to.choices if value == CHOSEN]
        else:
            groups.queryset = Group.objects.order_by("label")

    def _chosen_first(self) -> None:
        """So that what is ticked is in sight at the top of a long list."""
        ticked: Any = self.fields["ticked"]
        groups: Any = self.fields["groups"]
        codes = set(self["ticked"].value() or [])
        ticked.choices = sorted(ticked.choices, key=lambda choice: choice[0] not in codes)
        typed = [str(getattr(group, "pk", group)) for group in self["groups"].value() or []]
        if chosen := [number for value in typed if (number := whole_number(value, 9)) is not None]:
            groups.queryset = groups.queryset.order_by(Case(When(pk__in=chosen, then=0), default=1), "label")

    def offered(self) -> list[tuple[str, str]]:
        return [(member.name_on(self.day, self.language), member.code) for member in self.present]

    def codes_by_group(self) -> dict[int, list[str]]:
        """{id of an offered group: codes of its members}, for the count beside the list."""
        groups: Any = self.fields["groups"]
        found: dict[int, list[str]] = {group.pk: [] for group in groups.queryset}
        held = GroupMembership.objects.on(self.day).filter(group__in=found, member__in=self.present)
        for group, code in held.values_list("group_id", "member__code"):
            found[group].append(code)
        return found

    def clean_members(self) -> list[Member]:
        known: dict[str, Member] = {}
        for member in self.present:
            present = (member.name_on(self.day), member.name_on(self.day, self.language))
            names = (member.code, member.name, *present, member.name_fr, member.name_es)
            known |= {sort_key(name): member for name in names if name}
        wanted = [piece.strip() for piece in re.split(r"[;\n]", self.cleaned_data["members"]) if piece.strip()]
        strangers = [name for name in wanted if sort_key(name) not in known]
        if strangers:
            raise forms.ValidationError(
                _("Not among the governments here: %(names)s. Choose from the list that opens as you type.")
                % {"names": joined(strangers[:5])}
            )
        return [known[sort_key(name)] for name in wanted]

    def clean(self) -> JsonObject:
        cleaned = super().clean() or self.cleaned_data
        chosen = [cleaned.get(name) for name in ("members", "groups", "ticked")]
        if cleaned.get("to") == CHOSEN and not self.errors and not any(chosen):
            self.add_error("members", _("Name at least one government, or tick a group."))
        return cleaned

    def values(self) -> JsonObject:
        to_all = self.cleaned_data["to"] == ALL
        codes = {*self.cleaned_data["ticked"], *(member.code for member in self.cleaned_data["members"])}
        return {
            "to_all": to_all,
            "groups": [] if to_all else list(self.cleaned_data["groups"]),
            "members": [] if to_all else [member for member in self.present if member.code in codes],
        }


def addressees_now(letter: Letter) -> JsonObject:
    """What the form shows of a letter's addressees."""
    return {
        "to": ALL if letter.to_all else CHOSEN,
        "groups": list(letter.to_groups.all()),
        "ticked": [member.code for member in letter.to_members.all()],
    }
