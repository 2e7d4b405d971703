"""What real mail systems send back: reports in fields and in words, complaints, absence notes, answers by people."""

from pathlib import Path

import pytest

from apps.postbox.inbound.bounce_reasons import address_is_dead
from apps.postbox.inbound.classification import classify_mail
from apps.postbox.inbound.parsing import parse_mail

RECIPIENT = "minister@ministry.example"
MAILS = Path(__file__).parent / "mails"


def kept(name: str) -> bytes:
    """A mail of the folder, as it would come back to a letter."""
    raw = next(MAILS.glob(f"{name}-*.eml")).read_bytes()
    filled = {b"{RCPT}": RECIPIENT.encode(), b"{TO}": b"reply+abc@reply.example", b"{MID}": b"<1@mc11.example>"}
    for placeholder, value in filled.items():
        raw = raw.replace(placeholder, value)
    return raw


def plain(sender: str, subject: str, text: str, headers: str = "") -> bytes:
    return (
        f"From: {sender}\r\nTo: reply+abc@reply.example\r\nSubject: {subject}\r\n{headers}MIME-Version: 1.0\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    ).encode()


def report(fields: str, *, text: str = "Sorry.", kind: str = "message/delivery-status") -> bytes:
    return (
        "From: Mail Delivery Subsystem <mailer-daemon@mx.example>\r\nSubject: Report\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        f"--b\r\nContent-Type: text/plain\r\n\r\n{text}\r\n--b\r\nContent-Type: {kind}\r\n\r\n"
        "Reporting-MTA: dns; mx.example\r\n\r\n" + fields.replace("\n", "\r\n") + "\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize(
    ("name", "kind", "code", "dead"),
    [
        ("B1", "bounce", "5.1.10", True),
        ("B2", "bounce", "5.1.1", True),
        ("B6", "bounce", "5.1.1", True),
        ("B4", "delay", "", False),
        ("M6", "delay", "4.4.1", False),
        ("B8", "forwarding_failed", "5.1.1", None),
        ("B7a", "reply", "", None),
        ("M1", "reply", "", None),
        ("M4", "bounce", "", True),
        ("M5", "complaint", "", None),
        *(
            (f"R12-{note}", "auto_reply", "", None)
            for note in ["ar2", "en2", "en3", "es2", "fr2", "ja", "pt", "pt2", "ru", "zh"]
        ),
        ("R7", "reply", "", None),
        ("R8", "reply", "", None),
        ("R9", "reply", "", None),
    ],
)
def test_kept_mails(name: str, kind: str, code: str, dead: bool | None) -> None:
    """What a mail is does not hang on its envelope sender, which machines may leave out and people have."""
    for sender in ["x@mx.example"] if kind == "reply" else ["x@mx.example", ""]:
        found = classify_mail(parse_mail(kept(name)), sender=sender, recipient=RECIPIENT)
        assert (found.kind, found.code) == (kind, code), sender
        assert found.reason
        if dead is not None and kind == "bounce":
            assert address_is_dead(f"{found.code} {found.detail}") is dead


DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.example>"
QMAIL = (
    "Hi. This is the qmail-send program at mx.example.\r\nI'm afraid I wasn't able to deliver your message to the "
    "following addresses.\r\nThis is a permanent error; I've given up. Sorry it didn't work out.\r\n\r\n"
    f"<{RECIPIENT}>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n\r\n"
    "--- Below this line is a copy of the message.\r\n\r\nThe delayed talks of 4.4.7 and 5.7.1"
)
EXIM = (
    "This message was created automatically by mail delivery software.\r\n\r\nA message that you sent could not be "
    "delivered to one or more of its\r\nrecipients. The following address(es) failed:\r\n\r\n"
)


@pytest.mark.parametrize(
    ("raw", "kind", "dead"),
    [
        (plain(DAEMON, "failure notice", QMAIL), "bounce", True),
        (plain(DAEMON, "Mail delivery failed: returning message to sender", f"{EXIM}  {RECIPIENT}\r\n"
               "    host mail.ministry.example: 550 5.1.1 User unknown", f"X-Failed-Recipients: {RECIPIENT}\r\n"),
         "bounce", True),
        (plain(DAEMON, "Mail delivery failed: returning message to sender", f"{EXIM}  aide@freemail.example\r\n"
               f"    (generated from {RECIPIENT})\r\n    host mx.freemail.example: 550 5.1.1 User unknown",
               "X-Failed-Recipients: aide@freemail.example\r\n"), "forwarding_failed", None),
        (plain("<postmaster@ministry.example>", "Undeliverable: Letter", "Delivery has failed to these recipients or "
               "groups:\r\n\r\nRemote Server returned '550 5.2.2 mailbox full'"), "bounce", False),
        (plain("System Administrator <admin@ministry.example>", "Undeliverable: Letter", "Your message did not reach "
               "some or all of the intended recipients.\r\nThe recipient could not be delivered: 5.4.1 Recipient "
               "address rejected: Access denied"), "bounce", True),
        (plain(DAEMON, "Warning: could not send message for past 4 hours", "THIS IS A WARNING MESSAGE ONLY. YOU DO NOT "
               "NEED TO RESEND YOUR MESSAGE. Deferred: Connection timed out"), "delay", False),
        (plain(DAEMON, "Delivery delayed: Letter", "Delivery is delayed to these recipients."), "delay", False),
        (plain(DAEMON, "Delayed Mail (still being retried)", "I'm sorry to have to inform you that your message could "
               "not be delivered. It will be retried until it is 5 days old."), "delay", False),
        (plain(DAEMON, "Retard de remise", "Votre message n'a pas encore été remis ; d'autres tentatives suivront."),
         "delay", False),
        (plain(DAEMON, "No se puede entregar: Carta", "No se pudo entregar el mensaje: el usuario no existe."),
         "bounce", True),
        (plain(DAEMON, "Não entregue: Carta", "A mensagem não pôde ser entregue. Destinatário inexistente."),
         "bounce", True),
        (plain(DAEMON, "Unzustellbar: Brief", "Die Nachricht konnte nicht zugestellt werden. Empfänger unbekannt."),
         "bounce", True),
        (plain(DAEMON, "Недоставленное сообщение", "Сообщение не доставлено: адресат не найден."), "bounce", True),
        (plain(DAEMON, "系统退信", "您的信件无法送达：收件人地址不存在。"), "bounce", True),
        (plain(DAEMON, "配信不能", "メールを配信できませんでした。宛先のアドレスが存在しません。"), "bounce", True),
        (plain(DAEMON, "تعذر تسليم الرسالة", "تعذر تسليم رسالتكم: العنوان غير موجود."), "bounce", True),
        (plain(DAEMON, "Mancato recapito", "Impossibile recapitare il messaggio: utente sconosciuto."), "bounce", True),
        (plain(DAEMON, "Greičiausiai nepristatyta", "Laiškas nepristatytas."), "bounce", False),
        (report(f"Final-Recipient: rfc822; {RECIPIENT}\nAction: Failed (permanent)\nStatus: 5.1.1 (bad mailbox)\n"),
         "bounce", True),
        (report(f"Final-Recipient: RFC822;{RECIPIENT.upper()}\nStatus: 5.1.1\n"), "bounce", True),
        (report(f"Final-Recipient: utf-8; {RECIPIENT}\nAction: failed\nStatus: 5.2.2\n"), "bounce", False),
        (report(f"Final-Recipient: rfc822; minister@mx3.ministry.example\nOriginal-Recipient: rfc822;{RECIPIENT}\n"
                "Action: failed\nStatus: 5.1.1\n"), "bounce", True),
        (report("Final-Recipient: rfc822; aide@ministry.example\nAction: failed\nStatus: 5.1.1\n\n"
                f"Final-Recipient: rfc822; {RECIPIENT}\nAction: delivered\nStatus: 2.0.0\n"), "delivered", None),
        (report("Final-Recipient: rfc822; minister@freemail.example\nAction: failed\nStatus: 5.1.1\n"),
         "forwarding_failed", None),
        (report(f"Final-Recipient: rfc822; {RECIPIENT}\nAction: failed\nStatus: 5.7.1\n"
                "Diagnostic-Code: smtp; 554 5.7.1 Recipient address rejected: blocked by policy\n"), "bounce", False),
        (report(f"Final-Recipient: rfc822; {RECIPIENT}\nAction: failed\nStatus: 5.1.8\n"
                "Diagnostic-Code: smtp; 553 5.1.8 Domain of sender does not exist\n"), "bounce", False),
        (report("Content-Description: nothing of use\n", text="550 5.1.1 user unknown"), "bounce", True),
        (plain("Desk <desk@ministry.example>", "Delayed response to your letter", "We answer late. The address you "
               "wrote to does not exist any more."), "reply", None),
        (plain("Postmaster <postmaster@ministry.example>", "Re: Letter", "The Minister thanks you."), "reply", None),
        (plain("Desk <desk@ministry.example>", "Re: Undeliverable: Letter", "We did get it, all is well."), "reply",
         None),
        (plain("Registry <info@ministry.example>", "Re: Letter", "We oppose the mandate.",
               "Precedence: bulk\r\nIn-Reply-To: <1@mc11.example>\r\n"), "reply", None),
        (plain("Desk <desk@ministry.example>", "Rückantwort: Brief", "Vielen Dank."), "reply", None),
        (plain("Desk <desk@ministry.example>", "[EXTERNAL] Automatische Antwort: Brief", "Ich bin nicht da."),
         "auto_reply", None),
        (plain("Desk <desk@ministry.example>", "Risposta automatica: lettera", "Sono assente."), "auto_reply", None),
        (plain("Desk <desk@ministry.example>", "자동 회신: 편지", "부재중입니다."), "auto_reply", None),
    ],
)  # fmt: skip
def test_made_up_mails(raw: bytes, kind: str, dead: bool | None) -> None:
    machine = b"daemon" in raw.lower() or b"Subject: Undeliverable" in raw
    found = classify_mail(parse_mail(raw), sender="" if machine else "desk@ministry.example", recipient=RECIPIENT)
    assert found.kind == kind, found.reason
    if kind in {"bounce", "delay"}:
        assert address_is_dead(f"{found.code} {found.detail}") is dead, found


@pytest.mark.parametrize(
    "text",
    [
        "I am on leave. Answers will be delayed until 11 December.",
        "This mailbox does not exist any more in January. Your message will not be delivered to others.",
        "Je suis absente ; ma réponse sera retardée.",
    ],
)
@pytest.mark.parametrize("headers", ["Auto-Submitted: auto-replied\r\n", ""])
def test_words_of_an_absence_note_are_no_report(text: str, headers: str) -> None:
    raw = plain("Desk <desk@ministry.example>", "Automatic reply: Letter", text, headers)
    assert classify_mail(parse_mail(raw), sender="", recipient=RECIPIENT).kind == "auto_reply"


def test_a_status_in_base64_is_read() -> None:
    from base64 import encodebytes

    fields = f"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: utf-8; {RECIPIENT}\nAction: failed\nStatus: 5.1.1\n"
    raw = (
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\n'
        b"Content-Type: message/global-delivery-status\nContent-Transfer-Encoding: base64\n\n"
        + encodebytes(fields.encode()) + b"--b--\n"
    )  # fmt: skip
    found = classify_mail(parse_mail(raw), sender="", recipient=RECIPIENT)
    assert (found.kind, found.code) == ("bounce", "5.1.1")


@pytest.mark.parametrize("reversed_", [False, True])
def test_a_domain_in_letters_of_its_language_is_ours(reversed_: bool) -> None:
    names = "ministre@ministère-commerce.example", "ministre@xn--ministre-commerce-xsb.example"
    ours, theirs = reversed(names) if reversed_ else names
    raw = (
        "From: MAILER-DAEMON@mx.example\nContent-Type: multipart/report; boundary=b\n\n--b\n"
        "Content-Type: message/global-delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        f"Final-Recipient: utf-8; {theirs}\nAction: failed\nStatus: 5.1.1\n\n--b--\n"
    ).encode()
    found = classify_mail(parse_mail(raw), sender="", recipient=ours)
    assert (found.kind, found.bounce_reason) == ("bounce", "address"), found
