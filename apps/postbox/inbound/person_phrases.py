"""What only people write of absences: of their own, later, and of others for whom they answer."""

from .phrase_matching import any_of, in_any_language

#: somebody else is away, for whom the writer answers
FOR_ANOTHER = in_any_language({
    "en": ("(asked|instructed|requested|directed|tasked|authori[sz]ed|mandated) (me|us)",
        "on (his|her|their|the minister's) (behalf|instructions?)",
        "(the|our|my) (\\w+ )?(minister|president|ambassador|secretary|director|commissioner|chief|chair\\w*|"
        "governor|boss) (is|will be|remains|has|was)\\b"),
    "fr": ("(m'a|nous a|m'ont) (charge|prie|demande|instruit)\\w*",
        "(le|la|monsieur|madame|m\\.|mme|l'|son excellence|notre|de) ?(le |la )?(ministre|ambassadeur|"
        "ambassadrice|president|presidente|directeur|directrice|secretaire) (est|sera|se trouve|a )"),
    "es, pt": ("(me|nos) (encargo|encarga|pidio|ha pedido|solicito|instruyo|ha encargado)",
        "(incumbiu|encarregou|pediu)-?(me| me)", "encarrega-me",
        "(ministr|viceministr|embajador|embaixador|president|director|diretor|secretari|canciller|chanceler)\\w* "
        "(esta|estara|se encuentra|encontra-se|fica)\\b"),
    "de, nl, it": ("(hat|haben) (mich|uns) (gebeten|beauftragt)",
        "(minister|ministerin|botschafter|staatssekretar|prasident)\\w* (ist|befindet|weilt)\\b",
        "(mi|ci) ha (incaricat|chiesto|pregat)\\w*",
        "(ministro|ministra|ambasciator|presidente|direttore)\\w* (e|si trova|sara)\\b",
        "(heeft|hebben) (mij|ons) (gevraagd|verzocht)", "(minister|ambassadeur|staatssecretaris) (is|verblijft)\\b"),
    "sv, da, no, fi, pl, cs": ("(har|bad|bett|bedt) .{0,12}(mig|meg|oss)",
        "(statsrad|ministeren|ministern|statsradet)\\w* (ar|er)\\b",
        "(pan|pani) (minister|ambasador|dyrektor|prezydent)\\w* (jest|przebywa)", "(prosil|polecil|upowaznil)\\w*",
        "(pan |pani )?(ministr|ministryne|minister)\\w* je\\b"),
    "ru, uk, bg": (
        "(министр|посол|директор|президент|замминистра|заместитель министра|міністр|министърът)\\w* (сейчас |в "
        "настоящее время |зараз |в момента )?(находится |перебуває |е |се намира )?(в|у|на)\\b",
        "по (его|ее|их|поручению|його|її|дорученню)", "(поручил|просил|доручи|попросил)\\w*"),
    "ar, fa": ("(معالي|سعادة|السيد|سيادة|فخامة) ?(الوزير|السفير|الوزيرة|الرئيس|المدير|وزير)",
        "(كلفني|كلفنا|طلب مني|وجهني|كلفتني|أوعز)", "(وزیر|سفیر) (در|محترم)"),
    "in the name of": ("(write|writing|reply\\w*|respond\\w*|answer\\w*) .*on behalf of",
        "(ecris|reponds|ecrire|repondre) .*(au nom|de la part) d",
        "(escribo|respondo|contesto|escrevo) .*(en nombre|por encargo|em nome)", "im (namen|auftrag) (von|des|der)",
        "(scrivo|rispondo) .*(a nome|per conto)", "(schrijf|antwoord) .*namens", "(pisze|odpowiadam) .*w imieniu",
        "(пишу|отвечаю) .*(от имени|от лица)", "نيابة عن", "(代表|受)(部长|局长|司长|我部|大使)", "に代わ(り|って)",
        "(대신하여|대리하여)", "adina (yaziyorum|cevap)", "atas nama (bapak|ibu|menteri)", "kwa niaba ya",
        "thay mat (bo truong|cho)"),
    "zh, ja, ko": (
        "(部长|部長|大使|司长|主任|处长|總長|副部长)~(正在|目前|现|在).{0,10}(出席|出差|访问|休假|开会|出访)",
        "(委托|嘱|要求|让|请)(我|本人|我司)", "(大臣|長官|大使|局長|次官|部長).{0,3}(は|が)",
        "(장관|대사|차관|국장|대통령)(께서|님|은|이|께)"),
    "tr, id, sw, vi, el, hu, ro": ("(bakan|buyukelci|mustesar|mudur)\\w*~(yurt ?disinda|izinde|gorevde|seyahat)",
        "(bapak|ibu) (menteri|duta|dirjen|direktur)", "(menitipkan|meminta|menugaskan) .*(saya|kami|pesan)",
        "(waziri|balozi|katibu mkuu) (yuko|yupo|amesafiri)", "ameniagiza",
        "(bo truong|dai su|thu truong) (dang|hien)", "ο (υπουργος|πρεσβης)",
        "(miniszter|nagykovet)\\w* (ur |asszony )?(szabadsag|kulfold|tavol)",
        "(ministr|ambasador)\\w* (este|se afla)"),
})  # fmt: skip

