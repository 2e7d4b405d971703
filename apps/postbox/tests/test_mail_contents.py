"""Texts of mails as they were meant: charsets, HTML, and the body wherever it is."""

import pytest

from apps.postbox.inbound.charsets import decode_text
from apps.postbox.inbound.html import clean_html, html_to_text
from apps.postbox.inbound.parsing import parse_mail


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("iso-8859-1", "cp1252", "“never” – € 5"),
        ("latin1", "cp1252", "l’été"),
        ("gb2312", "gb18030", "朱镕基"),
        ("ks_c_5601-1987", "cp949", "똠방각하"),
        ("shift_jis", "cp932", "①②③ 髙"),
        ("big5", "big5hkscs", "部長"),
        ("iso-8859-9", "cp1254", "“Şişli” – İ"),
        ("tis-620", "cp874", "กระทรวงพาณิชย์ …"),
        ("windows-1256", "cp1256", "وزارة التجارة"),
        ("koi8-u", "koi8_u", "Міністерство їжі"),
        ("cp850", "cp850", "été"),
        ("utf-7", "utf-7", "été"),
        ("'UTF-8'", "utf-8", "été"),
        ("iso-8859-1", "utf-16", "mit Markierung: été"),
        ("", "utf-8-sig", "été"),
        ("nonsense", "utf-8", "été"),
        ("windows1252", "cp1252", "L’été"),
        ("win-1251", "cp1251", "Министр"),
        ("iso-2022-kr", "iso2022_kr", "장관은 반대합니다."),
        ("hz-gb-2312", "hz", "部长反对。"),
    ],
)
def test_a_label_means_what_it_means_to_browsers(label: str, codec: str, text: str) -> None:
    assert decode_text(text.encode(codec), label) == text


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("iso-8859-1", "utf-8", "Le ministère s’y opposera – à Genève."),
        ("windows-1251", "utf-8", "Министр против нового мандата."),
        ("windows-1258", "utf-8", "Bộ Công Thương"),
        ("gb2312", "utf-8", "部长反对新的授权，谢谢来信。"),
        ("gbk", "gbk", "联通"),  # is UTF-8 too, by chance
        ("utf-8", "cp1251", "Министр против нового мандата на конференции."),
        ("utf-8", "cp1256", "وزارة التجارة تعارض التفويض الجديد في المؤتمر"),
        ("us-ascii", "koi8-r", "Министр против нового мандата на конференции."),
        ("iso-8859-6", "cp1256", "السادة الأفاضل، تؤيد مصر موقف المجموعة الأفريقية."),
        ("iso-8859-8-i", "cp1255", "תודה – „כן”"),
        ("iso-8859-2", "cp1250", "Stanowisko rządu – „nie”, Šťastný"),
        ("", "iso2022_jp", "大臣は反対します。"),
        ("us-ascii", "iso2022_jp", "大臣は反対します。"),
        ("utf-8", "iso2022_jp", "大臣は反対します。"),
        ("", "cp874", "กระทรวงพาณิชย์คัดค้านการเจรจาใหม่"),
        ("utf-8", "gbk", "部长反对新的授权，我们将在会议上发言。"),
        ("utf-8", "cp932", "大臣は新しい交渉に反対します。よろしくお願いします。"),
    ],
)
def test_a_label_that_lies(label: str, codec: str, text: str) -> None:
    assert decode_text(text.encode(codec), label) == text


@pytest.mark.parametrize("label", ["utf-7", "unicode_escape", "raw-unicode-escape", "undefined", "idna", "replacement"])
@pytest.mark.parametrize("content", [b"+2AA- yes", b"\\ud800 yes", b"yes\0 yes", b"\xff yes"])
def test_no_label_makes_a_text_that_the_database_refuses(label: str, content: bytes) -> None:
    text = decode_text(content, label)
    assert text.encode().endswith(b" yes")
    assert "\0" not in text


