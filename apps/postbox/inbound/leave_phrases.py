"""Why an office or a person does not answer now, by language: a leave, a closed office, another post. Said in the
present or for days to come, so that nobody is meant who was away."""

from .phrase_matching import in_any_language

ON_LEAVE = in_any_language({
    "en, also at a meeting": (
        "(i am|i'm|we are) (currently |presently |now )?(attending|participating in|in \\w+ for|travell?ing to)~(will|"
        "shall) (read|catch up|get back|be back|attend to|look at my)",
        "(i am|i'm) (currently |now )?(off (sick|work|duty)|(out )?sick|unwell)\\b",
        "i('m| am)? (only )?work(ing)? (only )?(on )?(part[- ]time|mon|tues|wednes|thurs|fri)\\w*"),
    "en": ("(i|we) ?(am|are|will be|'m|'re|'ll be) (\\w+ ){0,2}(now |currently |presently |still )?(away )?on (an? |"
        "my |his |her )?(extended |long[- ]term |short )?(\\w+ )?(leave|secondment|sabbatical|furlough|pilgrimage|"
        "hajj|umrah)\\b",
        "(?<!was )(?<!were )(?<!been )(?<!when )(?<!while )(?<!is )on (maternity|paternity|parental|sick|medical|"
        "study|compassionate|bereavement|annual|home|casual|earned|terminal|pre-retirement) leave (until|from|"
        "till|and|with|as|,|\\.)", "proceed(ed|ing)? on (\\w+ )?leave"),
    "fr": ("(suis|serai) (actuellement |presentement )?en (conge\\w*|arret|repos|permission|formation|stage|"
        "disponibilite|detachement)",
        "en (conge|arret) (de )?(maternite|paternite|maladie|annuel|administratif)\\w*( jusqu| a partir| du|,|\\.)"),
    "es, of what one enjoys": ("(estoy|me encuentro) (disfrutando|gozando|haciendo uso) .{0,12}(vacacion|"
        "licencia|descanso|permiso)",
        "no (tendre|tengo|tendremos) acceso a(l|\\b)"),
    "es": ("(estoy|estare|me encuentro|me encontrare|gozando|haciendo uso) (en |de |con )?(su |mi )?(licencia|"
        "permiso|vacacion|baja|descanso|comision|asueto)\\w*",
        "(licencia|baja|permiso|descanso) (por |de )?(maternidad|paternidad|medic\\w|enfermedad|matern\\w+)"),
    "pt": ("(encontro-me|estou|estarei|entrarei|entro) (em|de|a gozar) (periodo de )?(licenca|ferias|gozo|missao|"
        "viagem|baixa|afastamento|recesso|repouso)\\b",
        "(licenca|baixa)[- ](de )?(maternidade|paternidade|medica|parental|premio|saude|gestante)"),
    "de": ("(bin|befinde mich) .*(in|im) (elternzeit|mutterschutz|urlaub|ruhestand|krankenstand|sabbatical)",
        "in (elternzeit|mutterschutz)\\b", "(bin) (bis|vom|derzeit|zurzeit|zur zeit|langer)~(erkrankt|krank)\\b"),
    "it": ("(sono|saro|mi trovo) (attualmente )?(in|fino) .*(congedo|ferie|maternita|missione|malattia|aspettativa|"
        "permesso)", "(congedo|aspettativa) (di|per) (maternita|paternita|malattia|parentale)"),
    "nl": ("ik .*(met|op) (\\w+)?(verlof|vakantie|dienstreis)",
        "(zwangerschaps|ouderschaps|bevallings|ziekte)verlof"),
    "sv, da, no, fi": (
        "(jag|jeg|ar) .*(foraldraledig|mammaledig|pappaledig|tjanstledig|barselsorlov|foreldrepermisjon|sykmeldt|"
        "sygemeldt|sjukskriven)", "pa (barsel|orlov|permisjon)",
        "olen .*(aitiyslomalla|vanhempainvapaalla|virkavapaalla|sairauslomalla|hoitovapaalla)"),
    "pl": ("(jestem|przebywam|bede) .*(urlopie|zwolnieniu|delegacji)",
        "urlop\\w* (macierzynsk|rodzicielsk|wychowawcz|wypoczynkow)\\w+"),
    "cs, sk": ("(jsem|cerpam|som|nachadzam sa) .*(materske|rodicovske|nemocenske|dovolen|pracovni ceste|sluzobnej|"
        "materskej|rodicovskej)\\w*",),
    "hu": ("(gyes|gyed|szules|szabadsag|betegallomany|tappenz)\\w*.{0,10}(vagyok|leszek|tartozkodom)",
        "szabadsag\\w* tolt\\w+", "kikuldetes\\w* (vagyok|leszek|tartozkodom)",
        "(szabadsagon|kikuldetesben|tavol)~(vagyok|leszek|tartozkodom)"),
    "ro": ("(sunt|ma aflu|voi fi) (in|plecat\\w* in) (concedi|delegati|misiun)\\w+",),
    "bg, mk, sr": ("в (платен|неплатен|годишен|годишния) ?\\w* ?отпуск",
        "(съм|ще бъда) .{0,20}(отпуск|командировка)\\b",
        "(в|на) (отпуск|майчинство|болничен|боловање|одмор|породиљск\\w+|годишњ\\w+)\\b.*(до|од) ",
        "(сум|сам|съм) (на|в) (отпуск|одмор|боловање|годишњ|службен|майчинство|командировка)\\w*"),
    "hr, sl": ("na (godisnjem|porodiljnom|rodiljnom|bolovanju|sluzbenom|rednem dopustu|porodniskem|dopustu)\\b",
        "(sam|nalazim se|cu biti|sem|bom) (trenutno )?(na|do) .*(dopustu|rodiljn|porodnisk|odmoru|bolovanju|putu|"
        "odmor)\\w*"),
    "el": ("(ειμαι|βρισκομαι|θα ειμαι|τελω) (σε |με )?(κανονικη |αναρρωτικη |γονικη )?(αδεια|μητροτητα)\\w*",
        "αδεια (μητροτητας|κυησης|λοχειας)"),
    "tr": ("(yillik|dogum|hastalik|mazeret|ucretsiz|analik|babalik|saglik) izn\\w+",
        "(izin\\w*|tatil\\w*|gorev\\w*|raporlu\\w*) .*(oldug|bulun|olaca|ayril)\\w*",
        "(yurt ?disi|il disi) .*gorev\\w*"),
    "ru": ("(я |нахожусь |буду ).*(отпуск|декрет|больничн|командировк|отгул)\\w*",
        "в (декретном|ежегодном|очередном|учебном) отпуске", "отпуск по уходу за"),
    "uk": ("(я |перебуваю |буду )~(відпустц|декрет|лікарнян|відряджен)\\w*",),
    "ar": ("(في|بإجازة|باجازة) ?(إجازة|مهمة|عطلة|دورة|زيارة|سفر|عمرة|حج|أمومة|رحلة)?.{0,20}(سنوية|أمومة|وضع|مرضية|"
        "رسمية|اعتيادية|دراسية|حج|خارج البلاد|طارئة)", "(أتمتع|اتمتع|أتواجد|متغيب|مجاز)", "لاداء (فريضة|مناسك)"),
    "fa": ("در (مرخصی|ماموریت|سفر)~(هست|می ?باش|خواه)\\w*", "مرخصی (زایمان|استعلاجی|استحقاقی)"),
    "he": ("(בחופשת|בחופשה|במילואים|בחל\"ת|בחו\"ל)",),
    "zh, at a meeting": ("(正在|目前|现在|现).{0,30}(回国|返回|会后|节后|假后|假期|回来).{0,10}(处理|回复|查看|答复)",
        "(节|假|会)后.{0,4}(回复|处理|答复|回信)"),
    "zh": ("(休|在|请)(产假|陪产假|病假|年假|探亲假|婚假|事假|公出|丧假)",
        "(产假|病假|年假|休假|公出|出访|出国)(期间|中|至)"),
    "ja, today": ("(終日|現在|本日|明日).{0,8}(不在(です|で|に|と)|お?休み(です|を|いた))",),
    "ja": ("(産前産後|産|育児|育|病気|年次|夏季|夏期)休(暇|業|職|み).{0,8}(中|取得|のため|いただ|に入)", "休職中",
        "海外出張(中|のため)"),
    "ko": ("(출산|육아|병|연차|육아 ?휴직|휴직|연수|파견)(휴가|휴직)? ?(중|으로|입니다)",),
    "vi": ("(dang|se|toi) (nghi|trong thoi gian nghi) (phep|thai san|om|le|sinh)", "nghi (thai san|phep nam)",
        "cong tac (nuoc ngoai|den|tai|tu)"),
    "id, ms": ("(saya|kami) .*(cuti|dinas|tugas luar|bercuti|kursus|haji|umrah)\\b",
        "cuti (melahirkan|tahunan|sakit|bersalin|bersama|haji)"),
    "th": ("(ลาคลอด|ลาป่วย|ลากิจ|ลาพักร้อน|ไปราชการ|ราชการต่างประเทศ)",),
    "hi, bn, ne, ur": ("(मातृत्व|वार्षिक|चिकित्सा) (अवकाश|छुट्टी)", "(छुट्टी|अवकाश|बिदा) (पर|मा) (हूँ|हूं|छु|रहूंगा|रहूँगा|रहने)",
        "(ছুটিতে|মাতৃত্বকালীন)", "(چھٹی|رخصت) پر ہو"),
    "sw": ("(niko|nipo|nitakuwa) .*(likizo|safari|masomo|kikazi)\\w*", "likizo (ya )?(uzazi|mwaka|ugonjwa)"),
    "am, ka, hy, az, kk": ("ፈቃድ ላይ", "(በእረፍት|በፈቃድ|በዕረፍት) ላይ", "ከቢሮ (ውጭ|ውጪ)", "(შვებულება|მივლინება)ში",
        "(արձակուրդ|գործուղ)\\w*",
        "(mezuniyyet|ezamiyyet)\\w*", "(демалыс|іссапар)\\w*"),
    "si, ta, ne, km, lo, my, mn, dv": ("නිවාඩු (මත|ගොස්|ලබා)", "கார்யாலயத்தில் இல்லை|விடுப்பில்", "बिदामा",
        "ឈប់សម្រាក", "(ລາພັກ|ພັກການ)", "(ခွင့်ယူ|ခွင့်ရက်)", "(амралт|чөлөө)(тай|нд)\\b", "ޗުއްޓީ"),
    "uz, ky, tg, tk": ("(ta'tilda|tatildaman|safarida|rugsatda)", "өргүүдө\\w*", "дар (рухсатӣ|сафари)"),
    "af, tl, mg, ht, rw, so, ca, mt": ("ek is .*(verlof|kantoor)", "(naka-?leave|nakabakasyon|wala ako sa)",
        "(miala sasatra|maka fialan)", "mwen .*(konje|vakans|biwo)", "ndi mu (kiruhuko|konji|butumwa)",
        "waxaan ku jiraa fasax", "fora de l'oficina", "(bil-leave|barra mill-uffi\\w+)"),
    "lt, lv, et": ("atostog(auj|aus)\\w+", "(motinystes|vaiko prieziuros|kasmetin\\w+) (atostog\\w+)?",
        "(esu|busiu) .*(atostog|komandiruot|nedarbing)\\w*",
        "(bernu kopsanas|esmu|busu) .*(atvalinajum|komandejum|slimib)\\w*",
        "(lapsehoolduspuhkus|puhkus|haiguslehe|lahetus)\\w*l\\b"),
    "sq, ca, gl, eu, is, mt": ("(jam|do te jem) .*(leje|pushim)\\w*", "(soc|estic|estare) .*(vacances|baixa|permis)",
        "(estou|estarei) de (vacacions|permiso|baixa)", "oporretan", "(er|verd) .*(orlofi|leyfi|frii)"),
})  # fmt: skip

