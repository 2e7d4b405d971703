"""Fields for choosing sources, and for naming the governments and groups that something concerns."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign
from apps.core.text import joined, sort_key
from apps.core.types import JsonObject
from apps.governments.models import Group, Member
from apps.sources.citation.formatter import short_text
from apps.sources.models import Source

from ..models import Fact
from ..selectors import GLOBAL

#: characters of a source's title in a list to choose from
MAX_LABEL = 90


class SelectRows(forms.SelectMultiple):
    """Several choices, each in a row of its own, with spare rows: works without scripts and by keyboard."""

    template_name = "forms/select_rows.html"
    use_fieldset = True
    spare = 2

    def get_context(self, name: str, value: object, attrs: dict[str, object] | None) -> JsonObject:
        context: JsonObject = forms.Widget.get_context(self, name, value, attrs)
        context["widget"]["options"] = [(str(key), label) for key, label in self.choices]
        context["widget"]["rows"] = [*(self.format_value(value) or ()), *[""] * self.spare]
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: object, name: str) -> list[str]:
        given = data.getlist(name) if isinstance(data, MultiValueDict) else data.get(name, [])
        return list(dict.fromkeys(value for value in given if value))

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return ""


class SourceChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Source) -> str:
        return source_label(obj)


class SourceChoices(forms.ModelMultipleChoiceField):
    widget = SelectRows

    def label_from_instance(self, obj: Source) -> str:
        return source_label(obj)


def source_label(source: Source) -> str:
    """ "Digital Dividends (World Bank, 2016)"."""
    title = source.title if len(source.title) <= MAX_LABEL else f"{source.title[:MAX_LABEL].rstrip()}…"
    return f"{title} ({short_text(source)})" if source.authors else title


class ConcernedNames:
    """The governments and groups that a fact or point may concern, as people write them."""

    def __init__(self, campaign: Campaign) -> None:
        self.groups: dict[str, str] = dict(Group.objects.values_list("slug", "label"))
        self.members: dict[str, str] = {}
        #: {sort key of a name: code or slug}
        self.codes: dict[str, str] = {}
        for slug, label in self.groups.items():
            self.codes |= {sort_key(slug): slug, sort_key(label): slug}
        for member in Member.objects.only("code", "name", "name_fr", "name_es"):
            names = (member.code, member.name, member.name_fr, member.name_es)
            self.codes |= {sort_key(name): member.code for name in names}
            self.members[member.code] = member.name
        used = Fact.objects.filter(campaign=campaign).values_list("applies_to", flat=True)
        #: the same with “global” and the words that facts have already
        self.codes_of_facts = {
            GLOBAL: GLOBAL, **{sort_key(word): word for words in used for word in words}, **self.codes,
        }  # fmt: skip

    def display(self, codes: Iterable[str]) -> str:
        names = {**self.groups, **self.members}
        return "; ".join(names.get(code, code) for code in codes)

    def parse(self, typed: str, codes: dict[str, str]) -> list[str]:
        """Codes and slugs. Raises ValidationError for unknown names."""
        names = split_list(typed)
        unknown = [name for name in names if sort_key(name) not in codes]
        if unknown:
            values = {"names": joined(name[:60] for name in unknown[:5])}
            if GLOBAL in codes:
                words = _("Neither a government nor a group here: %(names)s. Write the name or code, or “global”.")
            else:
                words = _("Neither a government nor a group here: %(names)s. Write the name or code.")
            raise forms.ValidationError(words % values)
        return list(dict.fromkeys(codes[sort_key(name)] for name in names))


def split_list(typed: str) -> list[str]:
    return list(filter(None, (piece.strip() for piece in typed.split(";"))))
