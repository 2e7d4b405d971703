"""Arabic: months in the double form that the United Nations uses, which every Arab country understands; Western digits,
as in the notes and figures beside them. Pages have shorter months and Arabic digits (apps/core/digits.py)."""

from django.utils.translation import gettext_lazy as _

from .base import (
    IN,
    OF,
    TO,
    CitationTerms,
    Dates,
    GenericRecipient,
    Language,
    Notes,
    Salutations,
    Signatures,
    VerificationWords,
)

#: the genitive has none
PREPOSITIONS = {OF: "", TO: "إلى ", IN: "في "}

LANGUAGE = Language(
    code="ar",
    name=_("Arabic"),
    aliases="ar|ara|arabic|arabe|arabisch|العربية|عربي",
    position=4,
    right_to_left=True,
    list_numbering="decimal",
    after_preposition=lambda code, name, preposition: PREPOSITIONS[preposition] + name,
    dates=Dates(
        months=(
            "كانون الثاني/يناير", "شباط/فبراير", "آذار/مارس", "نيسان/أبريل", "أيار/مايو", "حزيران/يونيو",
            "تموز/يوليو", "آب/أغسطس", "أيلول/سبتمبر", "تشرين الأول/أكتوبر", "تشرين الثاني/نوفمبر", "كانون الأول/ديسمبر",
        ),
        period="من {start} إلى {end}",
        loose_period="من {start} إلى {end}",
        moment="{day}، {time} بتوقيت {place} ({utc} UTC)",
    ),
    general=GenericRecipient(
        country="بلدكم",
        delegation="وفدكم",
        capital="عاصمتكم",
        salutation_all="أصحاب المعالي",
        salutation="معالي الوزير",
        recipient="الوزير المكلف بالتجارة",
        office="الوزارة المكلفة بالتجارة",
        some="بعض",
        delegation_of="وفد {of}",
        of_country="بلدكم",
        to_country="إلى بلدكم",
        in_country="في بلدكم",
    ),
    signatures=Signatures(
        heading="الموقعون",
        without_numbers="نحن المنظمات المذكورة أدناه وقعنا هذا النص.",
        organisations=("منظمات: {n}", "منظمات: {n}"),
        people=("أشخاص: {n}", "أشخاص: {n}"),
        signatories=("موقعون: {n}", "موقعون: {n}"),
        countries=("بلدان: {n}", "بلدان: {n}"),
        joined="، ",
        counted=("وقع هذه الرسالة: {who} ({where}).", "وقع هذه الرسالة: {who} ({where})."),
        counted_alone=("وقع هذه الرسالة: {who}.", "وقع هذه الرسالة: {who}."),
        unnamed=("من دون ذكر الاسم: {n}.", "من دون ذكر الاسم: {n}."),
        as_of="بتاريخ {when}.",
        removed="حُذف بناءً على طلب",
        fingerprint="البصمة (SHA-256):",
        fingerprint_later="البصمة: تُضاف عند الموافقة على الإرسال",
        no_font="اسم بأبجدية {script}",
    ),
    notes=Notes(heading="الهوامش", note="الهامش {n}", back="العودة إلى النص", page="صفحة {n} من {all}"),
    checking=VerificationWords(
        heading="التحقق من هذا النص:",
        frozen="الرسالة {letter}، النسخة {version}، جُمّد نصها في {day}.",
        code="رمز QR يحمل العنوان {url}",
    ),
    citation=CitationTerms(
        et_al="وآخرون",
        cited_in="ورد في",
        above="الهامش {n} أعلاه",
        point="النقطة",
        accessed="اطُّلع عليه في {day}",
        undated="د.ت.",
        quotes=("«", "»"),
        delimiter="، ",
    ),
    salutations=Salutations(
        premier=("دولة رئيس الوزراء", "دولة رئيسة الوزراء", "تحية طيبة وبعد"),
        ambassador=("سعادة السفير", "سعادة السفيرة", "تحية طيبة وبعد"),
        minister=("معالي الوزير", "معالي الوزيرة", "تحية طيبة وبعد"),
        president=("فخامة الرئيس", "فخامة الرئيسة", "تحية طيبة وبعد"),
        other=("السيد المحترم", "السيدة المحترمة", "تحية طيبة وبعد"),
    ),
    posts={
        "other": (
            "نائب*", "مستشار", "مستشارة", "مدير*", "مساعد*", "وكيل*", "ملحق*", "القائم بالأعمال", "القائمة بالأعمال",
            "رئيس ديوان", "رئيس قسم", "رئيس مكتب", "رئيس دائرة", "رئيس لجنة",
        ),
        "premier": (
            "رئيس الوزراء", "رئيسة الوزراء", "رئيس مجلس الوزراء", "رئيسة مجلس الوزراء", "رئيس الحكومة", "رئيسة الحكومة",
            "وزير أول", "وزيرة أولى",
        ),
        "ambassador": ("سفير", "سفيرة", "ممثل دائم", "ممثلة دائمة", "مندوب دائم", "مندوبة دائمة", "رئيس البعثة"),
        "minister": ("وزير", "وزيرة"),
        "president": ("رئيس", "رئيسة"),
    },
)  # fmt: skip