CLOSED = in_any_language({
    "en, open again": ("(our|the|all) offices? (will )?re-?opens? ?(on|at|tomorrow|today|after|monday|from|\\.|$)",
        "(today|tomorrow|monday|tuesday|wednesday|thursday|friday) is an? (public|national|bank|official) holiday"),
    "es, open again": ("(hoy|manana|este lunes) es (dia )?(feriado|festivo|no laborable|asueto)",
        "(retomamos|reanuda\\w*|reinicia\\w*|retomaremos) (la |las )?(atencion|labores|actividades)"),
    "en": ("(office|offices|embassy|mission|ministry|department|registry|consulate|secretariat|chancery|government|"
        "we) (is|are|will be|shall be|remains?|will remain|has been) (\\w+ )?(closed|shut|not open)",
        "(?<!was )(?<!were )(?<!been )(closed|closure)~(holiday|festive|eid|ramadan|christmas|easter|new year|"
        "independence|national day|diwali|lockdown|weekend)\\w*"),
    "fr": ("(bureau|bureaux|service|services|ambassade|mission|ministere|chancellerie|consulat|secretariat|"
        "administration|guichets?)~(est|sont|sera|seront|reste|resteront|restera) (exceptionnellement )?ferme\\w*",
        "fermeture (annuelle|pour|des|du|de fin)"),
    "es": ("(oficina|embajada|mision|ministerio|despacho|consulado|dependencia|institucion|secretaria)\\w*~(estara|"
        "estaran|permanecera|permaneceran|se encuentra|esta|permanece)n? cerrad\\w+",
        "(cierre|receso) (por|de|institucional)", "por ser (dia )?(feriado|no laborable)"),
    "pt": ("(escritori|servic|embaixada|missao|ministerio|gabinete|consulado|secretaria|expediente)\\w*~(esta|estara|"
        "estarao|permanece|encontra)\\w*(-se)? (encerrad|fechad)\\w+",
        "(encerramento|recesso) (por|de|do|para|natalino)", "ponto facultativo", "nao havera expediente"),
    "de, nl, it": (
        "(buro|dienststelle|botschaft|vertretung|behorde|ministerium)\\w*~(ist|sind|bleibt|bleiben) .*geschlossen",
        "geschlossen~(feiertag|weihnacht|ostern|jahreswechsel)\\w*", "(kantoor|ambassade|kantoren)~gesloten",
        "(ufficio|uffici|ambasciata)~(chius)\\w"),
    "sv, da, no, fi": ("(kontoret|kontor|ambassaden|ministeriet|departementet)~(stangt|lukket|stengt)",
        "(toimisto|suurlahetysto)~suljettu"),
    "pl, cs, sk, hu, ro": ("(biuro|urzad|ambasada|ministerstwo)~(nieczynn|zamkniet)\\w+",
        "(urad|kancelar|velvyslan)\\w+~(zavren|uzavren|zatvoren)\\w*", "(hivatal|iroda|nagykovetseg)\\w*~zarva",
        "(biroul|ambasada|institutia|ministerul)~inchis\\w*"),
    "ru, uk, bg, sr": (
        "(офис|министерство|посольство|учреждение|представительство|ведомство)\\w*~(?<!был )(?<!было )(?<!была "
        ")(закрыт|не работа)\\w*", "(нерабочи|выходны|праздничны)\\w+ (дни|дн|днями)",
        "в связи с (новогодн|праздни|майски)\\w+", "(установа|міністерство|посольство)~(зачинен|не працю)\\w*",
        "(офисът|министерството|посолството)~(затворен|не работи)\\w*", "(канцеларија|амбасада)~затворен\\w*"),
    "hr, sl, el, tr": ("(ured|veleposlanstvo|urad|pisarna)~(zatvoren|zaprt)\\w*",
        "(γραφει|υπηρεσι|πρεσβεια)\\w*~κλειστ\\w*", "(ofis|kurum|bakanl|buro|birim|daire|buyukelc)\\w*~kapali",
        "(tatil|bayram)\\w*~kapali", "tarihleri arasinda~kapali"),
    "ar, fa, he": (
        "(المكتب|مكاتبنا|الوزارة|السفارة|البعثة|الديوان|الدوائر|القنصلية)~(مغلق|عطلة|معطل|ستغلق|تغلق|يغلق)",
        "(بمناسبة|بسبب|نظرا)~(مغلق|تغلق|سيغلق|يتوقف|ستتوقف|سيتم الرد بعد|تعطل|تعطيل)", "(تعطیل|تعطيل)\\w*",
        "(המשרד|השגרירות|הלשכה|המשרדים)~(סגור|סגורה|סגורים)"),
    "zh, ja, ko": ("(将|自|从|于|日至|期间)~(放假|休息)", "(春节|国庆|元旦|中秋|五一|端午|清明)~(放假|休息|假期)",
        "(年末年始|夏季|夏期|冬季|祝日|臨時|お盆)の?(休業|休館|休み|休暇|閉庁)",
        "(休業|閉庁|休館)(させて|とさせて|いたします|いたし|期間)",
        "(설|추석|연말연시|공휴일|연휴)~(휴무(입|합|이|기|예)|휴업|휴관|쉽니다)",
        "휴무(입니다|합니다|이오니|안내|기간|예정)"),
    "vi, id, ms, th": ("nghi (le|tet)", "(kantor|kedutaan|kementerian|pejabat)~(tutup|libur|ditutup)",
        "(libur|cuti) (bersama|nasional|lebaran|natal|umum)", "(สำนักงาน|สถานทูต|กระทรวง).*(ปิดทำการ|หยุด)",
        "(ปิดทำการ|วันหยุดราชการ)"),
    "hi, bn, sw, am, ka": ("कार्यालय .*बंद", "(অফিস|কার্যালয়|দপ্তর).*বন্ধ",
        "(ofisi|ubalozi|wizara)\\w*~(imefungwa|zimefungwa|itafungwa|zitafungwa|utafungwa)", "(უქმე|დასვენების) დღე"),
})  # fmt: skip

