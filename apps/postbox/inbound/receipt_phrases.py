"""How offices say, by language, that a letter arrived and where it went, and nothing about what it asks."""

import re

from .phrase_matching import in_any_language

#: it arrived or was registered
RECEIVED = in_any_language({
    "en": ("(hereby |gratefully )?(acknowledge|confirm)s? (with (\\w+ )?(thanks|appreciation),? )?"
        "(the )?(safe )?(receipt|reception)",
        "(your|the|this) (\\S+ )?(letter|e-?mail|message|correspondence|communication|submission|enquiry|petition|"
        "request|note)~(has|have|was) (been )?(duly |safely |well )?(received|registered|logged|recorded)",
        "receipt of~(is|was|are) (hereby )?(acknowledged|confirmed)",
        "(has|have) been (duly |safely |well )?(received|registered|logged|recorded)",
        "(we|i|the \\w+|office) (have |has |had )?(duly |safely |now )?received (your|the|this)",
        "(duly |well |safely )?received(,| and) ?(with thanks|noted|thank you|registered)", "received with thanks",
        "(in|acknowledg\\w+) (of )?receipt of your", "(has|have) reached (us|this (office|ministry))",
        "been given (the )?(reference|number|ref)\\b", "received and (filed|forwarded|passed)"),
    "fr": ("accus\\w+ (bonne )?reception", "(avons|ai|a) bien recu", "bien recu votre",
        "(a|ont) (bien )?ete (recu|enregistre|receptionne)\\w*", "confirm\\w+ (la )?(bonne )?reception",
        "bonne reception de votre"),
    "es": ("(se )?ingreso (por|con|bajo|en)", "(ha|han) (ingresado|entrado|tenido entrada)",
        "acus\\w+ (de |el )?recibo",
        "(hemos|ha|se ha|ha sido|fue|fueron|se) recib\\w+", "recibimos su", "constancia de (la )?recepcion",
        "confirm\\w+ (la )?(recepcion|recibo)", "(ha|han) sido (registrad|ingresad|radicad)\\w+",
        "(quedo|queda|fue) (debidamente )?(registrad|ingresad|radicad|recibid)\\w+"),
    "pt": ("acus\\w+ (a |o )?(rece[pc]?cao|recebimento)", "recebemos",
        "(foi|foram) (devidamente )?(recebid|registad|registrad|protocolad|autuad)\\w+",
        "confirm\\w+ (a |o )?(rece[pc]?cao|recebimento)", "recebid\\w com agradecimento", "(deu|dado) entrada"),
    "de": ("(eingang|erhalt|empfang)\\w*~bestatig\\w*", "bestatig\\w*~(eingang|erhalt|empfang)",
        "(ist|sind) .*eingegangen", "haben .*erhalten", "(eingangs|empfangs)bestatigung",
        "(wurde|wird) .*(registriert|erfasst)"),
    "it": ("(conferm\\w+|accus\\w+) (la |l')?(ricezione|ricevuta|avvenuta)", "abbiamo ricevuto",
        "(e|sono) stat\\w (\\w+ )?(ricevut|protocollat|registrat)\\w", "assunt\\w al protocollo"),
    "nl": ("ontvangst(bevestiging)?~(bevestig\\w*|bericht)", "bevestig\\w*~ontvangst",
        "(hebben|heb|is|werd) .*(ontvangen|geregistreerd)", "in goede orde ontvangen"),
    "sv, da, no": ("(bekraftar|bekraefter|bekreft\\w+)~(mottag|mottat|modtag)\\w*",
        "(har|er|ar) .*(mottagit|mottagits|modtaget|mottatt|registrert|registreret|diarieforts)",
        "(mottagningsbekraftelse|kvittering for modtagelse|kvitterer for)"),
    "fi, et": ("(olemme|on) vastaanot\\w+", "vastaanottovahvistus", "(oleme|on) .*katte saanud", "registreeritud"),
    "pl": ("potwierdz\\w+ .*(otrzymani|odbi|wplyw|wplyn)\\w*", "(otrzymal|wplynel|zarejestrowan)\\w+"),
    "cs, sk": ("potvrz\\w+ (o )?(prijet|doruceni|prijat)\\w*", "potvrdzuj\\w+ (prijat|dorucen)\\w+",
        "(obdrzel|prijal|dostal|zaevidovan|zaregistrovan)\\w+"),
    "hu": ("megkapt\\w+", "(megerkez|iktat|beerkez)\\w+", "atveteli elismerveny", "visszaigazol\\w+"),
    "ro": ("am primit", "confirm\\w+ (de )?primire\\w*", "(a fost|au fost) (primit|inregistrat)\\w*"),
    "bg, mk, sr": ("(получихме|примихме|примили|получен|примљен|регистриран|заведен|добивме)\\w*", "потвърждава\\w+",
        "потврђуј\\w+ пријем"),
    "hr, sl": ("(primili|zaprimili|zaprimljen|primljen|prejeli|evidentiran)\\w*",
        "potvr(d|j)uj\\w+ (primitak|prijem|prejem)"),
    "el": ("(ελαβε|παραλαβαμε|ελαβαμε|παρεληφθη|πρωτοκολληθηκε|καταχωρηθηκε|ληφθηκε)\\w*",
        "επιβεβαιων\\w+~(ληψη|παραλαβη)"),
    "tr": ("(alinmistir|alindi|ulasmistir|ulasti|kaydedilmistir|kayda alin\\w+|kayit altina)", "evrak kayd\\w+"),
    "ru": ("подтвержда\\w+ (получение|прием|факт)", "(получен|зарегистрирован|поступил|принят)[оаы]?\\b",
        "(поступило|поступила|принято)~(обращение|письмо|на рассмотрение)", "получили ваш\\w+"),
    "uk": ("підтверджу\\w+ (отримання|одержання|надходження)", "(отриман|зареєстрован|надійшл|одержан)\\w+"),
    "ar": ("تم (استلام|تسلم|قيد|تسجيل|استقبال)", "(استلمنا|تسلمنا|تلقينا|تلقت|استلمت|تسلمت|وردت|وردنا)",
        "(نؤكد|نفيد\\w*|نحيطكم|نود).{0,60}(استلام|وصول|تسلم)", "وصل(ت|نا|تنا)"),
    "fa": ("(دریافت|ثبت|واصل) (شد|گردید|شده)", "(وصول|رسید) نامه", "دریافت کرد\\w+"),
    "he": ("(התקבל|נתקבל|נקלט|נרשם)\\w*", "קיבלנו", "(מאשרים|הרינו לאשר).{0,20}(קבלת|קבלה)"),
    "zh": ("(来信|来函|邮件|信函|来件).{0,12}(收到|收悉|收讫|敬悉)", "(已|均已|业已)(收到|收悉|收讫|登记|敬悉)",
        "收到(您|贵|你|来)", "(來函|來信|信件).{0,12}(收到|收悉|敬悉)"),
    "ja": ("(受領|受信|受付|受理|拝受|落手)(しました|いたしました|致しました|済)", "受け取(りました|らせ)",
        "確かに(受|拝)"),
    "ko": ("(접수|수신|수령)(되었|하였|했|됨|완료)", "잘 받았"),
    "vi": ("(da|xac nhan) (da )?(nhan|tiep nhan)( duoc)?", "tiep nhan"),
    "id, ms": ("(telah|sudah) (kami )?(di)?(terima|catat|daftar)\\w*", "diterima (dengan|dan)",
        "mengesahkan penerimaan"),
    "th": ("(ได้)?รับ(อีเมล|หนังสือ|จดหมาย|เรื่อง)", "ลงรับ"),
    "hi, bn, ne, ur": ("प्राप्त (हो|हुआ|हुई|भयो|भएको)", "(পেয়েছি|প্রাপ্ত|গৃহীত)", "موصول ہو", "दर्ता (भयो|भएको)"),
    "sw": ("(tumepokea|imepokelewa|tumeipokea|imesajiliwa|nimepokea)",),
    "ka, hy, az, kk": ("მივიღეთ", "(დარეგისტრირ|რეგისტრირებ)\\w+", "ստացվել է", "ստացել ենք", "qebul (edil|olun)\\w+",
        "qeyd(iyyat)?a alin\\w+", "(алынды|тіркелді)"),
    "lt, lv": ("(gavome|gautas|uzregistruotas|uzregistruota)", "(sanemam|sanemts|registrets|registreta)\\w*"),
    "sq, ca, gl, eu": ("(kemi marre|eshte marre|u regjistrua)", "hem rebut", "(ha estat|s'ha) (rebut|registrat)",
        "recibimos a sua", "jaso dugu"),
})  # fmt: skip

