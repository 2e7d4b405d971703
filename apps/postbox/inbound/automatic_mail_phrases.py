"""How absence notes, automatic acknowledgements and receipts are worded."""

from .phrase_matching import any_of

#: how the subject of an absence note or another automatic answer begins
AUTOMATIC = any_of(
    "automatic reply", "automatic response", "auto[- ]?repl(y|ied)", "auto[- ]?response", "autoresponder",
    "(i am |i'm |currently )?out of (the |my )?office", "ooo\\b", "o\\.o\\.o\\.", "away from (the |my )?(office|desk)",
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
    "自动应答", "外出", "休假", "不在办公室", "自動返信", "自動応答", "不在通知", "不在の", "자동 ?회신", "자동 ?응답",
    "부재 ?중", "부재 ?알림", "tr[aả] l[oờ]i t[uự] d?[đ]?[oộ]ng", "thu tra loi tu dong", "balasan otomatis",
    "jawaban otomatis", "di luar kantor", "ตอบกลับอัตโนมัติ", "स्वचालित उत्तर", "auto(matic)?[ -]?reply", "auto:",
    "automatische reaktion", "abwesenheitsnotiz", "absence\\b.*(bureau|conge|jusqu)", "je suis (actuellement )?absent",
    "absent\\w* jusqu", "hors du bureau", "ausente\\b", "fuera de la oficina", "ausencia\\b", "ausencia de",
    "fora do escritorio", "assenza", "sono assente", "assente dal", "afwezigheid\\w*", "ute fran kontoret",
    "ikke til stede", "fravaer", "poissaolo\\w*", "nieobecn\\w*", "nepritomn\\w*", "neprítomn\\w*", "hazon kivul",
    "tavollet\\w*", "irodan kivul", "absent din birou", "in concediu", "izinde\\w*", "ofis disi\\w*", "εκτος γραφειου",
    "απουσια\\w*", "αυτοματη", "отсутств\\w*", "я в отпуске", "відсутн\\w*", "автоматична", "у відпустці",
    "автоматичен отговор", "отсъств\\w*", "извън офиса", "automatski odgovor", "odsut\\w*", "samodejni odgovor",
    "odsotn\\w*", "automatinis atsakymas", "nesu biure", "automatiska atbilde", "prombutne\\w*", "automaatvastus",
    "kontorist eemal", "аутоматски одговор", "автоматски одговор", "sjalfvirkt svar", "pergjigje automatike",
    "אוטומטית", "מענה אוטומטי", "היעדרות", "לא במשרד", "מחוץ למשרד", "غياب", "إجازة", "أنا خارج", "غير متواجد",
    "مرخصی", "خارج از دفتر", "پاسخ اتوماتیک", "خودکار جواب", "ไม่อยู่ที่สำนักงาน", "ไม่อยู่", "कार्यालय से बाहर",
    "स्वतः उत्तर", "अवकाश", "স্বয়ংক্রিয়", "vang mat", "tra loi tu dong", "ngoai van phong", "sedang cuti",
    "tidak di kantor", "balasan automatik", "jibu la kiotomatiki", "nje ya ofisi", "majibu otomatiki",
    "ავტომატური პასუხი", "avtomatik cavab", "автоматты жауап", "休假通知", "出差", "离岗", "外出中", "不在", "休暇",
    "出張", "부재", "휴가", "출장", "자동",
)  # fmt: skip

