"""A translation beside its original: blocks belong together, and each knows whether its original changed."""

import time
from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest

from apps.core.errors import DomainError, NotAllowed
from apps.letters.document.blocks import block_pairs, text_blocks
from apps.letters.document.differences import words_of
from apps.letters.models import Letter, LetterText, TranslatedBlock
from apps.letters.pages.translation_problems import translation_problems
from apps.letters.selectors.translations import BlockState, stale_blocks, translation_rows
from apps.letters.services.approvals import letter_text_approve
from apps.letters.services.drafts import letter_create, letter_text_save
from apps.letters.services.languages import letter_text_add, letter_text_remove
from apps.letters.services.letters import letter_duplicate
from apps.letters.services.translations import OriginalChanged, translated_block_confirm
from tests.factories import add_team_member, make_user
from tests.factories import documents as d
from tests.factories.concurrency import at_once, errors
from tests.factories.letters import limit_drafter, make_template

ENGLISH = d.doc(
    d.par(d.merge("recipient.salutation"), ",", id="baaaaaaa1"),
    d.par("We ask you to refuse a mandate.", d.cite("tp02-f06"), id="baaaaaaa2"),
    d.par("Data stays at home in ", d.merge("member.name"), ".", id="baaaaaaa3"),
    d.par("Respectfully", id="baaaaaaa4"),
)
FRENCH = d.doc(
    d.par(d.merge("recipient.salutation"), ",", id="baaaaaaa1"),
    d.par("Nous vous demandons de refuser un mandat", d.cite("tp02-f06"), ".", id="baaaaaaa2"),
    d.par("Les données restent au pays : ", d.merge("member.name"), ".", id="baaaaaaa3"),
    d.par("Avec nos salutations", id="baaaaaaa4"),
)


def save(text: LetterText, actor: Any, body: Any = None, subject: str | None = None) -> LetterText:
    text.refresh_from_db()
    subject = text.subject if subject is None else subject
    return letter_text_save(text=text, actor=actor, revision=text.revision, subject=subject, body=body or text.body)


@pytest.fixture
def pair(world: SimpleNamespace, cast: SimpleNamespace) -> SimpleNamespace:
    """The letter in English, and in French from the template's own translation."""
    english = make_template(world.campaign, ENGLISH, key="pair", subject="No mandate")
    french = make_template(world.campaign, FRENCH, key="pair", language="fr", subject="Pas de mandat")
    letter = letter_create(
        campaign=world.campaign, actor=cast.drafter, template=english, title="Pair", members=[world.kenya]
    )
    text = letter_text_add(letter=letter, actor=cast.drafter, language="fr", start="template", template=french)
    return SimpleNamespace(letter=letter, english=letter.texts.get(language="en"), french=text)


def states(pair: SimpleNamespace) -> dict[str, str]:
    """{words of the original, or of what only the translation has: state}"""
    pair.french.refresh_from_db()
    pair.english.refresh_from_db()
    rows = translation_rows(pair.french, pair.english)
    return {(row.original or row.own).words: str(row.state) for row in rows if row.original or row.own}  # type: ignore[union-attr]


def words(*changed: tuple[int, str]) -> Any:
    """The English body with other words in these paragraphs."""
    body = {**ENGLISH, "content": [dict(block) for block in ENGLISH["content"]]}
    for place, line in changed:
        body["content"][place]["content"] = [d.text(line)]
    return body


def test_the_templates_own_translation_is_right_until_the_original_changes(
    pair: SimpleNamespace, cast: SimpleNamespace
) -> None:
    assert set(states(pair).values()) == {"right"}
    assert stale_blocks(pair.letter) == {"fr": []}
    save(pair.english, cast.drafter, words((1, "We beg you to refuse a mandate.")))
    assert states(pair)["We beg you to refuse a mandate."] == "changed"
    row = translation_rows(pair.french, pair.english)[2]
    assert (row.before, row.said_by) == ("We ask you to refuse a mandate. [tp02-f06]", None)
    assert row.added_facts == ["tp02-f06"], "the note went with the sentence"
    assert [(one.block, one.state) for one in stale_blocks(pair.letter)["fr"]] == [("baaaaaaa2", "changed")]
    (outdated,) = [one for one in translation_problems(pair.french, FRENCH, "Objet") if one.kind == "outdated"]
    assert outdated.text.startswith("1 passage of the English text was changed")
    assert (outdated.block, outdated.links[0][1].rpartition("/")[2]) == ("baaaaaaa2", "?language=fr&beside=1")


@pytest.mark.parametrize(
    "new",
    [
        d.par(d.text("Respect", "bold"), "fully", id="baaaaaaa4"),
        {**d.heading("Respectfully"), "attrs": {"id": "baaaaaaa4", "level": 2}},
    ],
)
def test_formatting_alone_is_a_change(pair: SimpleNamespace, cast: SimpleNamespace, new: Any, signed_in: Any) -> None:
    save(pair.english, cast.drafter, d.doc(*ENGLISH["content"][:3], new))
    assert states(pair)["Respectfully"] == "changed"
    shown = signed_in(cast.drafter).get(f"/work/mc11/letters/{pair.letter.number}/fr/original").content.decode()
    assert shown.count("Only the formatting changed, no words.") == 1
    translated_block_confirm(text=pair.french, actor=cast.drafter, block="baaaaaaa4", words="Respectfully")
    assert set(states(pair).values()) == {"right"}


