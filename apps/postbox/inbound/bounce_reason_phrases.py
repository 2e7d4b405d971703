"""How mail systems say why a mail failed."""

from .phrase_matching import any_of, in_any_language

_POLICY_BY_LANGUAGE = {
    "fr": ("(n'(avez|etes|est|a)|ne (dispose|possede)\\w*) pas .*(autoris|droit|permission)\\w*",
        "(messages?|courriers?|courriels?) (non sollicite|indesirable)\\w*", "filtre", "non autorise\\w*",
        "(interdit|proscrit)\\w*", "expediteur .*(bloque|interdit|refuse)"),
    "es, pt, it": ("(no|nao|non) (tiene|cuenta con|tem|possui|ha|dispone)~(permis|autoriz)\\w*",
        "(correo|e-?mail|mensaje|mensagem|messaggi)\\w* (no deseado|no solicitado|nao solicitad\\w|indesiderat\\w)",
        "filtro", "non (consentit|ammess|permess)\\w*", "(politich|vietat)\\w*",
        "(remitente|remetente|mittente)~(bloquead|bloccat|rechazad|rejeitad|no permitid|nao autorizad|non "
        "autorizzat)\\w*"),
    "de, nl": ("(keine|nicht|kein)~(berechtig|erlaub|befugt|zugelassen)\\w*", "(unerwunscht|werbe)\\w*",
        "geen (toestemming|rechten)", "(ongewenste|geblokkeerd|niet toegestaan)"),
    "sv, da, no, fi": ("(inte|ikke) (behorig|tillat|tilladt|tillatt|autoriser)\\w*",
        "(skrappost|uonsket|uønsket|soppelpost)", "(roskaposti|estetty|ei sallit)\\w*"),
    "pl, cs, sk, hu, ro, hr": ("nie (masz|ma) uprawnien", "(niechcian|zablokowan)\\w*",
        "(nevyzadan|zablokovan|nemate opravneni)\\w*", "(keretlen|letiltott|nincs jogosults)\\w*",
        "(nesolicitat|blocat|nu aveti permisiun)\\w*", "(nezeljen|blokiran|nemate dopusten)\\w*"),
    "ru, uk, bg, sr, el, tr": ("(нет|не имеете|недостаточно)~(разрешени|прав)\\w*",
        "(нежелательн|запрещен|блокирован|небажан|заборонен|нежелан|забранен|нежељен)\\w*", "ανεπιθυμητ\\w*",
        "δεν .*(επιτρεπ|αδεια|δικαιωμα)\\w*", "(istenmeyen|izniniz yok|yetkiniz|engel)\\w*"),
    "ar, fa, he": ("(ليس لديك|لا تملك|غير مصرح|غير مخول|محظور|مزعج)", "(مجاز نیست|هرزنامه|مسدود شده)",
        "(אין לך הרשאה|דואר זבל|נחסם)"),
    "zh, ja, ko": ("(没有|无)(发送)?权限", "(未授权|受限|拦截|被屏蔽|违反)",
        "(権限がありま|許可されてい|受信拒否|ブロック)", "(권한이 없|허용되지|수신 ?거부)"),
    "vi, id, th, hi, sw": ("(thu rac|khong duoc phep|bi chan)",
        "(tidak (diizinkan|diperbolehkan|dibenarkan)|surel sampah)", "(สแปม|ไม่ได้รับอนุญาต|ถูกบล็อก)", "(स्पैम|अनुमति नहीं)",
        "(taka|haruhusiwi|hairuhusiwi|imezuiwa)"),
}  # fmt: skip
_FULL_BY_LANGUAGE = {
    "en": ("(storage|mailbox|inbox|mail) (space|limit|capacity|size)? ?(is |has been |was )?(full|reached|exhausted|"
        "used up|exceeded)", "reached (its|the|their) (\\w+ )?(quota|limit|capacity|maximum)", "\\w*quota",
        "(no|out of|insufficient|lack of) (storage|space|room|disk)", "100 ?% (full|used)"),
    "fr": ("(boite|messagerie|quota|espace|bal|compte)\\w*~(plein|satur|depass|atteint|insuffisant|excede)\\w*",
        "(plus|pas) (assez |suffisamment )?d'espace"),
    "es, pt, it": (
        "(buzon|casilla|bandeja|cuenta|cuota|espacio|almacenamiento)\\w*~(llen|excedid|superad|agotad|insuficient|"
        "sobrepas|complet|saturad|colmad)\\w*",
        "(caixa|quota|cota|espaco|armazenamento|conta)\\w*~(chei|lotad|excedid|esgotad|ultrapassad|insuficient|"
        "atingi)\\w*", "(casella|quota|spazio|posta)\\w*~(pien|superat|esaurit|satur|insufficient)\\w*",
        "(sem|falta de|sin|senza) (espaco|espacio|spazio)"),
    "de, nl": (
        "(postfach|mailbox|speicher|quota|kontingent|posteingang)\\w*~(voll|uberschritt|ausgeschopft|uberfullt|"
        "erschopft|erreicht|belegt)\\w*", "(postvak|mailbox|quotum|inbox|opslag)\\w*~(vol|overschreden|bereikt)\\b"),
    "sv, da, no, fi": (
        "(brevlad|postlad|inkorg|kvot|lagring|postkass|indbakk|innboks|kvote)\\w*~(full|fuld|fyllt|overskrid|"
        "overskred|opbrugt|oppbrukt|natt)\\w*", "(postilaatikko|kiintio|tila)\\w*~(taynna|ylit|loppu)\\w*"),
    "pl, cs, hu, ro": (
        "(skrzynk|limit|przestrze|quot|pojemno)\\w*~(peln|przepeln|przekroczon|wyczerpan|zapelnion)\\w*",
        "(schrank|kvot|misto|limit)\\w*~(pln|prekroc|vycerpan|zaplnen)\\w*",
        "(postafiok|postalad|kvota|tarhely)\\w*~(megtelt|tele|tullep|betelt)\\w*",
        "(casut|cutia|cota|spati)\\w*~(plin|depasit|epuizat)\\w*"),
    "ru, uk, bg, sr": ("(ящик|квот|мест|объем|лимит|хранилищ)\\w*~(переполн|заполнен|полон|превы|исчерпан|недостаточ|"
        "закончил)\\w*", "(недостаточно|нет|не хватает) (свободного )?места",
        "(скриньк|квот|місц)\\w*~(переповн|заповнен|перевищ|вичерпан)\\w*",
        "(кути|квота|мяст|сандуч|квот)\\w*~(пълн|препълн|надвиш|пуно|пун |препуњен|прекорач|полн)\\w*"),
    "hr, el, tr": ("(sanduc|pretinac|kvot|predal)\\w*~(pun|prepunjen|prekorac|poln)\\w*",
        "(γραμματοκιβωτι|θυριδα|χωρ|οριο|ορια)\\w*~(πληρ|γεματ|υπερβ|εξαντλ)\\w*",
        "(kutu|kota|alan|depolama)\\w*~(dolu|dolmus|asil|asim|doldu|yetersiz)\\w*"),
    "ar, fa, he": (
        "(صندوق|علبة|مربع|حصة|المساحة|مساحة|سعة|البريد)\\w*~(ممتلئ|ممتلئة|امتلأ|امتلات|امتلاء|مليء|تجاوز|نفدت|"
        "نفاد|بلغ|الحد الأقصى|استنفد)\\w*", "(صندوق|فضا|سهمیه|ظرفیت)\\w*~(پر|تکمیل|تمام|اشباع|بیش از)",
        "(תיבת|התיבה|מכסה|המכסה|נפח)\\w*~(מלאה|מלא|חריגה|חרגה|נוצל|אזל)\\w*"),
    "zh, ja, ko": (
        "(邮箱|信箱|空间|配额|容量|郵箱|郵件|收件箱|存储|儲存)~(已满|满了|不足|超出|超过|已滿|用尽|用完|超限|爆满|"
        "滿了)",
        "(メールボックス|容量|受信箱|ディスク|保存領域|クォータ)~(いっぱい|満杯|超え|超過|不足|一杯|上限|オーバー)",
        "(메일함|사서함|용량|편지함|공간|저장)~(가득|초과|부족|꽉|찼)"),
    "vi, id, ms, th, hi, sw": ("(hop thu|dung luong|han muc)~(day|vuot|het)",
        "(kotak|kuota|peti|ruang|storan|penyimpanan)~(penuh|melebihi|habis|terlampaui)",
        "(กล่อง|พื้นที่|โควต้า|โควตา)~(เต็ม|เกิน)", "(मेलबॉक्स|इनबॉक्स|स्थान|कोटा)~(भर|पूर्ण|समाप्त)",
        "(kisanduku|sanduku|nafasi)\\w*~(kimejaa|limejaa|imejaa|imekwisha)"),
    "lt, lv, et, ka, az": ("(dezut|kvot)\\w*~(pilna|virsyt|perpild)\\w*", "(pastkast|kvot)\\w*~(piln|parsnieg)\\w*",
        "(postkast|kvoot)\\w*~(tais|uleta)\\w*", "(ყუთი|კვოტა)\\w*~(სავსე|გადაჭარბ)\\w*",
        "(qutu|kvota)\\w*~(dolu|asil)\\w*"),
}  # fmt: skip

