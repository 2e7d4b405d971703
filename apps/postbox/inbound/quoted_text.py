"""Separates what a person wrote in an answer from the mail it quotes."""

import re

#: the sentence above a quotation: "On 3 May 2026 at 14:02, Ada wrote:"
VERB = (
    r"(wrote|writes|a écrit|escribió|escreveu|schrieb|ha scritto|schreef|skrev|napisał\w*|написал\w*|пишет|yazdı|"
    r"kirjoitti|írta|a scris|napsal\w*|έγραψε|كتب\w*|写道|寫道|書きました|작성|đã viết|menulis)"
)
WROTE = re.compile(rf"{VERB}\s{{0,9}}[:：]?\s{{0,9}}$", re.IGNORECASE)
WROTE_WITHIN = re.compile(rf"\b{VERB}\b.{{0,200}}[:：]$", re.IGNORECASE)
TIME_OR_YEAR = re.compile(r"\b\d{1,2}[:.hH]\d\d\b|\b(19|20)\d\d")
#: a header above an unmarked quotation: "From: Ada", "Envoyé : lundi"
FIELD = re.compile(r"\*?[^\W\d][\w ]{0,24}\*?\s?[:：]\*?(\s|$)")
FROM_FIELD = re.compile(
    r"\*?(from|de( la)?|von|da|van|från|fra|avsändare|lähettäjä|frá|saatja|od|nuo|feladó|nga|от|від|од|από|kimden"
    r"|gönderen|kimdən|从|发件人|發件人|寄件者|寄件人|差出人|보낸 사람|보낸사람|发信人|من|از|فرستنده|מאת|dari|"
    r"daripada|từ|จาก|प्रेषक|kutoka)"
    r"\*?\s?[:：]",
    re.IGNORECASE,
)
#: above an unmarked quotation by GroupWise: ">>> Ada <ada@fair.example> 30/11/2026 09:00 >>>"
ARROWS = re.compile(r">>> .{0,200}\d.{0,40}( >>>|:)$")
#: they stand around names in heads of right-to-left programs
DIRECTIONS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069 "
RULE = re.compile(r"[-_]{5}|-{2,4}\s{0,9}\w[\w' ]{3,40}\s{0,9}-{2,80}$")
#: what ticket systems write above what an agent wrote, followed by a rule
REPLY_ABOVE = re.compile(
    r"##-|above this line|au-dessus de cette ligne|(encima|arriba) de esta l[ií]nea|acima desta linha"
    r"|[uü]ber dieser zeile|oberhalb dieser zeile|sopra questa (riga|linea)|boven deze regel"
    r"|выше этой (строки|линии)|في الأعلى|此行上方",
    re.IGNORECASE,
)
FRAME_LINES = 8
#: fewer lines that look like fields may be a sentence
MIN_FIELDS = 2
#: no search goes beyond these: mails come from strangers, who may choose what takes longest
MAX_SEARCHED, MAX_LINE = 20_000, 1_000


def shorten(text: str) -> str:
    """The beginning of each line, of the beginning of the text."""
    return "\n".join(line[:MAX_LINE] for line in text[:MAX_SEARCHED].splitlines())


def without_quotes(text: str, original: str = "") -> list[str]:
    """The stripped, non-empty lines that the writer wrote. `original` is the text of our mail. Lines marked with ">"
    always go, so that an answer below or between them is kept. An unmarked quotation goes from its head to the end; if
    nothing else is left, only lines found in `original` go."""
    lines = [line.strip() for line in shorten(text).splitlines()]
    head = next((number for number in range(len(lines)) if _is_head(lines, number)), None)
    own = [line for number, line in enumerate(lines[:head]) if _is_own(lines, number)]
    if head is None or own:
        return own
    known = " ".join(original.split())
    below = [line for number, line in enumerate(lines) if number > head and _is_own(lines, number)]
    while below and FIELD.match(below[0]) and (FROM_FIELD.match(lines[head]) or RULE.match(lines[head])):
        below.pop(0)
    return [line for line in below if " ".join(line.split()) not in known]


def _is_own(lines: list[str], number: int) -> bool:
    return bool(lines[number]) and not lines[number].startswith(">") and not _is_attribution(lines, number)


def _is_attribution(lines: list[str], number: int) -> bool:
    """Whether the line says who wrote what follows, alone or wrapped over two lines."""
    pairs = (lines[number : number + 1], lines[number : number + 2], lines[max(0, number - 1) : number + 1])
    return any(_says_who_wrote(" ".join(pair)) for pair in pairs)


def _says_who_wrote(words: str) -> bool:
    words = words.strip(DIRECTIONS)
    if WROTE.search(words):
        return bool(re.search(r"[\d@<,]", words))
    named = "@" in words or WROTE_WITHIN.search(words)
    return bool(named and words.endswith((":", "：")) and TIME_OR_YEAR.search(words))


def _is_head(lines: list[str], number: int) -> bool:
    line = lines[number]
    following = next((later for later in lines[number + 1 : number + 4] if later), "")
    if following.startswith(">"):
        return False
    if ARROWS.match(line):
        return True
    if RULE.match(line):
        return bool(following) and not _is_frame(lines[max(0, number - FRAME_LINES) : number])
    if FROM_FIELD.match(line):
        return "@" in line or sum(bool(FIELD.match(later)) for later in lines[number + 1 : number + 4]) >= MIN_FIELDS
    return _is_attribution(lines, number)


def _is_frame(above: list[str]) -> bool:
    """Whether a rule is the first below the line above which a ticket system wants the reply."""
    mark = next((number for number, line in enumerate(above) if REPLY_ABOVE.search(line)), None)
    return mark is not None and not any(RULE.match(line) for line in above[mark + 1 :])
