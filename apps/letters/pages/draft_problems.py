"""What prevents freezing a draft, and what to check first."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from apps.core.text import isolated
from apps.core.types import JsonObject
from apps.governments.models import Member
from apps.governments.selectors import reference_day
from apps.sources.citation.formatter import citation_url
from apps.talkingpoints.models import Fact, FactRevision
from apps.talkingpoints.pages.fact_history import acts_since

from ..document.schema import UNTRANSLATED
from ..document.traversal import facts_used, missing_fields, plain_text, walk_nodes
from ..merge_fields import field_labels, field_values, labelled_values
from ..models import Adaptation, LetterText
from ..rendering.font_coverage import uncovered
from ..selectors.adaptations import CHANGED, GONE, adaptation_state, standing_adaptations
from ..selectors.letters import letter_addressees, members_without_address
from .cited_facts import facts_changed
from .problem import Problem
from .translation_problems import translation_problems


def text_problems(
    text: LetterText, body: JsonObject, subject: str, facts: dict[str, Fact], member: Member | None = None
) -> list[Problem]:
    """`body` may be unsaved. With `member`, also the values that are missing for that government."""
    found = [] if subject.strip() else [Problem("subject", "bad", _("The letter has no subject yet."))]
    if not plain_text(body):
        found.append(Problem("text", "bad", _("The letter has no text yet.")))
    found += _fact_problems(text, body, facts)
    found += _value_problems(text, body, member)
    found += lost_problems(body)
    found += _passage_problems(text, body, facts)
    if missing := uncovered(subject + "".join(node["text"] for node in walk_nodes(body) if node["type"] == "text")):
        characters = " ".join(sorted(missing)[:10])
        message = _("The PDF cannot print these characters: %(characters)s")
        found.append(Problem("glyph", "warn", message % {"characters": characters}))
    return found + translation_problems(text, body, subject) + _link_problems(text, facts) + _address_problems(text)


def _fact_problems(text: LetterText, body: JsonObject, facts: dict[str, Fact]) -> list[Problem]:
    blocks: dict[str, str] = {}
    for node, block in nodes_in_blocks(body, "citation"):
        blocks.setdefault(node["attrs"]["fact"], block)
    return [problem for found in fact_problems(text, blocks, facts).values() for problem in found]


def fact_problems(text: LetterText, blocks: Mapping[str, str], facts: dict[str, Fact]) -> dict[str, list[Problem]]:
    """{key of a fact: what is wrong with it}, in the order of `blocks`, {key: the block that cites it}."""
    stale = facts_changed(text, facts)
    acts = acts_since(stale) if stale else {}
    found: dict[str, list[Problem]] = {}
    for key, block in blocks.items():
        fact = facts.get(key)
        if fact is None:
            message = _("Fact %(key)s does not exist any more.") % {"key": key}
            found[key] = [Problem("fact_unknown", "bad", message, block)]
            continue
        named, links, wrong = {"fact": fact.name}, _fact_links(text, fact), []
        if fact.retired_at:
            message = _("%(fact)s was withdrawn. Cite another fact in its place, or remove the citation.")
            wrong.append(Problem("fact_retired", "bad", message % named, block, links))
        elif fact.pk in stale:
            message = _changed_words(acts.get(fact.pk, set())) % named
            wrong.append(Problem("fact_changed", "warn", message, block, links))
        found[key] = [*wrong, *(Problem(kind, "warn", message, block, links) for kind, message in _doubts(fact))]
    return found


def _fact_links(text: LetterText, *facts: Fact) -> tuple[tuple[str, str], ...]:
    slug = text.letter.campaign.slug
    return tuple((fact.name, reverse("evidence:fact", args=[slug, fact.key])) for fact in facts)


def _doubts(fact: Fact) -> Iterator[tuple[str, str]]:
    if fact.verification == Fact.Verification.CAUTION or fact.caution:
        yield "fact_caution", f"{fact.name}: {isolated(fact.caution) or _('Its source says otherwise.')}"
    if fact.verification == Fact.Verification.UNVERIFIED:
        yield "fact_unverified", _("%(fact)s has not been checked against a second source.") % {"fact": fact.name}


#: what a mark says, by its kind
LOST_WORDS = {
    "image": gettext_lazy("An image was left out here."),
    "object": gettext_lazy("A drawing, chart or embedded file was left out here."),
    "table": gettext_lazy("A table was here. Its rows are now paragraphs."),
    "formula": gettext_lazy("A formula was here. Check how it reads now."),
    "form": gettext_lazy("A form field was left out here."),
    "struck": gettext_lazy("Struck-out words were left out here."),
    "link": gettext_lazy("The link of these words was left out: it does not say where it leads."),
    "note": gettext_lazy("The text of this note was not copied. Write it, or remove its number."),
    "symbol": gettext_lazy("A symbol from another font was left out here."),
    UNTRANSLATED: gettext_lazy("These words are still in English."),
}


def lost_problems(body: JsonObject) -> Iterator[Problem]:
    """What a paste could not keep, where it stood, and words inserted in another language."""
    for node, block in nodes_in_blocks(body, "lost"):
        words = f" ({node['attrs']['words']})" if node["attrs"].get("words") else ""
        kind = "foreign" if node["attrs"]["what"] == UNTRANSLATED else "lost"
        yield Problem(kind, "bad", f"{LOST_WORDS[node['attrs']['what']]}{words}", block)


def _passage_problems(text: LetterText, body: JsonObject, facts: dict[str, Fact]) -> Iterator[Problem]:
    """Of passages for single governments that get the letter: what is wrong in them, and with their places."""
    standing = list(standing_adaptations([text]))
    addressees = set(letter_addressees(text.letter, reference_day(text.letter.campaign))) if standing else set()
    rows = [row for row in standing if row.member in addressees]
    yield from _problems_inside(text, body, facts, rows)
    for row in rows:
        state = adaptation_state(row, body)
        if state == GONE and row.kind != Adaptation.Kind.LEAVE_OUT:
            yield misplaced(text, row.member)
        elif state == CHANGED:
            message = _("A passage for %(name)s stands where the text has changed.")
            name, place = _country_letter(text, row.member)
            yield Problem("moved", "warn", message % {"name": name}, row.block, ((name, place),))


def _problems_inside(
    text: LetterText, body: JsonObject, facts: dict[str, Fact], rows: list[Adaptation]
) -> Iterator[Problem]:
    """What is only to be checked of a fact is said once, of the text or of the first passage that cites it."""
    cited = {row.pk: dict.fromkeys(facts_used(row.content), "") for row in rows}
    keys = {key: "" for found in cited.values() for key in found}
    by_fact = fact_problems(text, keys, facts) if keys else {}
    said = set(facts_used(body))
    for row in rows:
        found = [one for key in cited[row.pk] for one in by_fact[key] if one.tone == "bad" or key not in said]
        said.update(cited[row.pk])
        name, place = _country_letter(text, row.member)
        for problem in [*found, *_empty_fields(text, row), *lost_problems(row.content)]:
            yield replace(problem, text=f"{name}: {problem.text}", block="", links=((name, place), *problem.links))


def _empty_fields(text: LetterText, row: Adaptation) -> Iterator[Problem]:
    """Of a passage for one government."""
    campaign = text.letter.campaign
    context = {"campaign": campaign, "member": row.member, "day": reference_day(campaign), "language": text.language}
    used = {node["attrs"]["key"] for node in walk_nodes(row.content) if node["type"] == "mergeField"}
    if not used:
        return
    values = field_values(context, envelope=True) | field_values(context, envelope=False)
    for label in field_labels(missing_fields([row.content], values)):
        yield Problem("field", "bad", _("“%(field)s” is empty.") % {"field": label})


def misplaced(text: LetterText, member: Member) -> Problem:
    message = _("A passage for %(name)s has lost its place in the text. Move or remove it.")
    name, place = _country_letter(text, member)
    return Problem("misplaced", "bad", message % {"name": name}, "", ((name, place),))


def _country_letter(text: LetterText, member: Member) -> tuple[str, str]:
    """The government's name, and where its letter is."""
    letter = text.letter
    args = [letter.campaign.slug, letter.number, text.language, member.code]
    return member.name_in(get_language() or "en"), reverse("letters:country_letter", args=args)