#: a person is away, said in the present or for the days to come
ABSENT = any_of(
    "absente? (du|jusqu|le|a partir)", "در .*مرخصی", "(赴|前往).*(参会|出席|开会|出差)", "(回复|答复).*(不及时|延迟)",
    "отсъствам", "(θα )?(λειπω|απουσιαζω)", "(βρισκομαι|σε) .*αδεια", "jag ar .*(tjansteresa|ledig|sjukskriven)",
    "jeg (holder|har|er pa) .*(ferie|tjenesterejse|orlov|permisjon)", "(berada|bertugas) di luar",
    "di luar (negara|negeri|kota)", "(kami|saya) .*bercuti", "(estaremos|estamos) (cerrados|encerrados)",
    "(je|nous) .*(repondr\\w+|prendrai connaissance) .*retour", "i('m| am)? no longer (work|employed|with|at)",
    "i have (left|moved|retired)", "(the|our) (embassy|mission|office|offices|ministry|consulate|secretariat|chancery|"
    "department)s? (is|are|will be|remains?) closed", "i (am|will be) (currently |presently )?(travell?ing|absent)",
    "i (am|will be) unable to (read|access|answer|reply|check)",
    "(nous sommes|nous serons|l'ambassade est|l'ambassade sera|la mission sera|le ministere sera) .*ferme",
    "je (ne travaille plus|n'occupe plus|suis actuellement en deplacement|ne serai pas)",
    "(no trabajo|ya no trabajo|he dejado de trabajar)",
    "(la embajada|la mision|el ministerio) .*(permanecera|estara) cerrad\\w",
    "(ja nao trabalho|deixei de trabalhar|encontro-me de)", "меня .*(нет на|не будет)",
    "я (сейчас )?(в отпуске|в командировке|отсутствую)",
    "(сейчас|в настоящее время) .*(я |меня ).*(в отпуске|в командировке|нет)",
    "до .*(в командировке|в отпуске)(\\.|,)? ", "(출장|휴가|부재|연가|육아휴직)(으로|로|중)",
    "이메일 확인이 (어렵|불가)", "ich bin (erst|ab|bis|vom|derzeit|leider).*(wieder|im haus|urlaub|nicht)",
    "ich arbeite nicht mehr", "(ne sono|non sono) .*(in ufficio|disponibile)", "izinli(yim| oldug\\w*| olacag\\w*)",
    "(yurt disinda|gorevde|izinde|seyahatte) (oldug\\w*|olacag\\w*|bulun\\w*)", "jag har (semester|ledigt)",
    "jeg har (ferie|fri)", "(cerpam|mam) dovolen\\w+", "nem (vagyok|leszek) .*(irodaban|elerheto)",
    "(ich lese|mailen lases|mail wordt) .*nicht", "(在|正在)(休假|出差|度假|休年假|参加会议)", "无法及时(回复|查看)",
    "不能及时回复", "(出張|休暇|休業|不在)の(ため|間)", "(toi|hien) .*(di cong tac|nghi)",
    "no longer (employed|working|with) (at|by|for|us|the)",
    "(i am|i'm|i will be|i'll be|we are|he is|she is) (currently |presently |now |temporarily |"
    "also )?(out of|away from|not in|outside|absent from) (the |my |our )?office",
    "(i am|i'm|i will be|i'll be|we will be) (currently |presently |now |temporarily )?(away|absent|"
    "travell?ing|on (\\w+ )?(leave|holidays?|vacation|mission|travel|duty))\\b",
    "(the office|our office|the mission|the ministry|our offices) (is|are|will be|remains?) closed",
    "(?<!was )(?<!were )(?<!been )out of (the )?office (until|from|between|and|with|on|as of|starting)",
    "(i have|i've) (limited|no) access to (my )?e-?mail", "(i have|i've) left (the|my post|office)",
    "je suis (actuellement |presentement )?(absente?|en (conge\\w*|vacances|mission|deplacement)|hors)",
    "je serai (absente?|en (conge\\w*|vacances|mission|deplacement)|de retour)", "(suis|serai) (actuellement )?absent",
    "absente? (du|de mon) bureau", "(nos bureaux|le bureau|notre bureau) .*ferme",
    "(me encuentro|estoy|estare|estaremos) (actualmente )?(fuera|ausente|de (vacaciones|viaje|"
    "licencia)|en (mision|comision))", "(nuestra|la) oficina .*(cerrada|permanecera)",
    "(estou|estarei|encontro-me|estaremos) (atualmente |actualmente )?(fora|ausente|de ferias|"
    "em (missao|viagem|ferias|gozo))",
    "(ich bin|bin ich|ich werde|ich befinde mich) .*(nicht (im|erreichbar|am|anwesend)|abwesend|"
    "im urlaub|ausser haus|auf dienstreise|wieder erreichbar|zuruck)",
    "(sono|saro|mi trovo) (attualmente |momentaneamente )?(assente|fuori|in (ferie|missione|congedo))",
    "(ik ben|ben ik) .*(afwezig|niet (aanwezig|op kantoor|bereikbaar)|met (vakantie|verlof)|op reis)",
    "jag (ar|kommer att vara) .*(borta|franvarande|ledig|pa semester|pa resa|inte pa kontoret)",
    "jeg (er|vil vaere) .*(fravaerende|pa ferie|bortreist|ikke (til stede|pa kontoret)|"
    "ude af kontoret|ute av kontoret|pa tjenesterejse)", "olen .*(poissa|lomalla|matkalla|virkamatkalla)",
    "(jestem|bede|przebywam) .*(nieobecn\\w+|na urlopie|poza biurem|w delegacji|niedostepn\\w+)",
    "(jsem|budu|nejsem) .*(mimo|nepritomn\\w+|na dovolene|na sluzebni|pritomn\\w+|v kancelari)",
    "(som|budem) .*(mimo|nepritomn\\w+|na dovolenke|na sluzobnej)",
    "(hazon kivul|szabadsagon|tavol|irodan kivul|kikuldetesben) (vagyok|leszek)",
    "(nem vagyok|leszek) .*(irodaban|elerheto|tavol)",
    "(sunt|voi fi|ma aflu) .*(plecat\\w*|absent\\w*|in concediu|in delegatie|in afara biroului)",
    "(ofis\\w* disinda|izinde|yillik izinde|tatilde|gorevde|seyahatte)(yim|yiz|sin| olacagim|"
    " bulunuyorum| olacagiz)",
    "(ειμαι|θα ειμαι|βρισκομαι|απουσιαζω|θα απουσιαζω).*(εκτος|αδεια|απουσ\\w+|γραφει\\w+|μεχρι|εως)",
    "(я |сейчас |нахожусь |буду )+.*(отсутству\\w+|в отпуске|в командировке|вне офиса|нет на месте|" "на больничном)",
    "отсутствую", "(я |зараз |перебуваю |буду )+.*(відсутн\\w+|у відпустці|у відрядженні|поза офісом)",
    "(аз |в момента |ще )+.*(отсъств\\w+|в отпуск|в командировка|извън офиса)",
    "(nisam|bicu|cu biti|nalazim se|trenutno sam|odsutan sam|odsutna sam|"
    "odsustvujem) .*(u kancelariji|u uredu|odsut\\w+|na godisnjem|na odmoru|na putu|do)",
    "(sem|bom|trenutno sem) .*(odsot\\w+|na dopustu|na sluzbeni|izven)",
    "(siuo metu|esu|busiu|manes) .*(nesu|atostog\\w+|komandiruot\\w+|nebus|nera biure|isvyk\\w+)",
    "(es|esmu|busu|pasreiz) .*(prombutne|atvalinajuma|komandejuma|neesmu biroja)",
    "(olen|viibin) .*(kontorist|puhkusel|lahetuses|eemal)", "eg er .*(i leyfi|i frii|fjarverandi|ekki vid)",
    "(ndodhem|jam|do te jem) .*(me leje|jashte zyres|mungoj)",
    "(أنا|اني|سأكون|أكون|إنني|نحن) .*(خارج المكتب|في إجازة|في اجازة|غائب|غير متواجد\\w*|في مهمة|"
    "مسافر|خارج البلاد|في عطلة)", "(المكتب|مكتبنا|مكاتبنا) .*مغلق", "(أتواجد|متواجد\\w*) .*(خارج|إجازة)",
    "(אני|הנני|אהיה|איני|אינני) .*(מחוץ למשרד|בחופש\\w*|נעדר\\w*|לא במשרד|במשרד|בנסיעה|אשוב)",
    "(من|اینجانب) .*(مرخصی|خارج از|ماموریت|در دفتر نیستم|نیستم)", "(میں|ہم) .*(رخصت|چھٹی|دفتر سے باہر)",
    "(मैं|हम) .*(अवकाश|छुट्टी|कार्यालय से बाहर|यात्रा)", "(আমি|আমরা) .*(ছুটিতে|অফিসের বাইরে)",
    "(ขณะนี้|ดิฉัน|ผม|ข้าพเจ้า|ฉัน).*(ไม่อยู่|ลาพัก|ลางาน|เดินทาง|ลาหยุด)",
    "(tôi|hien|toi) .*(vang mat|nghi phep|di cong tac|khong co mat|ngoai van phong)",
    "(saya|kami) .*(sedang cuti|cuti|di luar (kantor|pejabat)|tidak berada|bercuti|dinas luar|bertugas di luar)",
    "(nipo|niko|nitakuwa|sipo) .*(likizo\\w*|nje ya ofisi|safari\\w*|ofisini)",
    "(მე|ამჟამად) .*(შვებულებაში|ოფისში|მივლინებაში)",
    "(men|hazirda|mən) .*(mezuniyyet\\w*|məzuniyyət\\w*|ezamiyyet\\w*|ofisde)",
    "(мен|қазір) .*(демалыс\\w*|іссапар\\w*)",
    "(我|本人|我们).*(不在|休假|外出|出差|年假|度假|离开办公室|請假|放假|無法)", "目前(不在|外出|休假)",
    "(不在に|外出|休暇|出張|留守|休業|夏季休|年末年始).*(して|中|いた|とな|のため|おり)",
    "(현재|저는|본인은|지금).*(부재|휴가|출장|자리를 비|외근)", "(부재 ?중|휴가 ?중|출장 ?중)",
)  # fmt: skip

