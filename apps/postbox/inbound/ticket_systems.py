"""What ticket systems of offices send: receipts by themselves, and what their agents write, in the same frame."""

import re

from .automatic_mail_phrases import ACKNOWLEDGED, OPINION
from .phrase_matching import in_any_language
from .receipt_phrases import MORE_THAN_RECEIPT, RECEIVED

#: headers of theirs; what a system sends by itself is an office's receipt
_HEADERS = (
    *("x-otrs", "x-rt-", "rt-", "x-zammad", "x-ost-", "x-freshdesk", "x-zendesk", "x-jira", "x-glpi", "x-redmine"),
    *("x-helpscout", "x-osticket", "x-servicenow", "x-hesk", "x-kayako", "x-request-tracker", "x-sugar", "x-mantis"),
)
#: a line of the frame, above what an agent wrote
_UPDATED = in_any_language({
    "en": ("has been updated", "(added|posted|left|wrote) (a |the )?(new )?(public )?(comment|reply|note|update)",
        "(commented|replied|responded) (on|to) (your )?(ticket|request|case|issue)",
        "(an agent|support|staff|somebody|our team) (has )?(replied|responded|commented|answered)",
        "(reply|answer|response|comment) (from|by) .*(agent|support|staff|team)", "new (reply|response|comment)",
        "(has|was) (been )?(resolved|solved|answered)", "reply above this line"),
    "fr": ("(a ete|est) (mis\\w? a jour|resolu\\w?|traite\\w?)", "(a )?(ajoute|repondu|commente)",
        "nouveau (suivi|commentaire)", "nouvelle reponse", "repondre au-dessus de cette ligne"),
    "es, pt": ("(ha sido|fue|foi) (actualizad|atualizad|resuelt|resolvid|respondid|contestad)\\w",
        "(ha )?(agregado|anadido|adicionou|respondeu|comentou|comento|respondio)", "(nuevo|novo) comentari\\w*",
        "nueva respuesta", "nova resposta"),
    "de, nl": ("wurde (aktualisiert|beantwortet|kommentiert|gelost)", "hat .*(kommentiert|geantwortet)",
        "neue antwort", "(is|werd) (bijgewerkt|beantwoord)"),
    "it, pl, ru": ("e stat[oa] aggiornat\\w", "zostal\\w* zaktualizowan\\w*",
        "(обновлен|добавлен ответ|прокомментир)\\w*"),
    "ar, zh, ja, ko, tr": ("تم تحديث", "(已更新|新回复|更新了)", "(更新されました|返信がありました)", "업데이트되었",
        "guncellendi"),
})  # fmt: skip
_FRAME, _ANSWER = 300, 150


#: and the names that they give themselves in others
_NAMED = re.compile(
    r"\b(otrs|znuny|otobo|request tracker|zammad|zendesk|freshdesk|glpi|osticket|jira|redmine|helpscout)\b"
)


def is_from_ticket_system(headers: dict[str, str]) -> bool:
    program = f"{headers.get('x-mailer', '')} {headers.get('x-powered-by', '')} {headers.get('user-agent', '')}"
    return any(name.startswith(_HEADERS) for name in headers) or bool(_NAMED.search(program.lower()))


def agent_wrote(headers: dict[str, str], own: str, *, null_sender: bool) -> bool:
    """Whether a person wrote what a ticket system sent marked as automatic. It answers our mail, says that something
    was added, and what was added takes a position, asks, or is longer than a system's own sentences."""
    answers_us = "in-reply-to" in headers or "references" in headers
    submitted = headers.get("auto-submitted", "auto-generated").strip().lower()
    if null_sender or not answers_us or submitted.startswith("auto-replied"):
        return False
    received = RECEIVED.search(own) or ACKNOWLEDGED.search(own)
    if not _UPDATED.search(own[:_FRAME]) and (received or not is_from_ticket_system(headers)):
        return False
    return bool(OPINION.search(own) or MORE_THAN_RECEIPT.search(own) or (len(own) > _ANSWER and not received))