def test_one_press_says_that_a_block_is_still_right(pair: SimpleNamespace, cast: SimpleNamespace) -> None:
    save(pair.english, cast.drafter, words((3, "Yours")))
    with pytest.raises(OriginalChanged):
        translated_block_confirm(text=pair.french, actor=cast.drafter, block="baaaaaaa4", words="Respectfully")
    for _press in range(2):
        translated_block_confirm(text=pair.french, actor=cast.drafter, block="baaaaaaa4", words="Yours")
    assert states(pair)["Yours"] == "right"
    said = pair.french.translated_blocks.get(original_block="baaaaaaa4")
    assert (words_of(said.words), said.said_by) == ("Yours", cast.drafter)
    save(pair.english, cast.drafter, words((3, "Respectfully")))
    assert states(pair)["Respectfully"] == "changed", "back to the old words is a change too"


def test_a_copy_is_not_translated_block_by_block(letter: Letter, cast: SimpleNamespace) -> None:
    french = letter_text_add(letter=letter, actor=cast.drafter, language="fr", start="original")
    found = Counter(one.state for one in stale_blocks(letter)["fr"])
    assert set(found) == {BlockState.UNTRANSLATED}
    assert found.total() == len([one for one in text_blocks(french.subject, french.body) if one.has_words])
    body = {**french.body, "content": [dict(block) for block in french.body["content"]]}
    body["content"][1] = {**body["content"][1], "content": [d.text("Vous vous réunirez à Buenos Aires.")]}
    save(french, cast.drafter, body)
    assert found.total() - len(stale_blocks(letter)["fr"]) == 1
    block = body["content"][-1]["attrs"]["id"]
    translated_block_confirm(text=french, actor=cast.drafter, block=block, words="For the coalition")
    assert found.total() - len(stale_blocks(letter)["fr"]) == 2, (
        "it may be the same in both languages, if someone says so"
    )


def test_a_new_block_lacks_a_translation_until_one_stands_there(pair: SimpleNamespace, cast: SimpleNamespace) -> None:
    new = d.par("Publish your position.", id="bnewnew01")
    save(pair.english, cast.drafter, d.doc(*ENGLISH["content"][:2], new, *ENGLISH["content"][2:]))
    assert states(pair)["Publish your position."] == "missing"
    assert [(one.block, one.state) for one in stale_blocks(pair.letter)["fr"]] == [("bnewnew01", "missing")]
    with pytest.raises(DomainError, match="no translation yet"):
        translated_block_confirm(
            text=pair.french, actor=cast.drafter, block="bnewnew01", words="Publish your position."
        )
    typed = d.par("Publiez votre position.", id="bother001")
    save(pair.french, cast.drafter, d.doc(*FRENCH["content"][:2], typed, *FRENCH["content"][2:]))
    assert states(pair)["Publish your position."] == "unchecked"
    confirmed = translated_block_confirm(
        text=pair.french, actor=cast.drafter, block="bnewnew01", words="Publish your position."
    )
    assert confirmed.own_block == "bother001"
    moved = d.doc(typed, *FRENCH["content"])
    save(pair.french, cast.drafter, moved)
    assert states(pair)["Publish your position."] == "right", "it is known by what was said, wherever it stands"


def test_an_original_that_is_split_moved_or_deleted(pair: SimpleNamespace, cast: SimpleNamespace) -> None:
    first, asked, data, last = ENGLISH["content"]
    half = d.par("We ask you.", id="baaaaaaa2")
    rest = d.par("Refuse a mandate.", d.cite("tp02-f06"), id="bnewnew02")
    save(pair.english, cast.drafter, d.doc(first, half, rest, data, last))
    assert states(pair) | {"We ask you.": "changed", "Refuse a mandate. [tp02-f06]": "missing"} == states(pair)
    save(pair.english, cast.drafter, d.doc(first, data, asked, last))
    assert set(states(pair).values()) == {"right"}, "moved is not changed"
    save(pair.english, cast.drafter, d.doc(first, asked, last))
    assert states(pair)["Les données restent au pays : {member.name}."] == "extra"
    save(pair.english, cast.drafter, d.doc(first, d.par("Something else.", id="bnewnew03"), asked, last))
    assert states(pair)["Something else."] == "missing", "what translated a deleted block translates no other"
    assert stale_blocks(pair.letter)["fr"] == [stale_blocks(pair.letter)["fr"][0]]


def test_fields_and_notes_are_compared_block_by_block(pair: SimpleNamespace, cast: SimpleNamespace) -> None:
    body = d.doc(*FRENCH["content"][:2], d.par("Les données restent.", id="baaaaaaa3"), FRENCH["content"][3])
    save(pair.french, cast.drafter, body)
    pair.french.refresh_from_db()
    row = translation_rows(pair.french, pair.english)[3]
    assert (row.missing_fields, row.added_fields, row.missing_facts) == (["member.name"], [], [])


