"""Choosing sources and points, and naming whom something concerns."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign
from apps.core.text import sort_key
from apps.core.types import JsonObject
from apps.governments.models import Group, Member
from apps.sources.citation import short_text
from apps.sources.models import Source

from ..models import Fact

#: characters of a source's title in a list to choose from
LONGEST_CHOICE = 90


class SelectRows(forms.SelectMultiple):
    """Several of a list as rows of one choice each, with two rows to spare: works without a script and by keyboard."""

    template_name = "forms/select_rows.html"
    use_fieldset = True
    spare = 2

    def get_context(self, name: str, value: Any, attrs: Any) -> JsonObject:
        context: JsonObject = forms.Widget.get_context(self, name, value, attrs)
        options = [(str(key), label) for key, label in self.choices]
        context["widget"]["options"] = options
        context["widget"]["rows"] = [*(self.format_value(value) or ()), *[""] * self.spare]
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        given = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return list(dict.fromkeys(value for value in given if value))

    def id_for_label(self, id_: str, index: Any = None) -> str:
        return ""


class SourceChoice(forms.ModelChoiceField):
    """One source of the campaign, by its title and who wrote it when."""

    def label_from_instance(self, obj: Any) -> str:
        return source_label(obj)


class SourceChoices(forms.ModelMultipleChoiceField):
    """Several."""

    widget = SelectRows

    def label_from_instance(self, obj: Any) -> str:
        return source_label(obj)


def source_label(source: Source) -> str:
    """ "Digital Dividends (World Bank, 2016)"."""
    cut = source.title if len(source.title) <= LONGEST_CHOICE else f"{source.title[:LONGEST_CHOICE].rstrip()}…"
    return f"{cut} ({short_text(source)})" if source.authors else cut


class Whom:
    """Whom a fact or a point may concern: {folded name: code or slug}, and the names to show."""

    def __init__(self, campaign: Campaign) -> None:
        self.groups: dict[str, str] = dict(Group.objects.values_list("slug", "label"))
        self.members: dict[str, str] = {}
        self.named: dict[str, str] = {}
        for slug, label in self.groups.items():
            self.named |= {sort_key(slug): slug, sort_key(label): slug}
        for member in Member.objects.only("code", "name", "name_fr", "name_es"):
            names = (member.code, member.name, member.name_fr, member.name_es)
            self.named |= {sort_key(name): member.code for name in names}
            self.members[member.code] = member.name
        words = Fact.objects.filter(campaign=campaign).values_list("applies_to", flat=True)
        self.known = {"global": "global", **{sort_key(word): word for used in words for word in used}, **self.named}

    def shown(self, words: Iterable[str]) -> str:
        """Codes and slugs as a person reads them."""
        names = {**self.groups, **self.members}
        return "; ".join(names.get(word, word) for word in words)

    def read(self, typed: str, known: dict[str, str]) -> list[str]:
        """Codes and slugs. Raises for words that are none."""
        pieces = pieces_of(typed)
        strangers = [piece for piece in pieces if sort_key(piece) not in known]
        if strangers:
            names = {"names": ", ".join(piece[:60] for piece in strangers[:5])}
            if "global" in known:
                words = _("Neither a government nor a group here: %(names)s. Write the name or code, or “global”.")
            else:
                words = _("Neither a government nor a group here: %(names)s. Write the name or code.")
            raise forms.ValidationError(words % names)
        return list(dict.fromkeys(known[sort_key(piece)] for piece in pieces))


def pieces_of(typed: str) -> list[str]:
    return list(filter(None, (piece.strip() for piece in typed.split(";"))))