def test_one_broken_character_changes_no_other() -> None:
    assert decode_text("朱镕基".encode("gb18030") + b"\xff", "gb2312").startswith("朱镕基")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two<br>Three</p>", "One\n\nTwo\nThree"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
        ("<ol><li>one</li><li>two<ol><li>inner</li></ol></li><li>three</li></ol>", None),
        ('See <a href="https://x.example/a">the text</a>.', "See the text <https://x.example/a>."),
        ('<a href="https://x.example/">x.example</a>', "x.example"),
        ('<a href="mailto:a@b.example">a@b.example</a>', "a@b.example"),
        ('<a href="javascript:alert(1)">x</a>', "x"),
        ("<blockquote>ours<blockquote>older</blockquote></blockquote>theirs", "> ours\n\n> > older\n\ntheirs"),
        ("<pre>a\n  b</pre>", "a\nb"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<title>t</title><style>p{}</style><script>x()</script>seen", "seen"),
        ("<div>" * 20_000 + "deep" + "</div>" * 20_000, "deep"),
        ("a &amp; b &lt;c&gt; &nbsp; d", "a & b <c> d"),
    ],
)
def test_html_keeps_paragraphs_lists_and_links(html: str, text: str | None) -> None:
    found = html_to_text(html)
    if text is None:
        assert [line for line in found.splitlines() if line] == ["1. one", "2. two", "1. inner", "3. three"]
    else:
        assert [line for line in found.splitlines() if line.strip("> ")] == [
            line for line in text.splitlines() if line.strip("> ")
        ]


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://x.example/1.png">',
        '<p style="background:url(https://x.example/1.png)">a</p>',
        '<table background="https://x.example/1.png"><tr><td>a</td></tr></table>',
        '<link rel=stylesheet href="https://x.example/a.css">',
        '<svg><image href="https://x.example/1.png"/></svg>',
        '<video poster="https://x.example/1.png"></video>',
        '<iframe src="https://x.example"></iframe>',
        '<form action="https://x.example"><input></form>',
        '<meta http-equiv="refresh" content="0;url=https://x.example">',
        '<a href="x" ping="https://x.example">a</a>',
        '<style>@import "https://x.example/a.css";</style>',
        '<object data="https://x.example"></object><embed src="https://x.example">',
        '<q cite="https://x.example">a</q><base href="https://x.example">',
    ],
)
def test_html_of_mails_loads_nothing(html: str) -> None:
    """What may name an address is a link's href, which is followed by a person only, and the source of a quotation."""
    assert "x.example" not in clean_html(html).replace('cite="https://x.example"', "")


def part(kind: str, content: str, disposition: str = "") -> str:
    heads = f"Content-Type: {kind}\r\n" + (f"Content-Disposition: {disposition}\r\n" if disposition else "")
    return f"--b\r\n{heads}\r\n{content}\r\n"


def multipart(kind: str, *parts: str) -> bytes:
    head = f"From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/{kind}; boundary=b\r\n\r\n"
    return f"{head}{''.join(parts)}--b--\r\n".encode()


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (multipart("mixed", part('text/plain; name="answer.txt"', "We agree.")), "We agree."),
        (multipart("mixed", part("text/plain", "We agree.", "inline; filename=body.txt")), "We agree."),
        (multipart("alternative", part("text/plain", "  \r\n"), part("text/html", "<p>We agree.</p>")), "We agree."),
        (multipart("alternative", part("text/plain", "We agree."), part("text/html", "<p>HTML</p>")), "We agree."),
        (multipart("signed", part("text/plain", "We agree."), part("application/pgp-signature", "x")), "We agree."),
        (multipart("related", part("text/html", "<p>We agree.</p>"), part("image/png", "x")), "We agree."),
        (multipart("mixed", part("message/rfc822", "Subject: in\r\n\r\nWe agree.")), "We agree."),
        (multipart("mixed", part("text/plain", "See attached."), part("text/plain", "Annex",
        "attachment; filename=a.txt")),
         "See attached."),
        (multipart("mixed", part("text/html", "<p>We agree.</p>", "attachment; filename=answer.html")), "We agree."),
        (b"We agree.", "We agree."),
        (b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: nonsense\r\n\r\nWe agree.",
        "We agree."),
    ],
)  # fmt: skip
def test_the_body_is_found_wherever_it_is(raw: bytes, text: str) -> None:
    assert parse_mail(raw).text.strip() == text