#: what absence notes add: a return, a deputy, poor access
RETURNS = any_of(
    "until", "\\bback (on|in|at)\\b", "return\\w*", "urgent\\w*", "in my absence", "during my absence",
    "limited access", "no access", "please contact", "intermittent", "as soon as (i|possible)",
    "reply .*(delay|when|upon|on my)", "jusqu'?(au|a)", "de retour", "mon retour", "mon absence", "urgence", "regreso",
    "hasta el", "volvere", "retorno", "regressar\\w*", "ate (o dia|ao|dia)?", "em caso de", "en caso de", "en cas d",
    "contactar", "contacter", "bis (zum|einschliesslich|\\d)", "wieder", "zuruck", "dringend\\w*", "vertret\\w*",
    "fino al", "rientr\\w*", "rientro", "tot (en met)?", "terug", "dringende", "tillbaka", "tilbage", "tilbake",
    "till och med", "\\btil\\b", "palaan", "asti", "takaisin", "kiireelli\\w*", "\\bdo\\b", "wroc\\w*", "powrot\\w*",
    "piln\\w*", "vrat\\w*", "navrat\\w*", "nalehav\\w*", "-ig\\b", "vissza\\w*", "surgos", "pana (la|pe|in)",
    "revin\\w*", "intoarc\\w*", "kadar", "done(cegim|r|us)\\w*", "acil", "tarihin\\w*", "μεχρι", "εως", "επιστρ\\w+",
    "επειγ\\w+", "\\bдо\\b", "верн\\w+", "возвра\\w+", "срочн\\w+", "\\bпо \\d", "поверн\\w+", "термінов\\w+", "върна",
    "спешн\\w+", "hitn\\w*", "povrat\\w*", "nujn\\w*", "\\biki\\b", "grisiu", "skubi\\w*", "\\blidz\\b", "atgriez\\w*",
    "steidzam\\w*", "kuni", "tagasi", "kiire\\w*", "til baka", "deri", "kthehem", "حتى", "أعود", "سأعود", "عودتي",
    "العودة", "عاجل\\w*", "للضرورة", "לשוב", "אשוב", "אחזור", "עד ", "דחוף", "تا ", "بازگشت", "فوری", "تک", "واپس",
    "तक", "लौट", "তর", "পর্যন্ত", "จนถึง", "ถึงวันที่", "กลับ", "เร่งด่วน", "ด่วน", "den (ngay|het)", "tro lai",
    "khan", "hingga", "sampai", "kembali", "mendesak", "segera", "hadi", "nitarudi", "haraka", "მდე", "დაბრუნ\\w*",
    "qeder", "дейін", "直到", "至", "返回", "回来", "紧急", "緊急", "期间", "期間", "まで", "戻り", "至急", "急ぎ",
    "까지", "복귀", "긴급", "급한", "\\d{1,2}[./-]\\d{1,2}",
)  # fmt: skip

