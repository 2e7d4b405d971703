"""The audiences of passages."""

from datetime import date

from django.utils.text import get_text_list
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign
from apps.core.types import JsonObject
from apps.governments.models import Group, GroupMembership, Member
from apps.governments.pages.stance_labels import STANCE_AUDIENCES
from apps.governments.selectors import audience_matcher, members_on, reference_day, stances_on

from ..document.traversal import walk_nodes
from ..edition_content import Matcher
from ..models import LetterText
from ..selectors.letters import letter_addressees


def audience_choices(campaign: Campaign) -> list[JsonObject]:
    """[{entry, kind, label, count, members: [code]}]: groups, stances, then members, as of the campaign's day."""
    day, language = reference_day(campaign), get_language() or "en"
    present = list(members_on(day).by_name_on(day, language))
    codes = {member.pk: member.code for member in present}
    codes_by_entry: dict[str, list[str]] = {}
    for slug, code in (
        GroupMembership.objects.on(day).filter(member__in=present).values_list("group__slug", "member__code")
    ):
        codes_by_entry.setdefault(f"group:{slug}", []).append(code)
    for pk, position in stances_on(campaign, day).items():
        if pk in codes:
            codes_by_entry.setdefault(f"stance:{position.stance}", []).append(codes[pk])
    groups = [
        _choice("group", group.slug, group.label, codes_by_entry.get(f"group:{group.slug}", []))
        for group in Group.objects.order_by("label")
    ]
    stances = [
        _choice("stance", value, str(words), codes_by_entry.get(f"stance:{value}", []))
        for value, words in STANCE_AUDIENCES.items()
    ]
    members = [_choice("member", member.code, member.name_on(day, language), [member.code]) for member in present]
    return groups + stances + members


def _choice(kind: str, value: str, label: str, codes: list[str]) -> JsonObject:
    members = sorted(set(codes))
    return {"entry": f"{kind}:{value}", "kind": kind, "label": label, "count": len(members), "members": members}


def audience_marks(
    text: LetterText, day: date, member: Member | None = None, body: JsonObject | None = None
) -> dict[str, tuple[str, str]]:
    """{id of a block in an audience: (class, sentence)} of the text, or of an unsaved `body`. With `member`, the
    sentence says whether it gets the passage that others do not get."""
    blocks = [block for block in (body or text.body).get("content", []) if block["type"] == "audience"]
    if not blocks:
        return {}
    matcher = audience_matcher(text.letter.campaign, day)
    labels = {choice["entry"]: choice["label"] for choice in audience_choices(text.letter.campaign)}
    addressees = letter_addressees(text.letter, day)
    found = {}
    for block in blocks:
        only, without = block["attrs"].get("only", []), block["attrs"].get("except", [])
        sentence = audience_sentence(block["attrs"], addressees, matcher, labels)
        if member and without and not matcher(member, without) and (not only or matcher(member, only)):
            name = member.name_on(day, get_language() or "en")
            sentence = _("%(limits)s, %(name)s gets it") % {"limits": sentence, "name": name}
        css = "audience" if only else "audience not"
        for node in walk_nodes(block):
            if "id" in node.get("attrs", {}):
                found[node["attrs"]["id"]] = (css, sentence)
    return found


def audience_sentence(attrs: JsonObject, addressees: list[Member], matcher: Matcher, labels: dict[str, str]) -> str:
    """ "Only to African Group: 44 governments", "Not to LDC: leaves out 36 governments" of the letter's addressees."""
    only, without = attrs.get("only", []), attrs.get("except", [])
    named = _named(only or without, labels)
    if only:
        kept = [member for member in addressees if matcher(member, only) and not matcher(member, without)]
        values = {"whom": named, "n": len(kept)}
        if without:
            sentence = ngettext(
                "Only to %(whom)s, but not to %(others)s: %(n)s government",
                "Only to %(whom)s, but not to %(others)s: %(n)s governments",
                len(kept),
            )
            return sentence % {**values, "others": _named(without, labels)}
        sentence = ngettext("Only to %(whom)s: %(n)s government", "Only to %(whom)s: %(n)s governments", len(kept))
        return sentence % values
    if without:
        lost = [member for member in addressees if matcher(member, without)]
        sentence = ngettext(
            "Not to %(whom)s: leaves out %(n)s government", "Not to %(whom)s: leaves out %(n)s governments", len(lost)
        )
        return sentence % {"whom": named, "n": len(lost)}
    return _("To everybody")


def _named(entries: list[str], labels: dict[str, str]) -> str:
    return get_text_list([labels.get(entry, entry.partition(":")[2]) for entry in entries], _("and"))
