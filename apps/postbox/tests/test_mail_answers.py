"""Answers by people, in all shapes, with the words that only seem to be a machine's; and what is shown of them."""

import pytest

from apps.postbox.inbound.classification import classify_mail
from apps.postbox.inbound.parsing import parse_mail
from apps.postbox.inbound.quoted_text import without_quotes

R = "minister@ministry.example"
#: as our letter's text is
LETTER = "Excellency,\n\nwe ask you to oppose new rules on electronic commerce.\n\nThe coalition"


def mail(text: str, subject: str = "Re: Letter", headers: str = "", kind: str = "text/plain; charset=utf-8") -> bytes:
    text = text.replace("\n", "\r\n")
    return f"From: Desk <{R}>\r\nSubject: {subject}\r\n{headers}Content-Type: {kind}\r\n\r\n{text}\r\n".encode()


QUOTED = "\n".join(f"> {line}" for line in LETTER.splitlines())
#: name → (mail, what is shown of it)
ANSWERS: dict[str, tuple[bytes, str]] = {
    "short": (mail("Thank you."), "Thank you."),
    "apology for absence": (mail("I was out of the office last week, so I answer only now. Kenya will oppose the "
        "mandate at the conference, as the African Group has decided."), "I was out of the office last week, so I "
        "answer only now. Kenya will oppose the mandate at the conference, as the African Group has decided."),
    "about delay": (mail("We regret the delayed reply. Your letter could not be delivered to the minister in time.",
        "Delayed response to your letter"), "We regret the delayed reply. Your letter could not be delivered to the "
        "minister in time."),
    "about failures": (mail("Your letter bounced twice, since that address does not exist any more. Use mine.",
        "Your undelivered letter"), "Your letter bounced twice, since that address does not exist any more. Use mine."),
    "forwards a failure": (mail("See below, what should I do?\n\n> Delivery has failed to these recipients or groups:\n"
        "> 550 5.1.1 User unknown", "Fwd: Undeliverable: Letter"), "See below, what should I do?"),
    "ticket system": (mail("We oppose the mandate.", "[Ticket#20171130] Re: Letter", "Precedence: bulk\r\nX-Mailer: "
        "OTRS\r\nIn-Reply-To: <1@mc11.example>\r\nX-Auto-Response-Suppress: All\r\n"), "We oppose the mandate."),
    "confirms by hand": (mail("I confirm receipt of your letter. The minister will study it."),
        "I confirm receipt of your letter. The minister will study it."),
    "auto in the subject": (mail("We agree.", "Re: automatic tariffs and autonomy"), "We agree."),
    "leave as a word": (mail("We leave the talks if the text stays, and return when it changes. Please contact us."),
        "We leave the talks if the text stays, and return when it changes. Please contact us."),
    "long with an absence": (mail("The position of the ministry follows.\n" + "We oppose it in every point. " * 50
        + "\nI will be on leave until 8 January."), ""),
    "quotation below": (mail(f"We oppose it.\n\nOn 3 December 2017 at 14:02, Letters wrote:\n{QUOTED}"),
        "We oppose it."),
    "quotation above": (mail(f"On 3 December 2017 at 14:02, Letters wrote:\n{QUOTED}\n\nWe oppose it."),
        "We oppose it."),
    "between": (mail("> we ask you to oppose new rules on electronic commerce.\n\nYes, we will.\n\n> The coalition"),
        "Yes, we will."),
    "outlook": (mail("We oppose it.\n\nFrom: Letters <letters@mc11.example>\nSent: Monday, 4 December 2017 10:00\nTo: "
        f"Minister\nSubject: Letter\n\n{LETTER}"), "We oppose it."),
    "french": (mail(f"Nous nous y opposons.\n\nLe 3 déc. 2017 à 14:02, Lettres <l@mc11.example> a écrit :\n{QUOTED}"),
        "Nous nous y opposons."),
    "spanish": (mail(f"Nos oponemos.\n\nEl 3 dic. 2017, a las 14:02, Cartas escribió:\n{QUOTED}"), "Nos oponemos."),
    "german": (mail(f"Wir lehnen ab.\n\nAm 03.12.2017 um 14:02 schrieb Letters:\n{QUOTED}"), "Wir lehnen ab."),
    "chinese": (mail(f"我们反对。\n\n在 2017年12月3日 14:02，Letters 写道：\n{QUOTED}"), "我们反对。"),
    "arabic": (mail(f"نحن نعارض ذلك.\n\nفي 3 ديسمبر 2017 14:02، كتب Letters:\n{QUOTED}"), "نحن نعارض ذلك."),
    "russian": (mail(f"Мы против.\n\n3 декабря 2017 г., 14:02, Letters написал:\n{QUOTED}"), "Мы против."),
    "rule": (mail(f"We oppose it.\n\n-----Original Message-----\nFrom: Letters\nSubject: Letter\n\n{LETTER}"),
        "We oppose it."),
    "html": (mail("<p>We <b>oppose</b> it.</p><ul><li>first</li><li>second</li></ul>"
        f"<blockquote>{LETTER}</blockquote>", kind="text/html; charset=utf-8"), "We oppose it. - first - second"),
    "only below": (mail(f"----- Original Message -----\nFrom: Letters\nSubject: Letter\n\n{LETTER}\n\nWe oppose it."),
        "We oppose it."),
    "phone": (mail(f"We oppose it.\nSent from my phone\n\nOn Dec 3, 2017, at 2:02 PM, Letters wrote:\n\n{QUOTED}"),
        "We oppose it. Sent from my phone"),
    "disclaimer": (mail("We oppose it.\n\nThis email is confidential. If you are not the intended recipient, delete "
        "it and do not copy it."), "We oppose it. This email is confidential. If you are not the intended recipient, "
        "delete it and do not copy it."),
    "signature": (mail("We oppose it.\n\n-- \nAnna König\nMinistry of Trade"),
        "We oppose it. -- Anna König Ministry of Trade"),
    "empty": (mail(""), ""),
    "colon at the end": (mail("The minister wrote:\nWe oppose the mandate.\nThat is all."),
        "The minister wrote: We oppose the mandate. That is all."),
    "from a field": (mail("From: our side there is no objection.\nTo: be continued."),
        "From: our side there is no objection. To: be continued."),
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
def test_what_a_person_wrote_is_an_answer_and_shown(name: str) -> None:
    raw, shown = ANSWERS[name]
    read = parse_mail(raw)
    found = classify_mail(read, sender=R, recipient=R)
    assert found.kind == "reply", found
    assert not shown or " ".join(without_quotes(read.text, LETTER)) == shown


@pytest.mark.parametrize("name", ANSWERS)
def test_no_answer_says_that_an_address_is_dead(name: str) -> None:
    """Nor where it comes without a sender, as some systems of ministries send what people write."""
    found = classify_mail(parse_mail(ANSWERS[name][0]), sender="", recipient=R)
    assert found.bounce_reason != "address" or found.kind != "bounce", found