OTHER_POST = in_any_language({
    "en": ("(i am|i'm|i have|i) no longer (in|at|with|working|work|serving|serve|attached|posted|the|part of|based|"
        "hold|employed)",
        "i (have |'ve )?(now )?(been (transferred|posted|reassigned|recalled|seconded)|left (the (ministry|"
        "mission|embassy|department|service|office|government|post)|this|my post|our)|retired|moved (to|on)|"
        "completed my (tour|term|assignment|posting)|ended my|ceased|resigned|relocated|changed (jobs|posts))",
        "my (tour|term|assignment|posting|contract|mandate) .*(ended|ends|expired|completed|finished)",
        "(mailbox|address|account|e-?mail) is no longer (being )?(monitored|read|in use|used|checked|active|"
        "attended)", "my (new|changed) (e-?mail )?address is", "i work(ed)? (there|here) no (more|longer)",
        "(this|the) (e-?mail )?(address|mailbox|account) (has been|was) (replaced|discontinued|retired|changed)",
        "no longer works? (here|at|for|with|in) (the|this)?"),
    "fr": ("je ne suis plus (en poste|en fonction|affecte|au |a la |dans )",
        "je (ne (travaille|figure|consulte|releve)|n'(exerce|occupe|assume|appartiens)) plus",
        "j'ai (quitte|ete (mute|affecte|appele|rappele)|pris ma retraite|cesse)",
        "(admis|parti|part)\\w* a la retraite", "je suis (a la|en) retraite", "(ma|notre) nouvelle adresse (est|:)",
        "ne travaille plus (au|a|pour|dans|chez)",
        "(cette adresse|cette boite)~n'est plus (consultee|relevee|active|utilisee)"),
    "ko, of a transfer": ("(인사 ?이동|전보|부서 ?이동).{0,20}(옮|이동|변경|되었)", "후임자?(에게|께|로) ?(연락|문의)"),
    "es": ("ya no (trabajo|laboro|desempeno|me desempeno|pertenezco|ocupo|presto|formo|ejerzo|estoy)",
        "he (sido (trasladad|destinad|designad)\\w|dejado|cesado|concluido|finalizado|culminado)",
        "me (he )?jubil\\w+", "mi (nueva|nuevo) (direccion|correo)", "ya no (trabaja|labora) (en|para|con)",
        "(este correo|esta cuenta|esta direccion)~(ya no (se revisa|es revisad|esta en uso|esta activ)\\w*)"),
    "pt": ("(ja )?nao (trabalho|exerco|pertenco|integro|faco parte|estou mais)",
        "(cessei|terminei|deixei de|deixei o|conclui|fui transferid|fui nomead|fui destacad|aposentei|reformei|"
        "encerrei)\\w*", "(meu )?novo (endereco|e-?mail|contacto) e", "ja nao trabalha (no|na|em|para)"),
    "de": ("(ich|bin|frau \\w+|herr \\w+)~nicht (mehr|langer) (im (haus|amt|dienst|ministerium)|hier|tatig|"
        "beschaftigt|fur das|bei der|beim|erreichbar)", "(bin|befinde mich)~im ruhestand", "in den ruhestand",
        "ich habe .*(verlassen|gewechselt)", "ausgeschieden", "meine nachfolge\\w*",
        "(meine|unsere) neue (e-?mail-?)?adresse", "(dieses|das) postfach wird nicht (mehr|langer)"),
    "nl, it": ("niet (meer|langer) (werkzaam|in dienst|actief)", "(ben|ging) .*met pensioen",
        "non (lavoro|presto|ricopro|faccio) piu",
        "sono (in pensione|stat\\w (collocat|trasferit)\\w|andat\\w in pensione)"),
    "sv, da, no, fi": ("jag har slutat",
        "(arbetar inte langre|gatt i pension|arbejder ikke laengere|er fratradt|jobber ikke lenger|jeg har "
        "sluttet|gatt av med pensjon|er stoppet)", "(en tyoskentele enaa|jaanyt elakkeelle|olen elakkeella)"),
    "pl, cs, sk, hu, ro": ("(juz )?nie pracuj\\w+", "(przeszedlem|przeszlam) na emerytur\\w+",
        "(jiz|uz) nepracuj\\w+", "(odesel|odesla|odisiel|odisla) (jsem|som) (do|z) ",
        "(do|ve) (duchodu|dochodku|vysluzby)", "mar nem (dolgoz|itt)\\w+", "nyugdijba (vonul|ment)\\w*",
        "nu mai (lucrez|activez|fac parte|ocup)", "(m-am pensionat|am fost (mutat|transferat))"),
    "ru, uk, bg, sr": ("(больше|уже|более) не (работаю|занимаю|исполняю)",
        "я (уволил|переведен|переш|назначен|вышел|вышла)\\w*", "(больше|уже) не работает (в|на)",
        "(більше|вже) не працю\\w+", "(вече|повече) не работ\\w+", "више не радим", "(на|в|у) пенси(ю|и|ї|я)\\b"),
    "hr, sl, el, tr": ("(vise|vec) ne (radim|delam)", "ne delam vec", "(umirovljen|upokojen)\\w* (sam|sem)",
        "δεν (εργαζομαι|υπηρετω) (πλεον|πια)", "(πλεον|πια) δεν (εργαζομαι|υπηρετω)",
        "(artik|bundan boyle) .*(calismiyorum|calismamaktayim|gorevli degilim)",
        "(gorevimden|gorevinden|kurumdan|bakanliktan) ayrild(im|igim)\\w*", "emekli(ye ayrild| oldu)\\w*",
        "tayin\\w* (oldum|cikti|nedeniyle)"),
    "ar, fa, he": ("لم (أعد|اعد) .{0,20}(أعمل|اعمل|موظف|أشغل)",
        "(انتقلت|تقاعدت|تم نقلي|أحلت|غادرت|تركت) .{0,20}(العمل|المنصب|الوزارة|التقاعد|البعثة|الى)",
        "(انتهت|انتهاء) (مهمتي|فترة)", "دیگر .{0,20}(کار نمی ?کنم|مشغول نیستم|نیستم)", "(بازنشسته|منتقل) شد(ه|م)",
        "(איני|אינני|לא) עובד\\w? (יותר|עוד)", "(פרשתי|סיימתי|עזבתי)"),
    "zh, ja, ko": ("(本人|我)~(已|已经|现已|業已)(调离|离职|退休|调任|卸任|调往|离任|離職|退休|調職)",
        "(本人|我)~不再(担任|负责|使用|任职|從事|負責)", "(邮箱|地址|信箱)~(停用|不再使用)",
        "(この度|このたび|私|付け?で|付け?をもって|をもって|をもちまして)~(異動|転任|離任|退職|退任|転出|帰任|"
        "転勤)", "(저는|본인은|일자로|일부로|일부터)~(퇴직|전보|이직|퇴사|전출|인사 ?이동|정년)",
        "더 ?이상 .{0,12}(근무하지|사용하지|사용되지)"),
    "vi, id, ms, th, sw": ("toi~(khong con|da thoi|da chuyen|da nghi huu|da nghi viec)",
        "(saya|beliau)~(tidak lagi|sudah tidak) (bekerja|bertugas|menjabat|aktif)",
        "(saya )(telah )?(pensiun|dimutasi|pindah tugas|bersara|bertukar)", "(เกษียณ|ย้ายไป|ไม่ได้ทำงาน|พ้นจากตำแหน่ง)",
        "(si|ha)fanyi (tena )?kazi", "(nimestaafu|nimehama|nimehamishwa)"),
    "hi, bn, ur, ka, az, lt, lv, et": ("मैं .*(सेवानिवृत्त|स्थानांतर)", "আমি .*(অবসর|বদলি)", "میں .*(ریٹائر|تبادلہ)",
        "აღარ ვმუშაობ", "artiq .*islemir\\w*", "nebedirb\\w+", "vairs nestrada\\w*", "(ei toota enam|olen lahkunud)"),
})  # fmt: skip