#: the mailbox has no room: soft, the address is right
FULL = in_any_language(
    _FULL_BY_LANGUAGE,
    "(casilla|buzon|bandeja|cuenta) .*(alcanz\\w+|superado|excedid\\w|llen\\w|sin espacio)",
    "superado .*(cuota|limite)",
    "storage allocation", "(bandeja|boite|messagerie|reception) .*(saturee|pleine|llena)",
    "(mailbox|inbox|mail box|account|user|quota|disk|storage|folder|recipient).*(is |are |was |"
    "been )?(full|exceed\\w*|exhausted|over ?quota|over.*(quota|limit))",
    "over (the )?(quota|storage limit|disk quota)", "out of storage",
    "(quota|storage|space) .*(exceed\\w*|violation|full|limit)", "exceed\\w* .*(quota|storage|mailbox|disk)",
    "mailbox (size limit|full|quota)", "insufficient (disk|storage|system storage|space)",
    "not enough (space|room|storage)", "no (more )?(space|room) (left )?(in|on|for)",
    "user.*too many (mails|messages)", "boite .*(pleine|saturee|est pleine)",
    "(quota|espace) .*(depasse|atteint|insuffisant)", "depasse .*quota", "messagerie .*pleine",
    "buzon .*(lleno|llena)", "(cuota|espacio) .*(excedid\\w|superad\\w|agotad\\w|insuficiente)", "excedi\\w+ .*cuota",
    "(caixa|quota|cota) .*(cheia|lotada|excedid\\w|esgotad\\w)", "caixa postal cheia",
    "(postfach|mailbox|speicher\\w*|quota).*(voll|uberschritten|ausgeschopft|uberfullt)", "zu ?viele mails",
    "kein speicherplatz", "(casella|quota).*(piena|superata|esaurita|satura)",
    "(postvak|mailbox|quotum).*(vol|overschreden)\\b", "(brevlada|postlada|inkorg|kvot\\w*).*(full|overskrid\\w*)",
    "(postkasse|indbakke|innboks|kvote\\w*).*(fuld|full|overskred\\w*)", "(postilaatikko|kiintio).*(taynna|ylit\\w*)",
    "(skrzynka|limit|quota).*(pelna|przepelnion\\w*|przekroczon\\w*)", "(schranka|kvota|kvóta).*(plna|prekrocen\\w*)",
    "(postafiok|kvota).*(megtelt|tele|tullep\\w*)", "(casuta|cutia|cota).*(plina|depasit\\w*)",
    "(posta kutusu|kota).*(dolu|asildi|doldu)", "(γραμματοκιβωτιο|οριο).*(πληρες|γεματο|υπερβ\\w*)",
    "(ящик\\w*|квот\\w*).*(переполн\\w*|полон|заполнен|превы\\w*)", "превыш\\w*~(квот|ящик|лимит)\\w*",
    "(скриньк\\w*|квот\\w*).*(переповнен\\w*|перевищен\\w*)", "(кутия\\w*|квота\\w*).*(пълна|надвишен\\w*)",
    "(صندوق|علبة|مربع|حصة|المساحة|سعة).*(ممتلئ|ممتلئة|ممتلي|مليء|تجاوز\\w*|نفد\\w*)", "تجاوز.*(الحصة|السعة|المساحة)",
    "(邮箱|信箱|空间|配额|容量|郵箱|郵件信箱|空間).*(已满|满|不足|超|已滿|滿)",
    "(メールボックス|容量|受信箱).*(いっぱい|満杯|超え|超過|不足|一杯)",
    "(메일함|사서함|용량|편지함).*(가득|초과|부족)", "(hop thu|dung luong).*(day|vuot)",
    "(kotak|kuota|peti).*(penuh|melebihi)", "(צפה|תיבת הדואר|המכסה|התיבה).*(מלאה|חריגה|נוצלה)", "صندوق .*پر",
    "กล่องจดหมาย.*เต็ม", "मेलबॉक्स .*(भर|पूर्ण)",
)  # fmt: skip