#: where it goes now, under which number, how long it takes, whom to ask
HANDLED = in_any_language({
    "en": ("(has|have|will|is|was|are|been|being|shall)~(forwarded|passed|transmitted|transferred|referred|submitted|"
        "brought|directed|routed|processed|dealt|handled|assigned|attended|answered|responded)",
        "(reply|response|respond|answer|feedback)~(due course|shortly|soon|possible|days?|weeks?|month)",
        "(reference|file|registry|ref|case|registration|incoming|tracking|ticket)\\w* (number|no|is)\\b", "volume of",
        "do not reply", "(quote|under) (this |the |our )?(reference|ref|no|number|file)",
        "(take|within) (up to |some |several |\\d+ )", "working days",
        "for (his|her|their|your|the) (attention|information|necessary)", "appreciate your patience",
        "as soon as possible", "(further|additional) (information|communication)"),
    "fr": ("(transmis|communique|oriente|adresse|confie|remis|soumis|envoye|enregistre|affecte)\\w*~(service|"
        "ministre|cabinet|direction|secretari|instance|competent|numero|attention)\\w*",
        "sous (le )?(numero|n[o°]|reference|la reference)",
        "(reponse|suite)~(delai|meilleurs|adressee|apportee|donnee|semaines|jours|reserve)\\w*",
        "traite\\w*~(delai|ordre|jours|semaines)", "nombre (important|eleve) de"),
    "es": ("(girad|cursad|turnad|pasad)\\w+ (a|al) ",
        "(derivad|remitid|trasladad|transmitid|enviad|asignad|canalizad|turnad|elevad)\\w+",
        "(bajo|con) (el )?(numero|n[o°º.]|expediente|folio|radicado|hoja de ruta|registro)",
        "(respuesta|respondid|atendid|contestad)\\w*~(plazo|brevedad|dias|habiles|oportun|posible)\\w*",
        "plazo (de|maximo)", "dias habiles", "seguimiento"),
    "pt": ("(encaminhad|remetid|transmitid|enviad|submetid|direcionad|reencaminhad)\\w+",
        "(sob|com) (o )?(numero|n[o°º.]|protocolo|registo|registro|processo)",
        "(resposta|respondid)\\w*~(prazo|brevemente|dias|possivel|oportun)\\w*", "dias uteis", "prazo (de|maximo)",
        "acompanha\\w+ (o|a)"),
    "de": ("(weitergeleitet|weitergegeben|zugeleitet|ubermittelt|abgegeben)",
        "(wird|werden)~(bearbeitet|beantwortet|gepruft|zugestellt|weiter)",
        "(aktenzeichen|geschaftszeichen|vorgangsnummer|az\\b)", "bearbeitung~(zeit|wochen|tage|dauern|anspruch)\\w*",
        "(vielzahl|hohen? anzahl) (der|von)", "um geduld", "verstandnis"),
    "it": ("(inoltrat|trasmess|assegnat|inviat|sottopost)\\w+", "(al|con|il) (numero|n[.°]|protocollo|prot)",
        "(riscontro|risposta)~(possibile|giorni|breve)", "giorni lavorativi"),
    "nl": ("(doorgestuurd|doorgezonden|doorgeleid|voorgelegd|behandeld)", "(kenmerk|dossiernummer|zaaknummer)",
        "(reactie|antwoord)~(weken|dagen|mogelijk)", "in behandeling"),
    "sv, da, no, fi": ("(vidarebefordra|videresend|oversend|vidareforb)\\w+", "(diarie|journal|sags|saks)(nummer|nr)",
        "(svar|besvar)\\w*~(dagar|dage|dager|uger|veckor|uker|mulig|mojlig)\\w*", "valitetty", "asianumero\\w*"),
    "pl, cs, sk, hu, ro": ("(przekazan|skierowan)\\w+", "(numer|znak) (sprawy|pisma)",
        "(postoupen|predan|postupen)\\w+", "(cislo jednac|pod c\\.?\\s?j|pod cislem|evidencn)\\w*", "tovabbit\\w+",
        "iktatoszam\\w*", "(transmis|indrumat|redirectionat)\\w*", "(sub|cu) (numarul|nr)",
        "(termin|w ciagu|ve lhute|v lehote|napon belul|in termen)"),
    "ru, uk, bg, sr, mk": (
        "(направлен|передан|перенаправлен|переадресован|надіслан|скерован|препратен|изпратен|прослеђен|"
        "проследен|доставен|достављен|уступен|уступљен)\\w*", "(за|под|по) (номер|№|n|вх)\\w*",
        "(входящ|вхідн|регистрационн|реєстраційн)\\w+",
        "(ответ|рассмотрен|відповідь|розглян|отговор|одговор)\\w*~(срок|течение|дней|днів|строк|порядке|рабочих|"
        "законодательств|дана|направлен|рок)\\w*"),
    "hr, sl, el, tr": ("(proslijeden|proslijed|posredovan|urudzb|klasa)\\w*",
        "(διαβιβα|προωθη|αριθμο|αρ\\.? ?πρωτ)\\w*",
        "(iletilmistir|iletildi|havale|yonlendir|sevk edil|kayit numara|evrak (no|numara|sayi)|isleme alin)\\w*"),
    "ar, fa, he": ("(تحويل|إحالة|احال|أحيل|رفع|عرض|توجيه)\\w*",
        "(برقم|تحت رقم|رقم (الوارد|القيد|المعاملة|المرجع)|سجل الوارد)",
        "(الرد|موافاتكم|إفادتكم).{0,40}(اقرب|أقرب|خلال|حين|وقت)", "(ارجاع|ارسال|شماره|پیگیری)",
        "(הועבר|תועבר|יועבר|מספר (פנייה|פניה|תיק)|תטופל|יטופל)\\w*"),
    "zh, ja, ko": ("(转交|转送|转呈|转至|转办|已转|呈送|報送|轉交|轉呈|編號|编号|登记号|收文)",
        "(尽快|及时|工作日内|后续).{0,10}(回复|答复|处理)",
        "(担当|関係)(課|部署|者|部局).{0,20}(回付|送付|転送|共有|伝達|お伝え)", "(受付|受理|文書|整理)番号",
        "(後日|改めて|追って).{0,20}(回答|連絡|返信)", "(전달|이관|배정|회부)(하였|했|되었|됩니다|드렸)",
        "(접수|문서|관리) ?번호", "(검토|처리).{0,10}(후|기간)"),
    "vi, id, ms, th, sw": ("chuyen (den|toi|cho)", "(so|ma) (cong van|ho so|den|tiep nhan)",
        "(diteruskan|disampaikan|didisposisikan|dimajukan|diproses|dipanjangkan)",
        "(nomor|no\\.?) (agenda|surat|registrasi|rujukan)", "(ส่งต่อ|ดำเนินการ|เลขที่|เลขรับ)",
        "(imepelekwa|itashughulikiwa|kumbukumbu|kumb)"),
    "ka, az, kk, lt, lv, et, sq, ca": ("(გადაეცა|გადაგზავნ|ნომრ)\\w*", "(gonderil|yonleldil|nomre)\\w*",
        "(жолданды|нөмір)\\w*", "(perduot|persiust|numeriu)\\w*", "(nodot|parsutit|numur)\\w*",
        "(edastatud|numbri)\\w*", "(percjell|numr)\\w*", "(tramesa|traslladad|derivad)\\w*"),
    "any": ("(nr|no|n[°º]|№|num|ref|az|prot)\\.? ?[:#]? ?\\w{0,6}[-/. ]?\\d",),
})  # fmt: skip