def _link_problems(text: LetterText, facts: dict[str, Fact]) -> list[Problem]:
    unchecked = [fact for fact in facts.values() if fact.source.checked_on is None and citation_url(fact.source)]
    if not unchecked:
        return []
    message = ngettext(
        "Nobody has checked the link of %(n)s fact yet.",
        "Nobody has checked the links of %(n)s facts yet.",
        len(unchecked),
    )
    return [Problem("link", "warn", message % {"n": len(unchecked)}, links=_fact_links(text, *unchecked))]


def _address_problems(text: LetterText) -> list[Problem]:
    campaign = text.letter.campaign
    day, language = reference_day(campaign), get_language() or "en"
    addressees = letter_addressees(text.letter, day)
    unreachable = members_without_address(campaign, addressees)
    if not unreachable:
        return []
    message = ngettext(
        "%(n)s of %(all)s governments has no usable address.",
        "%(n)s of %(all)s governments have no usable address.",
        len(unreachable),
    )
    if len(addressees) == 1:
        message = _("%(name)s has no usable address, so the letter cannot be sent there.")
    values = {"n": len(unreachable), "all": len(addressees), "name": unreachable[0].name_on(day, language)}
    slug = campaign.slug
    links = tuple(
        (one.name_on(day, language), reverse("dashboard:government", args=[slug, one.code])) for one in unreachable
    )
    return [Problem("address", "warn", message % values, links=links)]


def _changed_words(acts: set[str]) -> str:
    if FactRevision.Act.SOURCE in acts and acts.isdisjoint({FactRevision.Act.CORRECT, FactRevision.Act.LOAD}):
        return _("%(fact)s: its source was corrected since.")
    return _("%(fact)s has changed since.")


def _value_problems(text: LetterText, body: JsonObject, member: Member | None) -> list[Problem]:
    if member is None:
        return []
    campaign = text.letter.campaign
    context = {"campaign": campaign, "member": member, "day": reference_day(campaign), "language": text.language}
    values = labelled_values(context)
    found = []
    for node, block in nodes_in_blocks(body, "mergeField"):
        label, value = values.get(node["attrs"]["key"], (node["attrs"]["key"], ""))
        if not value and not node["attrs"].get("fallback"):
            words = {"field": label, "member": member.name_in(get_language() or "en")}
            found.append(
                Problem("field", "bad", _("“%(field)s” has no value for %(member)s and no fallback.") % words, block)
            )
    return list(dict.fromkeys(found))


def nodes_in_blocks(node: JsonObject, kind: str, block: str = "") -> Iterator[tuple[JsonObject, str]]:
    """(node, id of the nearest block around it)."""
    block = node.get("attrs", {}).get("id", block)
    for child in node.get("content", ()):
        if child["type"] == kind:
            yield child, block
        yield from nodes_in_blocks(child, kind, block)
