"""Names under which mail systems write, by language, and how people mark that they answer or forward."""

import re

from .phrase_matching import fold, in_any_language

_LOCAL_PART = re.compile(
    r"(mailer[-_.]?daemon|post[-_ ]?master|mail[-_.]?daemon|mdaemon|microsoftexchange\w*|(\S{1,60}-)?bounces?"
    r"|mail[-_.]?(gateway|gw|router|relay|system|server)\d*|(smtp|gateway|passerelle|pasarela)(?=[-@_.])"
    r"|\S{0,30}mail[-_]security|forti(mail|gate)|ironport|barracuda|scanmail|imsva|mimecast|proofpoint"
    r"|e-?posta-sistemi|anti-?spam|spam-?filter|mailmarshal|quarantine|non-?delivery|ndr@|dsn@"
    r"|undeliverable|returned|delivery[-_.]?(status|failure|report|subsystem)s?)\b"
)
_NAMES = in_any_language({
    "en": ("mail delivery (sub)?(system|service)?\\b",
        "(mail|e-?mail|messaging|smtp) (system|server|gateway|router|relay|administrator|transport|security|"
        "daemon|service|filter|firewall)\\b", "system administrator", "postmaster",
        "(spam|mail|virus) (firewall|filter|scanner|gateway)",
        "delivery (status|subsystem|system|failure|report|agent)", "mailer[- ]daemon", "content filter", "antivirus",
        "quarantine\\b"),
    "fr": ("(passerelle|systeme|serveur|service|administrateur|relais) (de |du |d')?(la )?(messagerie|courriel|"
        "courrier electronique|mail)", "messagerie electronique", "systeme de distribution"),
    "es": ("(sistema|servidor|pasarela|administrador|subsistema|servicio) (de |del )?(entrega de )?(correo|e-?mail|"
        "mensajeria)",),
    "pt": (
        "(sistema|servidor|administrador|servico|subsistema) (de |do )?(entrega de )?(correio|e-?mail|mensage\\w+)",),
    "de": ("(mail|e-?mail|nachrichten)[- ]?(system|server|zustellung\\w*|dienst|gateway|administrator)",
        "zustelldienst"),
    "it, nl": ("(sistema|servizio|server|amministratore) (di |della )?(posta|consegna)", "(mail|post)systeem",
        "mailserver", "e-?mailbeheer\\w*"),
    "sv, da, no, fi": ("(e-?post|mail)(systemet|system|server\\w*|leverans)", "sahkoposti(jarjestelma|palvelin)"),
    "pl, cs, sk, hu, ro": ("(system|serwer|administrator) (poczt\\w+|dorecz\\w+)",
        "(postovni|mailovy|e-?mailovy) (system|server)", "levelez\\w* (rendszer|kiszolgalo)",
        "(sistemul|serverul) de (posta|e-?mail|mesagerie)"),
    "ru, uk, bg, sr": ("(почтов\\w+|поштов\\w+|пощенск\\w+) (систем|служб|сервер|сервис|демон|робот|шлюз)\\w*",
        "систем\\w+ (доставки|доставляння|электронной) ?(почты|сообщений|пошти)?",
        "администратор (почты|почтов\\w+)"),
    "el, tr": ("(συστημα|διακομιστης) .*(ταχυδρομει|αλληλογραφ|mail)",
        "(e-?posta|posta|eposta) (sistem|sunucu|yonetici|servis|teslim)\\w*"),
    "ar, fa, he": ("(نظام|خادم|مدير|بوابة|خدمة) (البريد|تسليم|توصيل)", "(سامانه|سرور|سيستم|سیستم) (پست|ایمیل)",
        "(מערכת|שרת|מנהל) (הדואר|דואר|המייל)"),
    "zh": ("(邮件|郵件|邮箱|郵箱|信件)(系统|系統|服务器|伺服器|管理员|管理員|投递|退信|网关)",
        "系统(管理员|退信|邮件)", "退信"),
    "ja, ko": ("(メール|配信|送信)(システム|サーバ|管理者|配信|デーモン)", "システム管理者",
        "(메일|이메일|전자우편) ?(시스템|서버|관리자|배달|전송)"),
    "vi, id, ms, th, sw": ("he thong (thu|mail|email|gui)", "quan tri (thu|mail|email)",
        "(sistem|server|administrator|pengurus|admin) (surel|surat|e-?mail|mel|pos)",
        "(ระบบ|เซิร์ฟเวอร์|ผู้ดูแล)(อีเมล|จดหมาย|เมล)", "mfumo wa (barua|posta)"),
})  # fmt: skip
#: what follows is quoted
_ANSWERS = re.compile(
    r"(re|aw|sv|vs|antw|odp|res?p?|rif|fwd?|wg|tr|rv|enc|i|doorst|vl|yön|yan|ynt|ilt|i̇lt|vá|továbbítás|bls|trs|pd|ats"
    r"|reply|atb|vast|προθ|απ|σχετ|ответ|на|пересл|fw|переслано|відп|отг|回复|转发|答复|回覆|轉寄|轉發|返信|転送|回信|회신"
    r"|답장|전달|رد|الرد|إعادة توجيه|تحويل|پاسخ|ארسال|תגובה|השב|הועבר|trả lời|chuyển tiếp|balas|ตอบ|ส่งต่อ)"
    r"\s?(\[\d\])?\s?[:：]",
    re.IGNORECASE,
)


def is_mail_system(address: str, name: str) -> bool:
    """Whether the author of a mail is a mail system or its postmaster, by the address or the name."""
    folded = fold(name)
    return bool(_LOCAL_PART.match(fold(address)) or _LOCAL_PART.match(folded) or _NAMES.search(folded))


def is_answer_or_forward(subject: str) -> bool:
    return bool(_ANSWERS.match(subject.strip()))