#: polite words around it
COURTESY = in_any_language({
    "en": ("thank(s| you)", "(kind|best|warm)?(est)? ?regards", "yours", "sincerely", "good (morning|day|afternoon)",
        "(avails?|avail) (itself|himself|herself)", "greetings", "respectfully",
        "we appreciate your (interest|writing)", "assurances of"),
    "fr": ("remerci\\w+ (de|pour)", "merci (pour|de) (votre|l')",
        "(veuillez|je vous prie|nous vous prions|prie)~(agreer|croire|recevoir)", "salutations", "cordialement"),
    "es": ("agradec\\w+ (su|el|la|de antemano)", "gracias por", "(saludos|cordial|atentament|le saluda)\\w*",
        "sin otro particular", "aprovech\\w+ (la|esta)"),
    "pt": ("agradec\\w+ (o|a|desde)", "obrigad\\w (pel|por)", "(cumprimentos|atenciosa|saudac)\\w*",
        "com os melhores"),
    "de": ("(vielen|herzlichen|besten) dank", "(freundlich|beste)\\w* (grusse|grussen)", "danken (wir|ihnen)",
        "wir danken"),
    "other": ("(grazie|cordiali|distinti) ", "(bedankt|dank|vriendelijke|hoogachtend)",
        "(tack|takk|tak|hilsen|halsning|kiitos|kiitamme)",
        "(dziekuj|pozdrawiam|powazaniem|dekuj|pozdrav|dakuj|koszon|udvozl|multum|stima|respect)\\w*",
        "(с уважением|благодар|спасибо|дяку|з повагою|с уваж|со почит|поштовањ|хвала|захваљ)\\w*",
        "(ευχαριστ|με εκτιμηση)\\w*",
        "(tesekkur|saygi|iyi gunler|bilgilerinize|bilgi(ni)?zi)\\w*",
        "(تحية|شكر|نشكر|تفضلوا|احترام|السلام|تحيات|التقدير)", "(با تشکر|با احترام|سپاس|بااحترام)",
        "(תודה|בברכה|בכבוד)", "(感谢|谢谢|此致|敬礼|顺致|祝|感謝|謝謝|敬祝|您好|敬启)",
        "(ありがとう|御礼|お礼|敬具|よろしく|お世話|感謝)", "(감사|안녕|드림)", "(cam on|tran trong|kinh)",
        "(terima kasih|hormat|salam)", "(ขอบคุณ|ขอแสดงความนับถือ|เรียน)", "(asante|wako|heshima|tunashukuru)",
        "(dekojame|paldies|tanu|tane|faleminderit|gracies|ткс|рахмет|tesekkur)"),
})  # fmt: skip