#: this mail is larger than they take
TOO_LARGE = any_of(
    "(邮件|信件|附件|郵件).{0,12}(超过|超出|超過).{0,10}(限制|上限|大小|容量)",
    "(размер|объем|розмір)\\w*~(превыш|перевищ|слишком)\\w*",
    "(rozmiar|velikost|meret|dimensiune|boyut|ukuran|saiz)\\w*~(przekracz|prekroc|tullep|depas|asiyor|asti|"
    "melebihi)\\w*", "(message|mail|e-?mail|size|attachment).*(too (large|big)|exceed\\w*.*(size|limit|maximum))",
    "exceed\\w* .*(message )?size", "max\\w* message size", "(size|message) limit exceeded",
    "larger than .*(limit|allowed|maximum)", "(message|courriel|courrier) .*trop (volumineux|gros|grand|lourd)",
    "(depasse|excede) .*(taille|maximale)", "(mensaje|correo) .*(demasiado grande|excede .*tamano)",
    "(supera|excede) .*tamano", "(mensagem|email) .*(muito grande|demasiado grande|excede .*tamanho)",
    "(excede|ultrapassa) .*tamanho", "(nachricht|mail) .*zu gro(ss|ß)", "(maximale|zulassige) .*gro(ss|ß)e",
    "messaggio .*troppo grande", "dimension\\w+ .*(superior|superan|supera|ecced|oltre)\\w*", "bericht .*te groot",
    "(письмо|сообщение|размер).*(слишком велик\\w*|слишком больш\\w*|превышает .*размер)",
    "(wiadomosc|rozmiar).*(zbyt duz\\w*|za duz\\w*|przekracza)", "(الرسالة|حجم).*(كبيرة جدا|كبير جدا|يتجاوز)",
    "(邮件|郵件|信件|附件).*(过大|太大|過大|超过.*大小|超過.*大小)",
    "(メール|メッセージ|サイズ).*(大きすぎ|サイズ.*超え|上限を超え)", "(메일|메시지|크기).*(너무 큽|초과)",
    "(ileti|mesaj).*cok buyuk",
)  # fmt: skip

