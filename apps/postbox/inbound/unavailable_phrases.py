"""How people say that they cannot be reached now, by language: in other words than of a leave, a closed office or
another post."""

from .phrase_matching import any_of, in_any_language

#: in a short note by whom nothing is proposed
UNAVAILABLE = in_any_language({
    "en": ("(received|sent|arriving) (outside|after) (of )?(these|those|my|office|working|business)~(read|answered|"
        "dealt)",
        "(i am|i'm|i will be|i'll be|we are|we will be) (\\w+ ){0,3}(unavailable|unreachable|not (available|"
        "reachable|contactable|at (work|my desk)|in today))(?! to\\b| for (comment|signature))",
        "out (today|tomorrow|this week|all (day|week))\\b",
        "(is|are|will be) (acting|standing in|covering|deputi[sz]ing) for (me|us)\\b",
        "(taken up|assumed|started) (a |an |my )?(new |other )?(assignment|appointment|post|position|role|duties)",
        "(?<!he is )(?<!they are )(?<!he will be )back (tomorrow|next week|on monday)\\b", "gone for the day",
        "honeymoon",
        "gone on (\\w+ ){0,2}leave", "(am|are|be) (currently |now )?(out|away) on (an )?(assignment|mission|"
        "duty|field\\w*)",
        "(may|might|will) be slow to (respond|reply)",
        "(mailbox|inbox|messages?|mails?) (is|are|will) not (be )?(being )?(read|checked)",
        "(have )?(little|limited|no) time for (e-?)?mail"),
    "fr": ("(je (suis|serai)|nous (sommes|serons)) (\\w+ )?(indisponible|injoignable)s?",
        "absente? (ce jour|aujourd'hui|cette semaine|demain)", "appelee? a d'autres (fonctions|responsabilites)",
        "je ne (traite|gere) plus", "(messagerie|boite) non (consultee|relevee)",
        "(bureau|representation|legation|antenne)s? (est|sont|sera|seront) fermee?s?",
        "(mon|ma) (interimaire|suppleante?|remplacante?) (est|sera|repond|:)",
        "(l'interim|la suppleance) est assuree?"),
    "es, pt": ("no (estare|estoy|estaremos|me encuentro) (disponible|localizable|en la oficina)(?! para)",
        "mi (suplente|reemplazo|remplazo) (es|sera)", "(oficina|embajada|mision) reabr\\w+",
        "(estou|estarei) de folga", "(revisare|leere) mi correo (\\w+ )?(esporadic|ocasional)\\w*",
        "nao (estarei|estou|estaremos) (disponivel|contactavel|no (gabinete|escritorio))(?! para)",
        "(meu|minha) (substitut\\w|suplente) (e|sera)"),
    "de, nl, it": ("(bin|sind) .{0,25}nicht (erreichbar|verfugbar|da)\\b", "nicht erreichbar und",
        "(mails?|nachrichten) nur (eingeschrankt|unregelmassig|sporadisch) (lesen|abrufen|bearbeiten)",
        "es vertr(itt|eten) mich", "(buro|sekretariat|dienststelle)\\w* .{0,30}nicht besetzt",
        "bin ich (erst )?(ab|am) .{0,25}wieder", "(ben ik er|ik ben er) .{0,20}niet", "niet bereikbaar",
        "mijn vervang\\w+",
        "non (sono|saro) (disponibil|reperibil|raggiungibil)\\w*", "mi sostituisce"),
    "sv, da, no, fi": ("(ar|er) (inte|ikke) (tillganglig|antraffbar|nabar|tilgaengelig|tilgjengelig|a treffe)\\w*",
        "(min|mitt) (ersattare|vikar|stedfortraeder|stedfortreder)", "en ole (tavoitettavissa|paikalla|toissa)",
        "sijaiseni"),
    "pl, cs, sk, hu, ro": ("zastepuje mnie", "wracam (do pracy|do biura|\\d)", "jestem niedostepn\\w+",
        "(nejsem|nebudu|nie som|nebudem) .{0,20}(v praci|pritom|k zastizeni|dostupn|zastihnut)\\w*",
        "zastupuje m[ea]\\b",
        "nem (vagyok|leszek) (elerheto|bent)", "helyettesem",
        "nu (sunt|voi fi) disponibila?\\b(?! sa| pentru)", "ma inlocuieste"),
    "ru, uk, bg, sr": ("меня (сегодня |завтра )?(нет|не будет) на", "(я )?(сейчас )?недоступ\\w+",
        "меня замещает", "я на (учебе|обучении|курсах|сборах)",
        "отвечу (завтра|позже|после|в понедельник)", "участвую в .{0,40}(доступ|почт)", "мене заміщу\\w+",
        "не съм на (работа|разположение)", "замества ме", "мењам|замењује ме"),
    "hr, sl, el, tr": ("(nisam|necu biti) (dostup|u mogucnosti)\\w*", "(mijenja|zamjenjuje) me", "nadomesca me",
        "δεν (ειμαι|θα ειμαι) διαθεσιμ\\w+", "με αναπληρωνει",
        "(ofiste|makam\\w*|is ?yerinde|gorev\\w*) (olmayacag|bulunmay|degil)\\w*", "(yerime|vekaleten) .{0,20}bak\\w*"),
    "ar, fa, he": ("(لن|لست|لا) (أكون |اكون )?(متاح|متوفر|متواجد|موجود)\\w?\\b(?! لل)", "(ينوب عني|نائبي|من ينوب)",
        "در دسترس نیستم", "(איני|אינני|לא אהיה) (זמין|זמינה)", "(מחליף|מחליפה) אותי"),
    "zh, ja, ko": ("(我|本人)?(今天|今日|明天|本周|这周|目前).{0,4}(请假|休息|不在)",
        "(明天|下周|稍后|返岗后|改天).{0,2}(回复|答复|处理|联系)",
        "席を(外し|はずし)", "(後ほど|戻り次第|後日|明日).{0,8}(連絡|返信|対応)(いた|し|さ)",
        "(오늘|금일|이번 ?주|내일).{0,6}(휴무|휴가|쉽니다|부재|자리)"),
    "id, ms, vi, th, sw": ("tidak (tersedia|dapat dihubungi|di tempat|berada)\\w*",
        "(digantikan|diwakili) oleh", "sedang (dinas|tugas)",
        "khong (co mat|lien lac duoc|the tra loi)", "ไม่(สะดวก|สามารถตอบ|อยู่)", "(sipatikani|sitapatikana|sitakuwepo)"),
})  # fmt: skip

#: the writer settles when and where to meet, or whom to
MEETING = any_of(
    "(meet|meeting|call me|appointment|receive you|another (date|day|time)|propose|suggest)\\b",
    "(reunion|rendez-vous|rencontr)\\w*",
    "(reunir|reunion|cita|un encuentro|otra fecha|reuniao|um encontro|propon)\\w*",
    "vous (attend|recevra|recoit)\\w*", "(termin|treffen|gesprach|kommt gern\\w*)\\b",
    "(incontr|riunion|afspraak|mote|mode\\b|spotkan|schuzk|stretnut|talalkoz)\\w*", "(встреч|зустріч|срещ)\\w*",
    "(toplanti|gorusme)\\w*", "(اجتماع|لقاء|موعد)", "(会面|见面|会谈|约见)", "(面会|面談|会合)", "(면담|만나)",
    "(pertemuan|mkutano|cuoc hop|gap)\\b",
)  # fmt: skip
