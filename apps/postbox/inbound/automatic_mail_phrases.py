"""Phrases of mail systems: subjects of automatic replies, failures and delays in words."""

import re
import unicodedata


def fold(text: str) -> str:
    """Lower case without accents, as the phrases below are compared."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").replace("ı", "i")).casefold()
    return " ".join("".join(sign for sign in plain if unicodedata.category(sign) != "Mn").split())


def _any(*phrases: str) -> re.Pattern[str]:
    """Matches any phrase from the start of a word; ".*" spans up to 40 characters."""
    folded = "|".join(fold(phrase).replace(".*", ".{0,40}?") for phrase in phrases)
    return re.compile(rf"(?<![a-zа-яα-ω])(?:{folded})")


#: how the subject of an absence note or another automatic answer begins
AUTOMATIC = _any(
    "automatic reply", "automatic response", "auto[- ]?repl(y|ied)", "auto[- ]?response", "autoresponder",
    "(i am |i'm |currently )?out of (the |my )?office", "ooo\\b", "o\\.o\\.o\\.",
    "away from (the |my )?(office|desk)",
    "(on )?(annual |sick |maternity |parental )?leave (notice|notification|message|until)", "on (annual )?leave\\b",
    "vacation (reply|notice|message|response)", "holiday (reply|notice)", "absence (notice|note|notification)",
    "out[- ]of[- ]office", "(i am|i'm) (away|on leave|on holiday|on vacation|absent)",
    "on (mission|travel|duty travel)\\b", "réponse automatique", "message automatique",
    "absent(e|\\(e\\))? (du|de mon) bureau", "absence (du|de mon) bureau", "en (congé|conge|vacances|mission)\\b",
    "absence temporaire", "notification d'absence", "je suis absent", "respuesta autom[aá]tica",
    "(estoy )?(fuera|ausente) de (la |mi )?oficina", "ausencia (temporal|de la oficina)", "mensaje autom[aá]tico",
    "de vacaciones\\b", "estoy de (vacaciones|licencia)", "resposta autom[aá]tica",
    "(estou )?(fora|ausente) do (escritorio|gabinete)", "ausencia (temporaria|do escritorio)", "estou de ferias",
    "de f[eé]rias\\b", "automatische (antwort|rückantwort)", "abwesenheit\\w*", "nicht im (büro|haus)",
    "risposta automatica", "(sono )?(fuori|assente)( dall')?\\s?ufficio", "fuori sede",
    "automatisch (antwoord|bericht)", "afwezig\\w*", "niet op kantoor", "autosvar", "automatisk[t]? svar",
    "franvaro\\w*", "fraværs\\w*", "automaattinen vastaus", "poissa\\w* toimistosta", "automatyczna odpowied[zź]",
    "nieobecnosc", "poza biurem", "automatick[aá] odpov[eě][dď]", "mimo kancel[aá][rř]", "automatikus v[aá]lasz",
    "r[aă]spuns automat", "otomatik (yanit|cevap)", "ofis disinda", "αυτοματη απαντηση", "автоматический ответ",
    "автоответ\\w*", "автоматична відповідь", "вне офиса", "в отпуске", "нет на месте", "رد تلقائي", "الرد التلقائي",
    "رد آلي", "خارج المكتب", "في إجازة", "תשובה אוטומטית", "پاسخ خودکار", "自动回复", "自動回覆", "自动答复",
    "自动应答", "外出", "休假", "不在办公室", "自動返信", "自動応答", "不在通知", "不在の", "자동 ?회신",
    "자동 ?응답", "부재 ?중", "부재 ?알림", "tr[aả] l[oờ]i t[uự] d?[đ]?[oộ]ng", "thu tra loi tu dong",
    "balasan otomatis", "jawaban otomatis", "di luar kantor", "ตอบกลับอัตโนมัติ", "स्वचालित उत्तर",
)  # fmt: skip

#: a mail system gives up
FAILED = _any(
    "undeliver\\w+", "not delivered", "(could not|couldn't|cannot|can't|can not|was not|wasn't|unable to|not able to|"
    "wasn't able to|failed to).*(be )?deliver\\w*", "deliver\\w* (has |have )?(failed|failure)", "failure notice",
    "mail (system error|failure)", "returned (mail|to sender)", "returning message to sender",
    "delivery status notification \\(failure\\)", "permanent (error|failure)", "non[- ]?deliver\\w+", "non remis",
    "non distribu", "n'a pas (pu )?(etre |ete )?(remis|delivre|distribue|livre|achemine|transmis)",
    "(echec|erreur) (de |d')?(la )?(remise|livraison|distribution|envoi)", "pas pu etre (remis|delivre|distribue)",
    "impossible de (remettre|delivrer|distribuer)", "retour a l'(expediteur|envoyeur)",
    "no (se )?(pudo|puede|ha podido|pudimos|ha sido|fue) .*entreg\\w+", "no entregad\\w", "imposible entregar",
    "(error|fallo) (de|en la) entrega", "devuelto al remitente", "correo devuelto", "no se entrego",
    "nao (foi |pode |pôde |poderia |sera )?(possivel )?(ser )?entreg\\w+", "falha na entrega",
    "devolvid[ao] ao remetente", "unzustellbar", "nicht zugestellt", "zustellung.*(fehlgeschlagen|nicht moglich)",
    "konnte nicht .*zugestellt", "non (e stato )?(recapitat|consegnat)\\w*", "mancat[ao] (recapito|consegna)",
    "impossibile (recapitare|consegnare)", "onbestelbaar", "niet .*(bezorgd|afgeleverd)", "kunde inte levereras",
    "olevererbart", "kunne ikke leveres", "ei voitu toimittaa", "niedostarczon\\w+",
    "nie (moze|mozna|udalo).*dostarcz\\w+", "nedorucit\\w*", "nedorucen\\w*", "kezbesithetetlen",
    "nem kezbesithet\\w*", "nu a (putut|fost) .*livrat", "teslim edilemedi", "iletilemedi",
    "δεν (ηταν δυνατη|παραδοθηκε).*", "не (было |может быть |удалось )?(доставлен\\w*|доставить)", "недоставлен\\w*",
    "не доставлено", "сбой доставки", "تعذر (تسليم|توصيل)", "لم يتم (تسليم|توصيل)", "فشل (التسليم|في التسليم|توصيل)",
    "无法(送达|投递|传递)", "未(送达|投递|能送达)", "退信", "投递失败", "無法(傳遞|送達|投遞)", "退件", "配信不能",
    "配信(でき|に失敗)", "届け(られ|ることができ)ません", "送信(できません|エラー)", "배달(되지|할 수 없)",
    "전송 ?실패", "반송", "khong (the )?gui duoc", "khong the gui", "(tidak|gagal) (dapat )?(ter)?kirim\\w*",
)  # fmt: skip

#: a mail system keeps trying
DELAYED = _any(
    "delayed", "delivery status notification \\(delay\\)", "deliver\\w* (is |has been )?(delay|delayed|incomplete)",
    "(has |have )?not (yet )?been delivered (yet|to one|to all)?.*(after|more than|hours)",
    "not (yet )?delivered yet", "(will|shall) (be retried|continue|keep|retry|go on|try)",
    "still (being retried|trying)", "warning: .*(message|mail)", "this is a warning message only",
    "delivery attempts will continue", "will retry", "temporary problem", "retarde\\w*", "differe\\w*",
    "pas encore (ete )?(remis|delivre|distribue|livre)", "retard de (remise|livraison)",
    "(entrega )?(demorad|retrasad)\\w", "aun no se ha (podido )?entreg\\w+", "retraso (de|en) (la )?entrega",
    "(entrega )?(atrasad|adiad)\\w", "ainda nao (foi )?entreg\\w+", "verzoger\\w*", "noch nicht zugestellt",
    "ritard\\w+", "non ancora consegnat\\w", "vertraag\\w+", "vertraging", "forsen\\w+", "forsink\\w+",
    "viivasty\\w+", "opozni\\w+", "zpozden\\w*", "kesleltet\\w*", "intarzi\\w+", "gecik\\w+", "καθυστερ\\w+",
    "задерж\\w+", "отложен\\w*", "еще не доставлен\\w*", "تاخر", "تأخر", "تأخير", "مؤجل", "延迟", "延遲", "暂时无法",
    "尚未送达", "遅延", "まだ配信", "지연", "tri hoan", "cham tre", "tertunda",
)  # fmt: skip

#: the address, or the mailbox behind it, is not there
NO_SUCH_ADDRESS = _any(
    "user unknown", "unknown (user|recipient|address|mailbox|local part)",
    "no such (user|mailbox|recipient|address|person)",
    "(user|mailbox|recipient|address|account|alias|addressee)s?( name)? (was |is |were |"
    "could )?(not|n't) (be )?(found|known|exist)", "no mailbox (here )?by that name",
    "no (longer )?(user|mailbox|account|recipient) ", "invalid (recipient|mailbox|user)",
    "(does not|doesn't|do not|don't|did not) (exist|have an? .*account)", "recip(ient)?notfound",
    "not a valid mailbox", "(wasn't|was not|isn't|is not|couldn't be|could not be|not) found at",
    "address (couldn't|could not) be found", "address not found",
    "(mailbox|account|address) (is |has been )?(disabled|inactive|deactivated|closed|unavailable)",
    "recipient address rejected", "no longer (valid|exists|in use|available)", "not listed in",
    "(utilisateur|destinataire|adresse|compte) (inconnue?|introuvable|inexistante?|invalide)", "n'existe (pas|plus)",
    "(usuario|destinatario|direccion|cuenta|buzon) (es )?(desconocid|inexistente|no encontrad|" "no valid)\\w*",
    "no existe", "(usuario|destinatario|endereco|conta|caixa postal) (desconhecid|inexistente|"
    "nao encontrad|invalid)\\w*", "nao existe",
    "(benutzer|empfanger|adresse|postfach).*(unbekannt|nicht gefunden|existiert nicht)", "existiert nicht",
    "(utente|destinatario|indirizzo|casella) (sconosciut|inesistente|non trovat)\\w*", "non esiste", "bestaat niet",
    "onbekende (gebruiker|ontvanger)", "finns inte", "findes ikke", "finnes ikke", "nie istnieje", "neexistuje",
    "nem letezik", "nu exista", "mevcut degil", "bulunamadi", "не существует", "не найден\\w*",
    "(пользовател\\w*|адресат\\w*|получател\\w*|неизвестн\\w*).*(неизвест\\w*|не найден\\w*|"
    "пользовател\\w*|адрес\\w*)", "غير (موجود|معروف)", "لا يوجد",
    "(用户|收件人|地址|邮箱|帐户|使用者|收件者).*(不存在|未知|找不到|无效|無效)", "找不到收件人",
    "(ユーザー|宛先|アドレス|受信者|メールボックス).*(存在しません|見つかりません|不明)", "존재하지 않", "찾을 수 없",
    "khong ton tai", "tidak (ditemukan|dikenal|ada)",
)  # fmt: skip
