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


#: how mail programs head what they quote, in their languages: one line, which they may wrap
HEADS = """
30.11.2026, 09:00, "Fair Digital Trade" <letters@fair.example>:
пн, 30 нояб. 2026 г. в 09:00, Fair Digital Trade <letters@fair.example>:
Понедельник, 30 ноября 2026, 9:00 +03:00 от Fair Digital Trade <letters@fair.example>:
2026年11月30日(月) 9:00 Fair Digital Trade <letters@fair.example>:
2026년 11월 30일 (월) 오전 9:00, Fair Digital Trade <letters@fair.example>님이 작성:
在 2026-11-30 09:00:00，"Fair Digital Trade" <letters@fair.example> 写道：
Fair Digital Trade <letters@fair.example> 於 2026年11月30日 週一 上午9:00寫道：
Fair Digital Trade <letters@fair.example>, 30 Kas 2026 Pzt, 09:00 tarihinde şunu yazdı:
Vào Th 2, 30 thg 11, 2026 vào lúc 09:00 Fair Digital Trade <letters@fair.example> đã viết:
ในวันที่ จ. 30 พ.ย. 2026 เวลา 09:00 Fair Digital Trade <letters@fair.example> เขียนว่า:
‫בתאריך יום ב׳, 30 בנוב׳ 2026 ב-9:00 מאת ‪Fair Digital Trade‬‏ <‪letters@fair.example‬‏>:‬
في الاثنين، 30 نوفمبر 2026 في 9:00 ص تمت كتابة ما يلي بواسطة ‪Fair Digital Trade‬‏ <‪letters@fair.example‬‏>:
در تاریخ دوشنبه ۳۰ نوامبر ۲۰۲۶،‏ ۹:۰۰ Fair Digital Trade <letters@fair.example> نوشت:
пн, 30 лист. 2026 р. о 09:00 Fair Digital Trade <letters@fair.example> пише:
На пн, 30.11.2026 г. в 9:00 Fair Digital Trade <letters@fair.example> написа:
po 30. 11. 2026 v 9:00 odesílatel Fair Digital Trade <letters@fair.example> napsal:
Fair Digital Trade <letters@fair.example> ezt írta (időpont: 2026. nov. 30., H, 9:00):
Pada tanggal Sen, 30 Nov 2026 pukul 09.00 Fair Digital Trade <letters@fair.example> menulis:
Στις Δευ 30 Νοε 2026 στις 9:00 π.μ., ο/η Fair Digital Trade <letters@fair.example> έγραψε:
pon, 30. stu 2026. u 09:00 Fair Digital Trade <letters@fair.example> napisao je:
Pirmd., 2026. g. 30. nov., plkst. 09:00 — lietotājs Fair Digital Trade (<letters@fair.example>) rakstīja:
2026-11-30, pr, 09:00 Fair Digital Trade <letters@fair.example> rašė:
Kuupäev E, 30. november 2026 kell 09:00 kirjutas kasutaja Fair Digital Trade (<letters@fair.example>):
V V pon., 30. nov. 2026 ob 09:00 je oseba Fair Digital Trade <letters@fair.example> napisala:
пон, 30. нов 2026. у 09:00 Fair Digital Trade <letters@fair.example> је написао/ла:
Tarehe Jum, 30 Nov 2026 saa 09:00 Fair Digital Trade <letters@fair.example> aliandika:
सोम, 30 नव॰ 2026 को 9:00 am बजे को Fair Digital Trade <letters@fair.example> ने लिखा:
সোম, ৩০ নভেম্বর, ২০২৬ তারিখে ৯:০০ AM টায় তারিখে Fair Digital Trade <letters@fair.example> লিখেছেন:
پیر، 30 نومبر، 2026 کو 9:00 AM پر Fair Digital Trade <letters@fair.example> نے لکھا:
Op ma 30 nov 2026 om 09:00 schreef Fair Digital Trade <letters@fair.example>:
Am Mo., 30. Nov. 2026 um 09:00 Uhr schrieb Fair Digital Trade <letters@fair.example>:
Den man. 30. nov. 2026 kl. 09.00 skrev Fair Digital Trade <letters@fair.example>:
ma 30. marrask. 2026 klo 9.00 Fair Digital Trade (letters@fair.example) kirjoitti:
pon., 30 lis 2026 o 09:00 Fair Digital Trade <letters@fair.example> napisał(a):
În lun., 30 nov. 2026 la 09:00, Fair Digital Trade <letters@fair.example> a scris:
Fair Digital Trade <letters@fair.example> escreveu (segunda, 30/11/2026 à(s) 09:00):
po 30. 11. 2026 o 9:00 Fair Digital Trade <letters@fair.example> napísal(a):
Þann mán., 30. nóv. 2026 kl. 09:00 skrifaði Fair Digital Trade <letters@fair.example>:
Hën, 30 nën 2026 në 9:00 Fair Digital Trade <letters@fair.example> shkroi:
ორშ, 30 ნოე. 2026, 09:00-ზე მომხმარებელმა Fair Digital Trade (<letters@fair.example>) დაწერა:
በ ሰኞ, 30 ኖቬ 2026 09:00 ላይ Fair Digital Trade <letters@fair.example> ጻፈ:
Missatge de Fair Digital Trade <letters@fair.example> del dia dl., 30 de nov. 2026 a les 9:00:
Le lundi 30 novembre 2026 à 09:00 UTC+1, Fair Digital Trade <letters@fair.example> a écrit :
El 30/11/26 a las 09:00, Fair Digital Trade escribió:
"""
#: or fields above it, which is then not marked
FIELDS = """
Od: Fair Digital Trade <letters@fair.example>
Wysłano: poniedziałek, 30 listopada 2026 09:00
Do: Minister
Temat: Letter

Feladó: Fair Digital Trade <letters@fair.example>
Elküldve: 2026. november 30., hétfő 9:00
Címzett: Minister
Tárgy: Letter

Από: Fair Digital Trade <letters@fair.example>
Στάλθηκε: Δευτέρα, 30 Νοεμβρίου 2026 9:00
Προς: Minister
Θέμα: Letter

Lähettäjä: Fair Digital Trade <letters@fair.example>
Lähetetty: maanantai 30. marraskuuta 2026 9.00
Vastaanottaja: Minister
Aihe: Letter

发件人: Fair Digital Trade <letters@fair.example>
发送时间: 2026年11月30日 9:00
收件人: Minister
主题: Letter

من: Fair Digital Trade <letters@fair.example>
تاريخ الإرسال: الاثنين, 30 نوفمبر 2026 09:00
إلى: Minister
الموضوع: Letter

מאת: Fair Digital Trade <letters@fair.example>
נשלח: יום שני, 30 נובמבר 2026 09:00
אל: Minister
נושא: Letter

Gönderen: Fair Digital Trade <letters@fair.example>
Gönderildi: 30 Kasım 2026 Pazartesi 09:00
Kime: Minister
Konu: Letter

Від: Fair Digital Trade <letters@fair.example>
Надіслано: 30 листопада 2026 р. 9:00
Кому: Minister
Тема: Letter

보낸 사람: Fair Digital Trade <letters@fair.example>
보낸 날짜: 2026년 11월 30일 월요일 오전 9:00
받는 사람: Minister
제목: Letter

差出人: Fair Digital Trade <letters@fair.example>
送信日時: 2026年11月30日月曜日 9:00
宛先: Minister
件名: Letter

De la: Fair Digital Trade <letters@fair.example>
Trimis: luni, 30 noiembrie 2026 09:00
Către: Minister
Subiect: Letter

จาก: Fair Digital Trade <letters@fair.example>
ส่ง: วันจันทร์ที่ 30 พฤศจิกายน 2569 9:00
ถึง: Minister
เรื่อง: Letter

------------------ 原始邮件 ------------------
发件人: "Fair Digital Trade" <letters@fair.example>;
发送时间: 2026年11月30日(星期一) 上午9:00
收件人: "Minister";
主题: Letter

-----Mensaje original-----
De: Fair Digital Trade [mailto:letters@fair.example]
Enviado el: lunes, 30 de noviembre de 2026 9:00
Para: Minister
Asunto: Letter

Van: Fair Digital Trade <letters@fair.example>
Verzonden: maandag 30 november 2026 09:00
Aan: Minister
Onderwerp: Letter

>>> Fair Digital Trade <letters@fair.example> 30/11/2026 09:00 >>>

*From:* Fair Digital Trade <letters@fair.example>
*Sent:* Monday, November 30, 2026 9:00 AM
*To:* Minister
*Subject:* Letter

Od: Fair Digital Trade <letters@fair.example>
Odesláno: pondělí 30. listopadu 2026 9:00
Komu: Minister
Předmět: Letter

От: Fair Digital Trade <letters@fair.example>
Отправлено: 30 ноября 2026 г. 9:00
Кому: Minister
Тема: Letter

Dari: Fair Digital Trade <letters@fair.example>
Dikirim: Senin, 30 November 2026 09.00
Kepada: Minister
Subjek: Letter
"""


@pytest.mark.parametrize("head", HEADS.strip().splitlines())
def test_a_quotation_below_any_head(head: str) -> None:
    """Marked or not, above or below the answer, the head on one line or wrapped."""
    place = head.rindex(" ", 0, 60)
    wrapped = f"{head[:place]}\n{head[place + 1 :]}"
    for text in (
        f"We oppose it.\n\n{head}\n\n{QUOTED}",
        f"We oppose it.\n\n{head}\n\n{LETTER}",
        f"We oppose it.\n\n{wrapped}\n\n{QUOTED}",
        f"{head}\n{QUOTED}\n\nWe oppose it.",
    ):
        assert without_quotes(text, LETTER) == ["We oppose it."], text


@pytest.mark.parametrize("fields", FIELDS.strip().split("\n\n"))
def test_a_quotation_below_fields(fields: str) -> None:
    assert without_quotes(f"We oppose it.\n\n{fields}\n\n{LETTER}", LETTER) == ["We oppose it."]