#: somebody was away and writes now, or is sorry to write late
WAS_AWAY = in_any_language({
    "en": ("(was|were|been) (away|out of|on (\\w+ )?(leave|mission|holiday|vacation|travel)|travell?ing|abroad|"
        "absent)", "(late|belated) (reply|answer|response)",
        "(not|n't) (having )?(repl\\w+|answer\\w*|respond\\w*|written|get|got|gotten) .*(earlier|sooner|before)",
        "(excuse|apolog\\w+|sorry)~(late|belated)\\b",
        "my (own )?(automatic|auto|out[- ]of[- ]office) ?-?(reply|response|message)",
        "just (returned|back|came back)", "now (that )?i('m| am) back"),
    "fr": ("(j'|nous )?(etais|etions|ai ete|avons ete) (absent|en (conge|mission|deplacement|vacances))\\w*",
        "(reponse|retour) tardi\\w+", "repondre (si |aussi )?tard",
        "(pas|pu) (avoir )?(repond\\w+|vous repondre) plus tot", "viens de rentrer", "de retour (de|depuis|hier)"),
    "es, pt": (
        "(estuve|estaba|estuvimos|estive|estava|estivemos) .*(fuera|ausente|vacaciones|viaje|licencia|fora|ferias|"
        "viagem|licenca)", "(respuesta tardia|resposta tardia)",
        "(demora|tardanza|retraso|atraso) (en|na|em|a|no) (responder|contestar|respuesta|resposta|la respuesta)",
        "no haber (respondido|contestado)", "acabo de (regresar|volver|retornar|voltar)"),
    "de, nl, it": ("(war|waren) (ich |wir )?.*(urlaub|abwesend|dienstreise|nicht im|krank|elternzeit)",
        "(verspatete|spate) (antwort|ruckmeldung)", "antworte .*erst (jetzt|heute)",
        "(was|ben) .*(geweest|met vakantie geweest)", "late (reactie|antwoord)",
        "(ero|sono stat\\w) (in|assente|via|fuori)", "ritardo (nella|con cui|della)"),
    "sv, da, no, fi, pl, cs": ("(var|har varit|har vaeret|har vaert) .*(borta|bortrest|semester|ferie|orlov)",
        "(sent|sena|sene) svar", "(olin|olimme) (poissa|lomalla)",
        "(bylem|bylam|byl|byla) .*(nieobecn|na urlopie|dovolen|mimo)", "(pozna|pozdni) odpov?\\w+"),
    "ru, uk, bg, sr": (
        "(был|была|находился|находилась|перебував|бях|био|била) .*(отпуск|командировк|больничн|відпустц|відряджен|"
        "отсъств|одмор)\\w*", "(поздн|задерж|запізн|затрим|закъсн)\\w+ .{0,12}(ответ|відповід|отговор)\\w*",
        "(только|лишь) сейчас"),
    "ar, fa, he": ("(كنت|كنا) .{0,20}(إجازة|خارج|مهمة|مسافر|غائب)",
        "(التأخر|التأخير|تأخري|تأخر) .{0,12}(الرد|ردي|الإجابة)", "(در مرخصی|در سفر) بودم",
        "(הייתי|היינו) .{0,12}(בחופש|בחול|בנסיעה)"),
    "zh, ja, ko": ("(迟复|回复(晚|较晚|太晚)|晚回复|遲覆|刚(刚)?(回来|返回|休完))",
        "(上周|此前|前段时间|之前)~(出差|休假|不在)", "(返信|返事|ご連絡)が(遅く|遅れまし|遅れて)",
        "出張(しており|していた)", "(답장|회신|답변)(이|을)? ?늦(어(?!질|지)|게|었)", "다녀오느라"),
    "tr, el, hu, ro": ("(izindeydim|disindaydim|tatildeydim|gorevdeydim)", "gec (cevap|yanit)\\w* (icin|verdig)",
        "(ημουν|απουσιαζα) ", "(szabadsagon|tavol) voltam", "kesoi valasz",
        "(am fost|eram) .*(concediu|plecat|delegatie)"),
    "vi, id, ms, sw": ("(phan hoi|tra loi) (muon|cham tre|cham)",
        "(keterlambatan|terlambat|lambat) (dalam )?(membalas|balas|menjawab)",
        "baru (sempat|bisa) (membalas|menjawab)", "nilikuwa (likizo|safari|nje)", "kuchelewa kujibu"),
    "th, lo, km": ("(ขออภัย|ขอโทษ).*(ล่าช้า|ช้า)", "เพิ่งกลับ(มา|จาก)",
        "(สัปดาห์|อาทิตย์|เดือน)(ที่แล้ว|ก่อน).*(ลาพัก|ไม่อยู่|เดินทาง)", "ຂໍອະໄພ.*ຊ້າ", "សូមអភ័យទោស.*យឺត"),
    "am, ti": ("(ስለ)?ነበርኩ", "(ስለ)?ነበርን", "(በመዘግየቱ|ስለዘገየ|ስለዘገየን|በመዘግየታችን|በመዘግየቴ)"),
})  # fmt: skip

