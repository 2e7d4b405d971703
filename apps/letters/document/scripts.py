"""Raised and lowered text where only characters are to be had, so that "3¹ million" never reads "31 million"."""

from apps.core.types import JsonObject

RAISED, LOWERED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"
TABLES = {
    "sup": str.maketrans("0123456789+-−=()ni", RAISED),
    "sub": str.maketrans("0123456789+-−=()aehijklmnoprstuvx", LOWERED),
}
SHIFTED = frozenset(RAISED + LOWERED + ", ")
#: marks that raise and lower
SCRIPTS = {"superscript": "sup", "subscript": "sub"}


def script_of(node: JsonObject) -> str:
    """ "sup", "sub" or "", from the node's marks."""
    return next((SCRIPTS[mark["type"]] for mark in node.get("marks", ()) if mark["type"] in SCRIPTS), "")


def in_characters(text: str, script: str) -> str:
    """As Unicode's superscripts or subscripts; "" if it has not got all of them."""
    done = text.translate(TABLES[script])
    return done if SHIFTED.issuperset(done.strip()) else ""


def scripted(text: str, script: str) -> str:
    """In Unicode's characters, else written out: 2^(1/2), x_(min). Endings stay: 1er, 21st."""
    words = text.strip()
    if not script or not words:
        return text
    if done := in_characters(text, script):
        return done
    if script == "sup" and words.isalpha():
        return text
    return text.replace(words, f"{'^' if script == 'sup' else '_'}({words})")