#: offices that take letters in, by name or address; what they confirm is a receipt and no answer
REGISTRIES = in_any_language({
    "en": ("(central |general |open |confidential )?registry", "records? (office|unit|management|section)",
        "chancery", "mail ?room", "correspondence", "front (office|desk)",
        "citizens?('s)? (service|centre|desk|relations)", "help ?desk", "support\\b",
        "contact (cent|us|form|point)\\w*", "public (enquiries|relations|inquiries)", "enquiries",
        "ministerial correspondence"),
    "fr": ("secretariat", "(bureau|service|cellule) (du |d'|de l')?(ordre|courrier|accueil)", "greffe", "courrier\\b",
        "guichet", "relations? (avec les )?usagers", "chancellerie"),
    "es": ("mesa\\W?(de\\W?)?partes", "oficina\\W?de\\W?partes", "oficialia\\W?de\\W?partes", "ventanilla",
        "tramite documentario", "registro", "atencion (al |a la )?(ciudadan|public|usuari)\\w*", "correspondencia",
        "gestion documental", "radicacion"),
    "pt": ("ouvidoria", "protocolo( geral| central)?\\b", "(secretaria|registo) geral", "atendimento", "expediente",
        "gestao documental", "fale conosco", "correspondencia"),
    "de, nl, it": ("burger(service|dialog|buro|anfragen)", "poststelle", "registratur", "posteingang", "zentrale\\b",
        "burgerkommunikation", "kanzlei", "registratuur", "publieksvoorlichting", "klantcontact",
        "ufficio protocollo", "protocollo\\b", "urp\\b"),
    "sv, da, no, fi": ("registrator", "postmottak", "journalen\\b", "hovedpost", "kirjaamo", "registraturet"),
    "pl, cs, sk, hu, ro": ("kancelaria", "biuro podawcze", "podatelna", "podatelna", "(kozponti )?iktato",
        "ugyfelszolgalat", "registratura", "relatii cu publicul"),
    "ru, uk, bg, sr": ("канцеляри\\w*", "канцелярі\\w*", "(общественная )?приемная", "общий отдел",
        "обращени\\w+ граждан", "priemnaya", "загальний відділ", "деловодство", "писарница"),
    "hr, sl, el, tr": ("pisarnica", "urudzbeni", "glavna pisarna", "(κεντρικο )?πρωτοκολλο", "γραμματεια",
        "(genel )?evrak", "(ozel )?kalem", "cimer"),
    "ar, fa, he": ("الديوان", "ديوان", "diwan", "(قسم|إدارة|شعبة) (الوارد|السجل|المحفوظات|الأرشيف|المراسلات)",
        "السجل العام", "دبیرخانه", "(מזכירות|לשכת|פניות) (הציבור)?"),
    "zh, ja, ko": ("(秘书处|办公厅|办公室|收发室|信访|文书|秘書處|總收文)",
        "(文書課|総務課|窓口|受付|お問い合わせ|広聴)", "(민원|문서과|접수|총무과|운영지원)"),
    "vi, id, ms, th, sw": ("van thu", "tata usaha", "persuratan", "(unit|bagian) (surat|umum)", "pendaftaran",
        "สารบรรณ", "masjala"),
})  # fmt: skip