#: the writer speaks of what our letter says, or of meeting
ENGAGES = in_any_language({
    "en": ("your (concerns?|points?|proposals?|petition|campaign|coalition|arguments?|views?|position|questions?|"
        "demands?|suggestions?|comments?|organi[sz]ations?|signator\\w+|analysis|paper|colleagues)\\b",
        "(the|a|our|its|no|any) (\\w+ )?(position|mandate|proposals?|negotiations?|moratorium|agenda|statement|"
        "annex)\\b",
        "(read|studied|discussed|considered|forwarded|shared|shown|passed|given|raised|enjoyed) (your|the) (\\w+ "
        ")?(letter|petition|text|paper)",
        "(will|can|could|would like to|happy to|glad to|able to|wants? to) (receive|meet|see|host|welcome) (with "
        ")?you",
        "(put you in touch|introduce you|as you know|our (call|meeting|conversation)|for our (call|meeting))\\b",
        "(we are|we're|i am|i'm) with you", "let me (say|tell|add)",
        "(wrong|erroneous|incorrect) (person|address|department)", "(let us|let's) (meet|speak|talk|discuss)",
        "(so|please|do) come\\b", "your letter (was|is|has|asks|says|raises|helped|does)"),
    "fr": ("(vos|votre) (preoccupations?|propositions?|inquietudes?|arguments?|analyse|position|questions?|petition|"
        "demande|remarques?|observations?|points?)\\b",
        "(le|la|les|un|notre|nos) (\\w+ )?(mandat|negociations?|moratoire|proposition|reserves?|annexe|"
        "signataires?)\\b", "(vous appelle|en parler)\\b", "(adresse|destinataire) erron\\w+",
        "plus (aucun |de )?lien",
        "(lu|etudie|examine|discute|partage|soumis|transmis) (de )?(votre|la) (lettre|petition|note)",
        "vous (recevra|recevrai|recevrons|rencontrer|receivra)\\w*", "(rencontrons|parlons)-"),
    "es, pt": (
        "(sus|su|vuestras?|vossas?|suas?) (preocupacion|preocupaco|propuest|propost|inquietud|argument|analisis|"
        "analise|posicion|posicao|pregunt|pergunt|peticion|peticao|observacion|observaco|sugerenci|sugest|"
        "planteamient)\\w*",
        "(el|la|las|los|o|a|os|as|un|um|nuestr\\w+|noss\\w) (\\w+ )?(mandato|negociaci\\w+|negociaco\\w+|"
        "moratoria|propuesta|proposta|posicion|posicao|anexo)\\b",
        "(lei|leimos|li|lemos|estudie|discutimos|compartimos|coincidimos|partilhamos|concordamos)\\b",
        "(los|las|os|as|le|vos) (recibira|recibire|receber|recebera|recibiremos)\\w*"),
    "de, nl, it": ("(ihre|ihrer|ihren|ihrem|ihr|eure) (anliegen|bedenken|vorschlag|argument|position|frage|petition|"
        "einschatzung|forderung|anmerkung|punkt|sorge)\\w*",
        "(das|die|der|unsere?|ein|kein) (\\w+ )?(mandat|verhandlung|moratorium|position|vorschlag|anhang)\\w*",
        "(gelesen|besprochen|diskutiert|empfangen sie|empfangt sie)",
        "uw (zorgen|voorstel|vraag|petitie|argument|standpunt)\\w*",
        "(vostr|sue|sua|sull[ae])\\w* (preoccupazion|propost|domand|posizion|petizion|osservazion|argoment)\\w*",
        "condivid\\w+", "(ho|abbiamo) (letto|discusso)"),
    "sv, da, no, fi, pl, cs": (
        "(era|ert|jeres|deres) (synpunkt|forslag|fraga|sporgsmal|bekymring|argument|innspill|standpunkt)\\w*",
        "(panstwa|wasze) (postulat|propozycj|obaw|uwag|stanowisk|argument|pytani)\\w*",
        "(vase|vas) (navrh|obav|pripomink|argument|otazk|stanovisk)\\w*",
        "(huolenaihe|ehdotuksenne|kysymyksenne)\\w*"),
    "ru, uk, bg": (
        "(ваш|ваши|вашими|ваших|вашу|вашим) (предложени|замечани|доводы|позици|опасени|вопрос|аргумент|петици|"
        "пропозиц|зауваж|занепокоєн|аргумент|притеснени)\\w*", "(позици|мандат|переговор|мораторий|программ)\\w*",
        "(прочитал|изучил|обсудил|согласн|разделяем|разделяю|прочитав|погоджу)\\w*", "(примет|приму|встретит) вас"),
    "ar, fa": ("(مقترحاتكم|مخاوفكم|مطالبكم|ملاحظاتكم|آراءكم|قلقكم|موقفكم|أسئلتكم|شواغلكم)",
        "(موقف|مفاوضات|التفويض|جدول الأعمال|مبادرتكم)", "(قرأت|قرأنا|ناقشنا|درسنا|نشاطركم|نتفق معكم)",
        "(سيستقبلكم|يستقبلكم|لقائكم|لقاءكم|مقابلتكم)", "(نظرات|پیشنهاد|دغدغه) شما"),
    "zh, ja, ko": ("(您|你们|贵方|您们|你們)的?(意见|建议|关切|诉求|立场|问题|主张|意見|建議|訴求)",
        "(立场|谈判|授权|议程|原则上|暂停)", "(读了|看了|讨论了|同意|赞同|研究了)",
        "(ご意見|ご要望|ご提案|ご質問|ご指摘|お考え)(は|を|に|の|と)", "(拝読|賛同|同感)",
        "(귀하|여러분|귀 단체)의 (의견|제안|우려|질문|요구|입장)", "(읽어 ?보았|동의합|공감합)"),
    "tr, id, sw, vi, el, hu, ro": ("(gorus|oneri|kaygi|talep|endise|soru)(leriniz|niz|lariniz)\\w*",
        "(usulan|masukan|kekhawatiran|tuntutan|pertanyaan) (anda|bapak|ibu|saudara)",
        "(hoja|mapendekezo|maswali|wasiwasi) (yenu|zenu|wenu)",
        "(y kien|de xuat|kien nghi|quan ngai) cua (quy|cac|ong|ba)", "(ανησυχι|προτασ|θεσ|ερωτημ)\\w+ σας",
        "(javaslat|aggaly|kerdes|allaspont)(aik|uk|ukat|ait|at)\\w*",
        "(propuneri|ingrijorari|intrebari|punct)\\w* dumneavoastra"),
    "th, lo, km": ("ท่าที", "(การ|คณะ)เจรจา", "(ข้อเสนอ|ข้อกังวล|ข้อเรียกร้อง|ความเห็น)(ของ)?(ท่าน|คุณ)",
        "อยู่ระหว่าง(การ)?(หารือ|พิจารณา)", "(เห็นด้วย|สนับสนุน)กับ(ท่าน|ข้อ)", "(ທ່າທີ|ການເຈລະຈາ)", "(ជំហរ|ការចរចា)"),
    "am, ti": ("(አቋም|ድርድር|ድምፅ|ድምጽ)", "(ጉዳዩን|ደብዳቤያችሁን|ሐሳባችሁን|ሃሳባችሁን)", "(እንስማማ|እንደግፍ|እንከታተል)"),
})  # fmt: skip

#: others who travel, whom absence notes do not speak of
DIGNITARY = any_of(
    "minist(er|re|ro|ra|erin|rs?|ar|eris|u|eri)\\b", "министр\\w*", "міністр\\w*", "ambassad\\w+", "embajador\\w*",
    "embaixador\\w*", "посол\\b", "botschafter\\w*", "president\\w*", "parli?ament\\w*", "(部|司|局|处|院)长",
    "(大臣|大使|次官|局長|部長)", "(장관|차관|대사|국장)", "(الوزير|الوزيرة|السفير|الرئيس)", "(bakan|buyukelci)\\w*",
    "menteri", "waziri", "(bo|thu) truong", "υπουργ\\w+", "miniszter\\w*", "министер\\w*",
    "(nos|our) (mission|embassy)", "mission de notre",
)  # fmt: skip