#: the sender says that it was received, no more
ACKNOWLEDGED = any_of(
    "(ticket|case|request|enquiry|inquiry) (has been|was) (opened|created|received|registered|submitted)",
    "ticket received", "received and (will|is)", "受け付け", "受付",
    "votre (message|courrier|demande) .*(recu|enregistre|transmis)\\w*",
    "su (mensaje|correo|solicitud|consulta|comunicacion|carta|escrito) .*(recibid|registrad|radicad)\\w",
    "(fue|ha sido|quedo) (radicad|registrad|ingresad)\\w", "radicado (no|num\\w*|n)\\b",
    "(anfrage|anliegen|schreiben|nachricht|e-?mail) wurde .*(erfasst|registriert|aufgenommen|weitergeleitet)",
    "(demande|courrier|message) .*(enregistre|prise? en compte) .*(numero|reference)",
    "(we|i) (have|hereby|can)? ?(received|acknowledge|confirm)", "(we )?acknowledge\\w* (the )?receipt",
    "thank you for (contacting|your (e-?mail|message|enquiry|inquiry|correspondence|letter|submission))",
    "(your|the) (e-?mail|message|enquiry|inquiry|correspondence|letter|request|submission|"
    "communication) (has been|was|is) (successfully )?(received|registered|logged|forwarded)",
    "has been (received|registered|logged)", "acknowledge?ment", "confirmation of receipt",
    "we (will|aim to|try to) (reply|respond|answer)", "(ticket|case|reference|request) (number|no|id)\\b",
    "\\[(ticket|case|request|ref)\\W", "request received", "accuse de reception", "accusons reception",
    "avons bien recu", "a bien ete (recu|enregistre|transmis)", "ete (recu|enregistre)\\w*", "acuse de recibo",
    "acusamos (el )?recibo", "hemos recibido", "ha sido (recibid|registrad)\\w",
    "(aviso de|acusamos a?) rece[pc]?c?ao", "recebemos", "foi (recebid|registad|registrad)\\w", "eingangsbestatigung",
    "(ist|sind) (bei uns )?eingegangen", "haben .*erhalten", "conferma di (ricezione|ricevimento)", "abbiamo ricevuto",
    "e stat[oa] (ricevut|protocollat)\\w", "ontvangstbevestiging", "hebben .*ontvangen", "mottagningsbekraftelse",
    "har mottagit", "kvittering", "har modtaget", "har mottatt", "vastaanottovahvistus", "olemme vastaanottaneet",
    "potwierdz\\w+ (otrzymani\\w|odbi\\w+|wplyw\\w*)", "otrzymalismy", "potvrz\\w+ (o )?(prijet\\w|doruceni)",
    "obdrzeli", "megkaptuk", "atveteli", "confirmare de primire", "am primit", "alindi", "tarafimiza ulasmistir",
    "βεβαιωση (ληψης|παραλαβης)", "λαβαμε", "подтвержд\\w+ (о )?(получени\\w|прием\\w*)",
    "(ваше|ваш) (обращение|письмо|сообщение|запрос) .*(получено|зарегистрирован\\w*|принято|получили)",
    "зарегистрирован\\w*", "отримано", "зареєстрован\\w*", "получихме", "إشعار (استلام|بالاستلام)", "تم استلام",
    "استلمنا", "لقد تلقينا", "تلقينا", "تأكيد (استلام|الاستلام)", "אישור קבלה", "התקבל\\w*", "קיבלנו", "دریافت شد",
    "已收到", "收到您的", "受け付け(ました|いたしました|完了)", "受信(しました|いたしました|確認)",
    "受付(完了|番号|確認)", "拝受", "접수(되었|번호|확인)", "수신(확인|되었)", "xac nhan da nhan", "da nhan duoc",
    "telah (kami )?(diterima|terima)", "ได้รับ(อีเมล|ข้อความ|จดหมาย)", "प्राप्त (हो|हुआ)", "tumepokea", "imepokelewa",
)  # fmt: skip