#: who reads mail seldom now, or not at all
LITTLE_ACCESS = in_any_language({
    "en": ("(limited|intermittent|restricted|poor|sporadic|little|irregular|occasional|infrequent|patchy) (e-?mail |"
        "internet |network )?(connectivity|access|connection|coverage)",
        "(messages?|mails?|e-?mails?)( sent (here|to this address))? (will|are) not (be |being )?(forwarded|read|"
        "answered|monitored|checked)",
        "(taken up|taken over|assumed|started|begun) (a |an |my )?(new|another|different) (post|position|role|"
        "assignment|duties|job|function)\\w*",
        "(cannot|can't|will not|won't|unable to) (be able to )?(read|answer|reply|check|access)~(mail|e-?mails?|"
        "messages?)"),
    "in short": ("gone (fishing|away|abroad|on (leave|mission|holiday))", "(bin|dann) (mal |dann mal )?weg\\b",
        "(меня )?нет (в|на) (офис|мест|работ|стран)\\w*", "(لوجودي|لتواجدي|لسفري) (خارج|في|الى)", "عدم تمكني من الرد",
        "(正|我|本人|现).{0,4}在(国外|海外|外地|境外|国内)", "(dang )?o nuoc ngoai",
        "(er|ar) pa (ferie|semester|tjenestereise|tjenesterejse|kurs|tjansteresa)",
        "(in|on) the field (till|until|from)", "(en|de) (formation|stage|mission|deplacement) (a l'etranger|hors)",
        "(estoy|me encuentro) de baja", "(海外|国外|出張先|研修)(に|へ|で).{0,6}(おり|いる|滞在|出て)",
        "(yurt ?disi|il disi) (gorev|seyahat)\\w*"),
    "back": ("(i )?(will|shall|'ll) be back (at|in|on|from)", "back (at my desk|in (the )?office) (on|from|by)",
        "(estare de vuelta|regreso el|regresare el|estarei de volta|regresso (a|no dia))",
        "(bin|ab) .*wieder (da|zuruck|im buro)", "(휴가|출장|부재|연가)(이며|이오니|이므로|입니다|로 인)",
        "(休暇|休み)をいただ", "(休假|出差|外出)(至|到)"),
    "fr": ("(acces|connexion)~(limite|restreint|reduit|difficile|irregulier|intermittent)\\w*",
        "ne (pourrai|pourrons|serai) (pas )?(en mesure de )?(repondre|consulter|lire|traiter)",
        "(appele a|pris|rejoint|assume) (d'autres|de nouvelles) fonctions", "je ne (consulte|lis|releve) plus",
        "(messages?|courriels?|mails?) ne (sera|seront|sont) (pas|plus) (lus?|transmis|transferes?|traites?|"
        "consultes?)"),
    "es": ("(acceso|conexion)~(limitad|restringid|intermitent|irregular|esporadic)\\w*",
        "no (podre|podremos|estare en condiciones de) (contestar|responder|atender|leer|revisar)",
        "(por|al|estando) encontrarme", "(he )?(asumido|pasado a) (nuevas|otras) (funciones|responsabilidades)"),
    "pt": ("(acesso|ligacao|conexao)~(limitad|reduzid|restrit|irregular|intermitent)\\w*",
        "nao (poderei|poderemos) (responder|atender|ler|consultar)", "(por me encontrar|encontrando-me)",
        "(assumi|passei a exercer) (novas|outras) funcoes"),
    "de, nl, it": (
        "(nur |sehr )?(eingeschrankt|sporadisch|unregelmassig|begrenzt|gelegentlich)\\w*~(zugriff|erreichbar|"
        "zugang|mails?|lesen|abrufen)",
        "kann .*(mails?|nachricht\\w*) .*nicht (lesen|beantworten|abrufen|bearbeiten)",
        "(beperkt|zelden|onregelmatig)~(bereikbaar|toegang|mail)",
        "(accesso|connessione)~(limitat|discontinu|saltuari)\\w*", "non potro (rispondere|leggere)"),
    "ru, uk, bg": ("(ограничен|обмежен)\\w* .{0,25}(доступ|связ|почт)\\w*",
        "(доступ|связь)~(ограничен|отсутств|нестабил)\\w*",
        "не (смогу|имею возможности|зможу) (ответить|отвечать|читать|відповісти)"),
    "ar, fa, tr": ("(الوصول|وصول|الاتصال|اتصال)~(محدود|متقطع)\\w*", "لن (أتمكن|اتمكن) من (الرد|الاطلاع)",
        "دسترسی~(ندارم|محدود)",
        "(erisim|e-?postala)\\w*~(sinirli|kisitli|cevap veremeye|yanit veremeye|bakamaya)\\w*"),
    "zh, ja, ko": ("(邮件|網絡|网络|回复|郵件)~(不及时|不便|不能及时|受限|延迟|不及時)",
        "(因公|公務|公务)~(出国|出國|出访|出差|外出|赴)",
        "(返信|確認|対応)(が|を)?(遅れる|遅れます|できません|いたしかねます|できない|困難)",
        "(확인|회신|답변)(하지|이) ?(못|어렵|불가|늦)"),
    "id, ms, vi, sw": ("(akses|capaian)~(terbatas|terhad)", "(tidak dapat|belum dapat) (membalas|menjawab|membaca)",
        "(truy cap|tra loi) .*(han che|cham)", "(sitaweza|sina) .*(kujibu|mtandao)"),
})  # fmt: skip