#: the number under which it is kept
REGISTER_NUMBER = re.compile(
    r"(\b(n|n\.?o|бр|br|nr|no|num|nro|numero|number|nummer|ref|reference|referencia|kenmerk|az|aktenzeichen|prot|protocolo"
    r"|protocollo|folio|expediente|radicado|registro|ruta|dossier|file|case|ticket|вх|номером|номер|номера|за|رقم|برقم|شماره|מספר|so"
    r"|nomor|agenda|numer|cislem|jednaci|szamon|numarul|sayi|numarasi|αριθμο|πρωτ|kumb|namba)\b|№|#|号|號|番号|번호|เลขที่)"
    r"[\s.:°º#№（(]{0,6}(?=[^\s,;]{0,25}\d{2})[^\s,;]+"
)

#: the writer asks, proposes or says what is thought of it: more than a receipt
MORE_THAN_RECEIPT = in_any_language({
    "en": ("(meet|meeting|discuss\\w*|call you|clarif\\w+|kindly|could you|would you|can you|resend|grateful if|"
        "invite\\w*|however|unfortunately|regret\\w*|instead|p\\.? ?s\\.?:?)\\b",
        "please (send|provide|let|write|address|confirm|propose|specify|indicate|advise|use)",
        "(propos(e|al)|agreed?|disagree|oppos\\w+|support(s|ed)?|reject(s|ed)?|concern(s|ed)?|interest(ed|ing)|"
        "position)\\b", "will (study|consider|examine|review|look|raise|take)"),
    "fr": ("(merci|priere|prie|veuillez|saurais gre)( de| bien vouloir)? (nous |me )?(propos|envo|transm|confirm|"
        "precis|fourn|adress|indiqu|contact)\\w+",
        "(rencontr|reunion|entretenir|souhait|partage|oppos|soutien|soutient|cependant|toutefois|malheureusement|"
        "regrett|interet)\\w*", "(examin|etudi)\\w+"),
    "es, pt": (
        "(reunion|reuniao|reunir|encontro\\b|conversar|sin embargo|no obstante|contudo|porem|lament|infelizmente|"
        "apoya|apoia|recha|rejeit|comparti|interes|estudiar|analiz|examin)\\w*",
        "(sirv|rog|solicit|pedi|agradeceri|queira|favor de|por favor,? (envi|indi|confirm|remit))\\w*"),
    "de, nl, it": (
        "(treffen|gesprach|jedoch|allerdings|leider|unterstutz|ablehn|lehnen|bitte (senden|teilen|nennen|schicken|"
        "geben)|helaas|echter|overleg|gesprek|incontr|riunion|tuttavia|purtroppo|prufen|prufung)\\w*",),
    "ru, uk": ("(встреч|однако|сожалени|поддерж|выступа|возраж|предлаг|просим (вас )?(уточн|направ|сообщ|прислать)|"
        "зустріч|проте|підтрим|пропону|изуч|рассмотрит внимательно)\\w*",),
    "ar": ("(اجتماع|لقاء|نقترح|نرجو (تزويد|ارسال|افاد|التوضيح)|غير ان|الا ان|للاسف|يعارض|يؤيد|ستدرس|سيدرس|الاهتمام|"
        "دراسة)",),
    "zh, ja, ko": ("(会面|会谈|面谈|但是|然而|遗憾|支持|反对|建议|研究|请(提供|补充|说明|发))",
        "(面談|会議|検討|ただし|しかし|残念|支持|反対|教えて|お送りください)",
        "(면담|회의|검토하|그러나|유감|지지|반대|보내 ?주시)"),
})  # fmt: skip