#: said by a machine about itself
MACHINE_WROTE = any_of(
    "(genere|envoye|cree|produit|emis)\\w* automatiquement", "(generad|enviad|cread)\\w automaticamente",
    "(gerad|enviad|criad)\\w automaticamente", "(generat|inviat)\\w automaticamente",
    "(сформирован|создан|отправлен|сгенерирован)\\w* автоматически",
    "автоматически (сформирован|создан|отправлен)\\w*",
    "автоматическ\\w+ (сообщени\\w+|ответ|уведомлени\\w+|письм\\w+|подтверждени\\w+)",
    "автоматичн\\w+ (повідомлення|відповідь|лист)", "(створен|надіслан|сформован)\\w* автоматично",
    "(wiadomosc|odpowiedz|potwierdzenie) .*automatyczn\\w+", "automatyczn\\w+ (wiadomosc|odpowiedz|potwierdzenie)",
    "automatikus(an)? (uzenet|valasz|ertesites|generalt|kuldott)", "(gui|tra loi|tao) (mot cach )?tu dong",
    "tu dong (gui|tao|tra loi)", "(balasan|pesan|email|dikirim|dibuat|dihasilkan) .*(otomatis|automatik)",
    "(ตอบกลับ|ข้อความ|ส่ง|สร้าง).*อัตโนมัติ", "(यह|संदेश|ईमेल).*स्वचालित", "(پیام|پاسخ|به صورت|به طور|ایمیل) .*خودکار",
    "自動(で|的に)?(送信|返信|配信|応答|生成)", "(自动|系统)(发送|生成|回复|答复)", "系統自動", "自動發送",
    "(this is|this) (is )?an? (auto(matic|mated|matically generated|-?generated)|"
    "system[- ]generated|computer[- ]generated)",
    "(message|e-?mail|notification|reply|response|this|it) (is |was |has been )?auto(matically|-) ?generated",
    "(?<!not an )(?<!my )(?<!our )(?<!your )automated (message|response|reply|e-?mail|acknowledge\\w*)",
    "(?<!not an )(?<!my )(?<!our )(?<!your )automatic (message|response|reply|e-?mail|acknowledge\\w*|confirmation)",
    "message (genere )?automatique\\w*", "(reponse|courriel|mail|accuse .*) (genere\\w* )?automatique\\w*",
    "(mensaje|respuesta|correo) (generad\\w )?automatic\\w+",
    "(mensagem|resposta|email|e-mail) (gerad\\w )?automatic\\w+",
    "automatisch (generiert\\w*|erstellt\\w*|erzeugt\\w*)",
    "automatische (nachricht|antwort|e-?mail|empfangsbest\\w*|eingangsbest\\w*)", "(messaggio|risposta) automatic\\w+",
    "automatisch (gegenereerd|bericht|antwoord)", "automatisk\\w* (svar|meddeland\\w*|besked|melding|e-?post)",
    "automaattinen (viesti|vastaus)", "automatick\\w+ (zprav\\w*|odpov\\w*|sprav\\w*)",
    "(mesaj|raspuns) (generat )?automat\\w*", "otomatik (olarak|mesaj|yanit|bir)", "αυτοματ\\w+ (μηνυμα|απαντηση)",
    "автоматичн\\w+ (съобщение|отговор)", "(رسالة|رد) (آلية?|تلقائية?|الية?)", "הודעה אוטומטית",
    "自动(回复|发送|生成|答复)", "自動(送信|返信|配信|応答)", "자동(으로)? ?(발송|생성|회신|응답)", "خودکار",
    "moja kwa moja",
)  # fmt: skip