#: what keeps people from their desks: in a short note with a date or a deputy, and without anything about our letter
ABSENCE_NOUN = in_any_language({
    "en": ("on (an? |the |my )?(\\w+ ){0,2}(assignment|trip|travels?|mission|tour|leave|holidays?|vacation|"
        "retirement|training|course|break)\\b", "out of (the )?(country|town|station|city|capital)",
        "(holiday|vacation|sick leave|annual leave|hospital|retirement)\\b",
        "work (only )?(mondays?|tuesdays?|part[- ]time|half)",
        "(diwali|eid|ramadan|christmas|easter|hajj|passover|lunar new year) (holidays?|break|period)"),
    "fr": ("(un |mon |en )(deplacement|conge|stage|arret)",
        "(conges?|retraite|vacances|formation|maladie|maternite|hospitalis\\w+)\\b",
        "mission (a|de|officielle|hors)"),
    "es, pt": ("(viaje|vacacion|licencia|descanso|permiso medic|jubil|comision de|viagem|ferias|licenca|missao de|"
        "deslocacao|aposent|reform(a|ei)|recesso|hospitaliz)\\w*",),
    "de, nl, it": ("(urlaub|dienstreise|krank|ruhestand|elternzeit|mutterschutz|fortbildung|teilzeit|verlof|vakantie|"
        "dienstreis|pensioen|ferie|trasferta|malattia|congedo|pensione)\\w*",),
    "sv, da, no, fi": (
        "(semester|ferie|tjansteresa|tjenesterejse|tjenestereise|tjanstledig|foraldraledig|barsel|sjukskriven|"
        "orlov|permisjon|loma|virkamatka|sairaslo)\\w*",),
    "pl, cs, sk, hu, ro": (
        "(urlop|delegacj|zwolnieni|emerytur|szkoleni|dovolen|sluzebn|nemoc|materske|skoleni|szabadsag|"
        "betegallomany|kikuldetes|kepzes|concedi|delegati|deplasar)\\w*",),
    "ru, uk, bg, sr": (
        "(отпуск|командировк|больничн|пенси|декрет|відпустц|відряджен|лікарнян|майчинств|болничен|одмор|"
        "боловањ)\\w*",),
    "hr, sl, el, tr": (
        "(godisnj|bolovanj|sluzbeno(m|g) put|dopust|bolnisk|αδεια|ταξιδι|συνταξ|izin|izn|gorev|seyahat|tatil|"
        "emekli|egitim|raporlu)\\w*",),
    "ar, fa, he": ("(إجازة|اجازة|سفر|مهمة رسمية|تقاعد|دورة تدريبية|مرخصی|ماموریت|سفر|חופש|מילואים|חופשה|פנסיה)",),
    "zh, ja, ko": ("(住院|出差|休假|培训|公出|病假|产假|退休|年假|出訪|请假)",
        "(出張|休暇|休業|研修|入院|退職|異動|育休|産休|不在)", "(출장|휴가|휴직|교육|입원|퇴직|부재|연수)"),
    "vi, id, ms, th, sw": ("(cong tac|nghi phep|nghi om|thai san|hoc tap)",
        "(cuti|dinas|diklat|pelatihan|sakit|pensiun|bercuti|kursus|haji)\\b", "(ลา|ราชการต่างประเทศ|อบรม)",
        "(likizo|safari|masomo|mafunzo|kustaafu)\\w*"),
})  # fmt: skip