def test_a_text_in_arabic_belongs_to_its_original(pair: SimpleNamespace, cast: SimpleNamespace) -> None:
    arabic = letter_text_add(letter=pair.letter, actor=cast.drafter, language="ar", start="empty")
    body = d.doc(
        d.par(d.merge("recipient.salutation"), "،"),
        d.par("نطلب منكم رفض أي تفويض.", d.cite("tp02-f06")),
        d.par("تبقى البيانات في ", d.merge("member.name"), "."),
        d.par("مع فائق الاحترام"),
    )
    save(arabic, cast.drafter, body, "لا تفويض")
    arabic.refresh_from_db()
    rows = translation_rows(arabic, pair.english)
    assert {row.state for row in rows} == {BlockState.UNCHECKED}
    assert [row.own.words for row in rows if row.own][2] == "نطلب منكم رفض أي تفويض. [tp02-f06]"
    for row in rows:
        assert row.original
        translated_block_confirm(text=arabic, actor=cast.drafter, block=row.original.id, words=row.original.words)
    assert stale_blocks(pair.letter) == {"fr": [], "ar": []}


def test_whoever_approves_has_compared_the_whole_text(pair: SimpleNamespace, cast: SimpleNamespace) -> None:
    save(pair.english, cast.drafter, words((3, "Yours")))
    pair.french.refresh_from_db()
    letter_text_approve(text=pair.french, actor=cast.reviewer, sha256=pair.french.sha256)
    assert stale_blocks(pair.letter) == {"fr": []}
    save(pair.english, cast.drafter, words((3, "Sincerely")))
    assert [one.state for one in stale_blocks(pair.letter)["fr"]] == ["changed"]


def test_what_was_said_goes_with_a_duplicate_and_comes_back_with_a_removed_text(
    pair: SimpleNamespace, cast: SimpleNamespace
) -> None:
    translated_block_confirm(text=pair.french, actor=cast.drafter, block="baaaaaaa4", words="Respectfully")
    copy = letter_duplicate(letter=pair.letter, actor=cast.drafter, title="Copy")
    assert stale_blocks(copy) == {"fr": []}
    assert copy.texts.get(language="fr").translated_blocks.filter(said_by=cast.drafter).count() == 1
    letter_text_remove(text=pair.french, actor=cast.drafter)
    letter_text_add(letter=pair.letter, actor=cast.drafter, language="fr", start="removed")
    assert stale_blocks(pair.letter) == {"fr": []}
    letter_text_remove(text=pair.french, actor=cast.drafter)
    letter_text_add(letter=pair.letter, actor=cast.drafter, language="fr", start="empty")
    assert {one.state for one in stale_blocks(pair.letter)["fr"]} == {BlockState.MISSING}


def test_who_may_not_write_the_letter_says_nothing_of_it(
    pair: SimpleNamespace, cast: SimpleNamespace, world: Any
) -> None:
    limit_drafter(world.campaign, cast.drafter, world.togo)
    with pytest.raises(NotAllowed):
        translated_block_confirm(text=pair.french, actor=cast.drafter, block="baaaaaaa4", words="Respectfully")


@pytest.mark.django_db(transaction=True)
def test_two_people_translate_two_blocks_and_one_at_once(pair: SimpleNamespace, cast: SimpleNamespace) -> None:
    other = make_user("second drafter")
    add_team_member(other, pair.letter.campaign, "drafter")

    def confirm(actor: Any, block: str, said: str) -> Any:
        return lambda: translated_block_confirm(text=pair.french, actor=actor, block=block, words=said)

    results = at_once(
        confirm(cast.drafter, "baaaaaaa4", "Respectfully"),
        confirm(other, "baaaaaaa3", "Data stays at home in {member.name}."),
        confirm(other, "baaaaaaa4", "Respectfully"),
    )
    assert errors(results) == []
    assert TranslatedBlock.objects.filter(text=pair.french, said_by__isnull=False).count() == 2


def test_a_letter_of_five_hundred_blocks_is_compared_quickly(world: SimpleNamespace, cast: SimpleNamespace) -> None:
    long = d.doc(*(d.par(f"Paragraph {number} has a few words in it.", id=f"b{number:08d}") for number in range(500)))
    template = make_template(world.campaign, long, key="long")
    letter = letter_create(
        campaign=world.campaign, actor=cast.drafter, template=template, title="Long", members=[world.kenya]
    )
    french = letter_text_add(letter=letter, actor=cast.drafter, language="fr", start="original")
    originals = text_blocks(template.subject, long)
    start = time.process_time()
    assert len(stale_blocks(letter)["fr"]) == 501
    shuffled = [*originals[250:], *originals[:250]]
    assert len(block_pairs(shuffled, text_blocks(french.subject, french.body))) == 501
    assert len(block_pairs(originals, [])) == 501
    assert time.process_time() - start < 1