#: how the subject of a receipt begins: the mail was read, or arrived
RECEIPT = any_of(
    "read:", "read receipt", "return receipt", "(message )?(read|delivered|displayed)( notification)?:", "delivered:",
    "delivery (receipt|confirmation)", "lu ?:", "accuse de lecture", "leido ?:", "confirmacion de lectura",
    "lid[ao] ?:", "confirmacao de leitura", "gelesen ?:", "lesebestatigung", "letto ?:", "lettura ?:",
    "conferma di lettura", "gelezen ?:", "leesbevestiging", "last ?:", "laest ?:", "lest ?:", "luettu ?:",
    "przeczytano ?:", "precteno ?:", "olvasott ?:", "elolvasva ?:", "citit ?:", "okundu ?:", "διαβαστηκε ?:",
    "прочитано ?:", "прочетено ?:", "تمت القراءة ?:", "مقروءة ?:", "נקרא ?:", "已读 ?:", "已讀 ?:", "開封(済み|確認)",
    "읽음 ?:", "not read:", "non lu ?:", "ungelesen ?:", "da doc ?:", "dibaca ?:",
)  # fmt: skip

#: what machines and some people ask for
NO_ANSWER = any_of(
    "do not (reply|respond) (directly )?to this", "please do not (reply|respond)(?! if| to the| directly)",
    "not monitored", "unattended (mailbox|e-?mail)", "unmonitored", "ne pas (y )?repondre", "no responda",
    "cuenta (es )?solo de envio",
    "no (contestar|responder)", "nao responda", "nicht (auf diese|direkt) .*antworten", "non rispond\\w+",
    "niet (te )?beantwoorden", "svara inte", "nie odpowiada\\w*", "neodpovid\\w*", "ne valaszoljon", "не отвечайте",
    "просьба не отвечать", "عدم الرد", "נא לא להשיב", "請勿回覆", "请勿(直接)?回复", "返信しないで", "회신하지",
)  # fmt: skip

