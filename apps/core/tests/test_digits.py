"""Arabic pages and mails with Arabic digits, what is content or copied left alone; either kind is understood."""

from decimal import Decimal

import pytest
from django import forms
from django.template.loader import engines
from django.utils import translation
from django.utils.formats import number_format

from apps.core.digits import html_with_digits, text_with_digits, western_digits
from apps.core.form_fields import DayField
from apps.core.forms import NumberField


@pytest.mark.parametrize(
    ("html", "written"),
    [
        ("<p>وقّعت 287 منظمة من 68 بلدًا، الساعة 23:59</p>", "<p>وقّعت ٢٨٧ منظمة من ٦٨ بلدًا، الساعة ٢٣:٥٩</p>"),
        ('<a href="?page=2" title="صفحة 2" class="p2">(2)</a>', '<a href="?page=2" title="صفحة ٢" class="p2">(٢)</a>'),
        ('<input name="n" value="5" maxlength="20">5', '<input name="n" value="5" maxlength="20">٥'),
        (
            '<bdi>Forum 21</bdi> 3 <b lang="en">9 <b>2</b></b> 4',
            '<bdi>Forum 21</bdi> ٣ <b lang="en">9 <b>2</b></b> ٤',
        ),
        ('<article class="letter" lang="ar">164</article> 1', '<article class="letter" lang="ar">164</article> ١'),
        ('<i dir="ltr">1<i>2</i>3</i>4', '<i dir="ltr">1<i>2</i>3</i>٤'),
        ('<ul lang="ar"><li>مصر 3</li></ul>', '<ul lang="ar"><li>مصر ٣</li></ul>'),
        ("<script>1</script><code>2</code><pre>3</pre>4", "<script>1</script><code>2</code><pre>3</pre>٤"),
        ("SHA-256, MC11, a1@post.example, https://x.example/2", "SHA-256, MC11, a1@post.example, https://x.example/2"),
        ("هاتف +4122739 رقم 12345678 &#39; 2017-10", "هاتف +4122739 رقم 12345678 &#39; ٢٠١٧-١٠"),
        ("<!-- 1 > 2 -->1", "<!-- 1 > 2 -->١"),
        ("<p>USD 620 billion, in 2014</p>3", "<p>USD 620 billion, in 2014</p>٣"),
        ("<p>في 3 WTO 4، ثم 5</p>", "<p>في ٣ WTO ٤، ثم ٥</p>"),
        ("<b>توغو</b>, كينيا; <bdi>a, b</bdi>, ثم", "<b>توغو</b>، كينيا؛ <bdi>a, b</bdi>، ثم"),
    ],
)
def test_numbers_of_a_page_are_written_and_nothing_else(html: str, written: str) -> None:
    assert html_with_digits(html, "ar") == written
    assert html_with_digits(written, "ar") == written, "twice is as once"
    assert html_with_digits(html, "fr") == html


def test_templates_write_digits_of_their_language() -> None:
    engine = engines["django"]
    with translation.override("ar"):
        assert engine.from_string("<p>{{ n }}</p>").render({"n": 12}) == "<p>١٢</p>"
        assert number_format(Decimal("1234567.5"), force_grouping=True) == "1٬234٬567٫5"
        assert text_with_digits("1٬234٬567٫5", "ar") == "١٬٢٣٤٬٥٦٧٫٥"
    with translation.override("fr"):
        assert engine.from_string("<p>{{ n }}</p>").render({"n": 12}) == "<p>12</p>"


def test_digits_of_either_kind_are_understood() -> None:
    class Form(forms.Form):
        count, day = NumberField(), DayField()

    form = Form({"count": "٢٨٧", "day": "٢٠١٧-١٢-٠١"})
    assert form.is_valid(), form.errors
    assert (form.cleaned_data["count"], form.cleaned_data["day"].isoformat()) == (287, "2017-12-01")
    assert western_digits("٢٠١٧-۱۲") == "2017-12"


def test_a_long_text_takes_no_long_time() -> None:
    text = "x" * 200_000 + " و 1"
    assert html_with_digits(f"<p>{text}</p>", "ar").endswith("١</p>")