#: the recipient's side does not want it: spam, blocked sender, authentication, restricted group
POLICY = in_any_language(
    _POLICY_BY_LANGUAGE,
    "(white|allow) ?list\\w*", "(liste|lista) (noire|negra|nera)", "(黑|白)(名单|名單)", "черн\\w+ спис\\w+",
    "القائمة السوداء", "ブラックリスト", "quarantin\\w*", "mail filter", "content restriction\\w*", "spam",
    "unsolicited", "bulk e?-?mail", "junk", "virus", "malware", "black ?list\\w*", "block ?list\\w*", "blocked",
    "block .*using", "\\w*rbl\\b", "reputation", "polic(y|ies)", "content (filter|reject\\w*)", "denied",
    "access denied", "not (allowed|permitted|authori[sz]ed|accepted)", "unauthori[sz]ed", "relay\\w*", "restrict\\w*",
    "prohibited", "(dmarc|spf|dkim)\\b", "authenticat\\w+", "sender .*(reject\\w*|refused|invalid|not)",
    "external senders", "not trusted",
    "(message|mail|e-?mail|content|recipient|connection).*(reject\\w*|refused|disallowed)", "does not accept",
    "not accept\\w*", "permission", "listed (at|by|in|on)", "only accepts", "indesirable", "bloque\\w*", "politique",
    "refuse\\w*", "rejete\\w*", "n'(est|etes) pas autorise\\w*", "no deseado", "bloquead\\w", "politica",
    "rechazad\\w", "no (esta )?(autorizad|permitid)\\w", "indesejad\\w", "rejeitad\\w",
    "nao (esta )?(autorizad|permitid)\\w", "recusad\\w", "abgelehnt", "abgewiesen", "richtlinie\\w*", "blockiert",
    "gesperrt", "rifiutat\\w", "bloccat\\w", "geweigerd", "geblokkeerd", "avvisa\\w+", "blocker\\w*", "odrzucon\\w+",
    "zablokowan\\w+", "odmitnut\\w*", "elutasit\\w*", "respins\\w*", "reddedildi", "engellen\\w*", "απορριφθ\\w*",
    "отклонен\\w*", "отвергнут\\w*", "заблокирован\\w*", "спам\\w*", "политик\\w*", "відхилен\\w*", "отхвърлен\\w*",
    "مرفوض\\w*", "تم رفض", "رفض", "محظور\\w*", "سياس\\w*", "غير مسموح", "غير مرغوب", "拒绝", "拒絕", "垃圾邮件",
    "垃圾郵件", "策略", "禁止", "拒否", "迷惑メール", "スパム", "ポリシー", "거부", "차단", "스팸", "tu choi",
    "bi chan", "ditolak", "diblokir", "נדחה", "נחסם", "ปฏิเสธ",
)  # fmt: skip

#: it is our mail or server that they block, so that they know the address
SPAM = any_of(
    "(white|allow|grey|gray) ?list\\w*", "liste noire", "lista (negra|nera)", "schwarze\\w* liste", "sperrliste",
    "черн\\w+ спис\\w+", "القائمة السوداء", "(黑|灰|白)(名单|名單)", "ブラックリスト", "블랙리스트", "kara liste",
    "daftar hitam", "danh sach den", "רשימה שחורה", "black ?list\\w*", "block ?list\\w*", "spamhaus", "spamcop",
    "barracuda ?central", "\\w*rbl\\b", "dnsbl", "reputation", "(dmarc|spf|dkim)\\b",
    "(considered|identified|detected|classified|marked|looks like|likely|suspected)~spam",
    "spam (message|content|detected|score|filter)", "unsolicited",
    "(virus|malware|phishing) (found|detected|infected)", "message content rejected", "correo no deseado",
    "courrier indesirable", "垃圾邮件", "垃圾郵件", "迷惑メール", "스팸", "спам\\w*",
)  # fmt: skip