#: a report that a reader calls our mail spam, in words
COMPLAINED = any_of(
    "complaint about (a |your )?(message|mail|e-?mail)", "(e-?mail |spam )?abuse report", "spam (complaint|report)",
    "feedback loop", "fbl report", "\\[?abuse\\b.*(report|complaint)",
)  # fmt: skip

#: a person takes a position, also in a mail that mentions an absence
OPINION = any_of(
    "(we|i) (do not |don't |cannot |fully |strongly |would |shall |will )?(agree|support|oppose|"
    "reject|welcome|share|disagree|endorse|accept)\\b", "(supports|opposes|rejects|welcomes) ",
    "(our|my) (position|view|delegation|first reaction)",
    "nous (soutenons|appuyons|rejetons|partageons|nous opposons)", "(soutient|s'oppose|appuie) ",
    "notre (position|delegation)", "(apoyamos|rechazamos|compartimos|nos oponemos)", "nuestra (posicion|delegacion)",
    "(apoiamos|rejeitamos)", "nossa posicao", "(unterstutzen|lehnen) wir", "wir (unterstutzen|lehnen)",
    "unsere (position|haltung)", "поддержива\\w+", "выступаем", "наша позиция", "نؤيد", "نرفض", "ندعم", "موقفنا",
    "(我们|我方|本国)(支持|反对|同意|主张)", "立場は", "지지합니다", "반대합니다",
)  # fmt: skip
