"""How mail systems say, by language, that an address is unknown."""

from .phrase_matching import in_any_language

_NO_SUCH_ADDRESS_BY_LANGUAGE = {
    "en": ("(mailbox|account|address|user|recipient|e-?mail|inbox|alias) (<?\\S+>? )?(has been |have been |had been |"
        "was |is |are )?(\\w+ly )?(removed|deleted|retired|terminated|cancelled|discontinued|disabled|deactivated|"
        "closed|suspended|inactive|inactivated|decommissioned|dormant|unknown|invalid|nonexistent|locked|expired|"
        "abandoned|archived)",
        "(no|not an?|unknown|invalid|nonexistent|non-existent|bad|wrong|incorrect|undefined|illegal) (such |valid "
        "|existing |local |active |known )?(user|account|mailbox|recipient|address|alias|local[- ]part|person|"
        "addressee|e-?mail|customer|inbox|receiver)\\b",
        "(user|account|mailbox|recipient|address|domain|alias|host|e-?mail)~(does|do|did|could|can|was|is|are) "
        "?(not|n't) (be )?(exist\\w*|found|known|recognized|recognised|valid|resolved?|active|listed|registered|"
        "defined|available here|hosted|served|ours|here)",
        "(isn't|is not|not) (on|in|at) (our|this|the) (system|server|domain|directory|list|user)", "unrouteable",
        "user .*(moved|left|gone|departed)", "not our (user|customer|domain)",
        "(can't|cannot|unable to|could not) (find|verify|resolve|locate) (the |this |that |a )?(recipient|user|"
        "address|mailbox|domain|host)", "(recipient|address) (verification|lookup|resolution) failed",
        "(no|missing) (mx|a record|dns|mail exchanger)", "(nxdomain|name or service not known|null mx)",
        "account .*(not|no longer) (available|active|in use)",
        "no longer (accepts|accepting|accept|receives) (any )?(e-?mail|mail|messages|new)",
        "(user|account|mailbox|address|recipient) .*not local",
        "(mx|host|hosts|domain|server|records) .*(non-?existent|do not resolve)",
        "(blocked|locked|frozen|suspended|disabled) (due to|for|because of|after|by) (inactiv|non-?use|long|"
        "prolonged)\\w*", "(tokio|tokios) (gavejo|adreso|vartotojo|pasto)~(nera|nerasta)",
        "nobody (here )?(by|with|of) that name",
        "(does|did) not exactly match (an?|any) .*(address|user)",
        "(not listed|no match\\w*) (in|to|for) .*(directory|address book|nameserver)"),
    "fr": ("(utilisateur|destinataire|adresse|compte|boite|domaine|usager|correspondant)\\w*~(inconnu|introuvable|"
        "inexistant|invalide|supprim|desactiv|ferme|n'existe|n'est plus|errone|incorrect|pas (ete )?trouv|clotur|"
        "resili|non valide|pas valide|n'a pas (ete|pu etre) trouv)\\w*",
        "(aucun|pas d'|pas de) (utilisateur|destinataire|compte|boite|adresse)", "n'(a|ont) (jamais )?exist\\w+",
        "a quitte (le|la|l'|notre|ses)"),
    "es": ("(usuario|destinatario|direccion|cuenta|buzon|dominio|casilla|receptor)\\w*~(desconocid|inexistent|no "
        "exist|no valid|invalid|no encontrad|no se (encontr|encuentr|pudo encontrar|ha encontrado)|dad[oa] de "
        "baja|eliminad|desactiv|suspendid|cerrad|incorrect|deshabilit|inactiv|cancelad|inhabilit)\\w*",
        "no (existe|se encontro|hay) (ningun|el|la|un|una)? ?(usuario|destinatario|buzon|cuenta|direccion)",
        "ya no (existe|esta (activ|disponible|en uso))\\w*"),
    "pt": ("(utilizador|usuario|destinatario|endereco|conta|caixa|dominio)\\w*~(desconhecid|inexistent|nao exist|"
        "invalid|nao encontrad|nao (foi|pode ser) (encontrad|localizad)|eliminad|desativ|desactiv|encerrad|"
        "excluid|removid|suspens|incorret|incorrect|bloquead|cancelad|inativ|extint)\\w*",
        "(nao existe|nao ha) (nenhum|nenhuma|um|uma)? ?(utilizador|usuario|conta|caixa|destinatario)"),
    "de": ("(benutzer|empfanger|adresse|adressat|postfach|konto|mailbox|domain|domane|account|nutzer)\\w*~(unbekannt|"
        "nicht (gefunden|bekannt|vorhanden|gultig|existent|mehr|auffindbar|ermittelt|registriert|zugeordnet)|"
        "existiert nicht|ungultig|geloscht|deaktiviert|gesperrt|geschlossen|aufgelost|stillgelegt|gibt es nicht|"
        "nicht existiert)",
        "(kein|keine|keinen)~(postfach|benutzer|empfanger|konto|adresse|mailbox|nutzer)\\w*~(namens|mit|dieses|"
        "diesem|gefunden|vorhanden|bekannt)", "gibt es (hier )?nicht"),
    "it": ("(utente|destinatari|indirizz|casella|account|dominio)\\w*~(sconosciut|inesistent|non (esiste|trovat|"
        "valid|attiv|presente|e stat[oa] trovat)|invalid|disattivat|disabilitat|cancellat|eliminat|chius|rimoss|"
        "cessat|errat)\\w*", "non (esiste|e presente) (alcun|nessun|un|una|l'|la)?"),
    "nl": ("(gebruiker|ontvanger|adres|geadresseerde|postvak|mailbox|account|domein)\\w*~(onbekend|bestaat niet|niet "
        "(gevonden|bekend|geldig|meer|bestaand|aanwezig)|ongeldig|verwijderd|opgeheven|uitgeschakeld|afgesloten|"
        "gesloten)",),
    "sv, da, no": (
        "(anvandar|mottagar|adress|brevlad|konto|postlad|bruger|modtager|postkasse|mottaker|bruker|kontoen|"
        "adressen|domen|domaene)\\w*~(okand|finns inte|hittades inte|hittas inte|ogiltig|avslutad|borttag|"
        "inaktiver|stangd|ukendt|findes ikke|blev ikke fundet|ugyldig|nedlagt|lukket|slettet|ukjent|finnes ikke|"
        "ble ikke funnet|avsluttet|deaktiver|existerar inte|eksisterer ikke)\\w*",),
    "fi, et": (
        "(kayttaja|vastaanottaja|osoite|postilaatikko|tili|verkkotunnus)\\w*~(tuntematon|ei ole (olemassa|enaa)|"
        "ei loydy|ei loytynyt|ei loydetty|poistettu|virheellinen|suljettu|lakkautettu|kaytosta)",
        "(kasutaja|aadress|postkast|konto|saaja)\\w*~(tundmatu|ei (eksisteeri|leitud|ole|leidu)|puudub|kustutatud|"
        "suletud|vale)"),
    "pl": ("(uzytkownik|odbiorc|adres|skrzynk|kont|domen)\\w*~(nieznan|nie istniej|nie (zostal|znalezion)|"
        "nieprawidlow|usuniet|zamkniet|nieaktywn|zablokowan|niepoprawn|bledn|zlikwidowan|dezaktywowan|"
        "wylaczon)\\w*", "(nie ma|brak) (takiego|takiej|uzytkownika|skrzynki|odbiorcy|adresata)"),
    "cs, sk": ("(uzivatel|pouzivatel|prijem|adres|schrank|ucet|uct|domen)\\w*~(neznam|neexist|nenalezen|nebyl\\w* "
        "nalezen|nebol\\w* najden|neplatn|zrusen|smazan|zmazan|vymazan|deaktivovan|zablokovan|nespravn|"
        "nenajden)\\w*", "(takovy|taky|tento) (uzivatel|adresat|pouzivatel) (neni|nie je)"),
    "hu": ("(felhasznalo|cimzett|cim|postafiok|fiok|postalada)\\w*~(ismeretlen|nem (letezik|talalhato|letezo|"
        "ervenyes|ismert|volt talalhato)|megszunt|torolt|torlesre|torol|ervenytelen|inaktiv|megszuntet|"
        "letiltott)\\w*",),
    "ro": ("(utilizator|destinatar|adres|cont|casut|cutia|domeni)\\w*~(necunoscut|nu exista|inexistent|invalid|nu a "
        "fost gasit|negasit|sters|dezactivat|inchis|desfiintat|suspendat|eliminat)\\w*",),
    "ru": ("(пользовател|адресат|получател|адрес|ящик|учетн|аккаунт|домен|абонент)\\w*~(неизвестн|не существу|не "
        "найден|не обнаружен|удален|заблокирован|отключен|закрыт|недействител|отсутству|неверн|не зарегистрирован|"
        "деактивирован|ликвидирован|упразднен|не значится|аннулирован)\\w*",
        "(нет|отсутствует)~(такого|пользовател|ящик|адресат|абонент|получател)\\w*",
        "(такого|такой|данного|указанного) .*(нет|не существует|не значится)\\b",
        "несуществующ\\w+ (адрес|пользовател|ящик)\\w*"),
    "uk, bg": ("(користувач|адресат|одержувач|отримувач|адрес|скриньк|обліков|домен)\\w*~(невідом|не існу|не знайден|"
        "видален|заблокован|закрит|недійсн|відсутн|неправильн|вимкнен|деактивован)\\w*",
        "(потребител|получател|адрес|кутия|кутията|акаунт|домейн)\\w*~(непознат|не съществува|не е намерен|изтрит|"
        "закрит|невалид|неактив|несъществуващ|липсва|деактивиран)\\w*"),
    "sr, mk, hr, sl, sq": (
        "(корисник|прималац|примател|примач|адрес|сандуч|налог|сметка)\\w*~(непознат|не постоји|не постои|није "
        "пронађен|не е пронајден|обрисан|избришан|угашен|неважећ|невалид|затворен|деактивиран)\\w*",
        "(korisnik|primatelj|primalac|adres|sanduc|pretinac|racun|nalog|uporabnik|prejemnik|naslov|"
        "predal)\\w*~(nepoznat|ne postoji|nije pronaden|nije pronadjen|obrisan|ugasen|nevazec|neznan|ne obstaja|"
        "ni (bil )?najden|izbrisan|zaprt|deaktiviran|ukinut|neispravn|neveljav)\\w*",
        "(perdorues|adres|marres|llogari)\\w*~(nuk (ekziston|u gjet|njihet)|i panjohur|fshire|mbyllur|pavlefshme|"
        "caktivizuar)"),
    "el": ("(χρηστη|παραληπτη|διευθυνση|λογαριασμ|γραμματοκιβωτι|θυριδα|τομεα)\\w*~(αγνωστ|δεν υπαρχει|δεν βρεθηκε|"
        "ακυρ|ανυπαρκτ|διαγραφ|κλειστ|απενεργοποι|καταργη|εσφαλμεν|μη εγκυρ|εχει κλεισει)\\w*",),
    "tr": ("(kullanici|alici|adres|hesap|hesab|posta kutusu|kutu|etki alani)\\w*~(bilinm|bulunam|mevcut deg|yok|"
        "gecersiz|silin|kapatil|kapali|devre disi|tanimli deg|hatali|yanlis|bulunmam|kaldiril|pasif|iptal|"
        "kullanimda deg)\\w*",
        "(boyle bir|bu adla|bu isimde|bu adreste)~(kullanici|alici|adres|hesap|kutu)\\w*~(yok|bulunm|mevcut|"
        "tanimli)\\w*"),
    "ar": ("(المستخدم|المستلم|العنوان|الحساب|البريد|صندوق|المرسل إليه|النطاق|المتلقي|علبة)\\w*~(غير (موجود|معروف|"
        "صحيح|صالح|نشط|مسجل|مفعل)|لا وجود|مجهول|محذوف|معطل|مغلق|ملغى|ملغي|حذف|تعطيل|إغلاق|الغاء|إلغاء|توقيف|موقوف|"
        "لم يعد)\\w*", "(لا يوجد|لم يتم العثور|ليس هناك|لم نعثر|تعذر العثور)",
        "(تم|جرى) (حذف|إغلاق|تعطيل|إلغاء|إيقاف) .{0,20}(الحساب|البريد|العنوان|صندوق|حساب|بريد)"),
    "fa, he, ur": (
        "(کاربر|گیرنده|نشانی|آدرس|صندوق|حساب|دامنه)\\w*~(وجود ندارد|ناشناخته|یافت نشد|پیدا نشد|نامعتبر|حذف|"
        "غیرفعال|مسدود|اشتباه|بسته شده)",
        "(المستعمل|המשתמש|הנמען|הכתובת|התיבה|תיבת|החשבון|חשבון)\\w*~(לא (קיים|קיימת|נמצא|נמצאה|מוכר|ידוע|פעיל|"
        "פעילה|תקין|תקינה)|אינו|אינה|נמחק|נמחקה|נסגר|נסגרה|בוטל|בוטלה|שגוי|הושבת)\\w*",
        "(صارف|پتہ|اکاؤنٹ|وصول کنندہ)~(موجود نہیں|نہیں ملا|غلط|بند)"),
    "zh": ("(用户|收件人|收信人|地址|邮箱|信箱|帐户|帐号|账号|账户|使用者|收件者|郵箱|帳號|帳戶|域名|"
        "邮件地址).{0,14}(不存在|未知|找不到|无效|無效|错误|有误|已注销|已停用|已删除|被删除|被禁用|禁用|冻结|"
        "停用|注销|不正确|未找到|查无|已關閉|已刪除|不可用|未开通|已失效|錯誤)",
        "(不存在|找不到|查无|查無|无此|無此|没有)(的|此|该|這個|这个)?(用户|收件人|地址|邮箱|帐号|账号|使用者|"
        "帳號|信箱|人)"),
    "ja": ("(ディレクトリ|アドレス帳|名簿).{0,12}(ありません|見つかりま|登録されていま)",
        "(ユーザ|宛先|アドレス|受信者|メールボックス|アカウント|宛名|受取人|ドメイン|あて先).{0,20}(存在しな|"
        "存在しま|見つかりま|見つからな|不明|無効|削除|廃止|誤り|間違|ありません|該当|登録されていな|"
        "登録されていま|登録されておりま|停止|閉鎖|使われておりま|使用されておりま|使用されていま|使われていま)",),
    "ko": ("(사용자|수신자|받는 ?사람|주소|메일함|계정|사서함|도메인|수신인).{0,20}(존재하지|없습|없는|찾을 수|알 수 "
        "없|잘못|유효하지|삭제|정지|해지|탈퇴|폐쇄|휴면|중지|올바르지)",),
    "vi": ("(nguoi (dung|nhan)|dia chi|hop thu|tai khoan|ten mien)~(khong (ton tai|tim thay|hop le|dung|co that|hoat "
        "dong|duoc tim thay|con)|da (bi )?(xoa|khoa|huy|dong|ngung)|chua dang ky|sai\\b)",
        "khong (co|tim thay) (nguoi (dung|nhan)|dia chi|hop thu|tai khoan)"),
    "id, ms": (
        "(pengguna|penerima|alamat|akun|akaun|kotak surat|kotak masuk|peti|domain)~(tidak (ada|ditemukan|dikenal|"
        "dikenali|terdaftar|valid|sah|aktif|wujud|dijumpai|tersedia|lagi)|telah (dihapus|ditutup|dinonaktifkan|"
        "dipadam)|sudah (dihapus|ditutup|tidak|dinonaktifkan)|salah|dinonaktifkan|dihapus|ditutup|ditamatkan)",),
    "th, hi, bn": ("(ผู้รับ|ผู้ใช้|ที่อยู่|บัญชี|กล่อง|อีเมล).{0,20}(ไม่มี|ไม่พบ|ไม่ถูกต้อง|ถูกลบ|ถูกปิด|ยกเลิก|ถูกระงับ|ไม่รู้จัก)",
        "(उपयोगकर्ता|प्राप्तकर्ता|पता|खाता|मेलबॉक्स).{0,20}(मौजूद नहीं|नहीं मिल|अमान्य|अज्ञात|बंद|हटा|निष्क्रिय)",
        "(ব্যবহারকারী|প্রাপক|ঠিকানা|অ্যাকাউন্ট).{0,20}(নেই|পাওয়া যায়নি|অজানা|বন্ধ|অবৈধ|মুছে)"),
    "sw, am, ka, hy, az, kk": (
        "(mtumiaji|mpokeaji|anwani|akaunti|kisanduku|sanduku)\\w*~(haipo|hayupo|halipo|haijulikani|hajulikani|"
        "haikupatikana|hakupatikana|imefungwa|imefutwa|limefungwa|si sahihi|haitumiki)",
        "(მომხმარებ|მისამართ|ადრესატ|ყუთი|ანგარიშ)\\w*~(არ (არსებობს|მოიძებნა)|უცნობი|გაუქმებ|წაშლილ|დახურულ)\\w*",
        "(օգտատեր|հասցե|ստացող)\\w*~(գոյություն|չի գտնվել|անհայտ|փակված)",
        "(istifadeci|unvan|alici|hesab|qutu)\\w*~(movcud deyil|tapilmadi|yoxdur|namelum|baglan|silin|yanlis)\\w*",
        "(пайдаланушы|мекенжай|пошта|алушы)\\w*~(табылмады|жоқ|белгісіз|жабыл|жойыл)\\w*"),
    "in no directory": ("(ist|sind|steht|stehen) (im|in) .*(verzeichnis|adressbuch)\\w*~nicht",
        "nicht (im|in) .*(verzeichnis|"
        "adressbuch)\\w* (aufgefuhrt|enthalten|verzeichnet|gefunden)", "adressbuch nicht (enthalten|gefunden)",
        "n(e |')(figure|est) (pas|plus) (dans|sur|repertorie|inscrit|enregistre|reference|connu)\\w*",
        "no (figura|consta|aparece|esta|se encuentra) (en|dentro|registrad|inscrit)\\w*",
        "ya no (cuenta|dispone) (con|de) .{0,20}(cuenta|correo|buzon|casilla)", "nao (consta|figura) (n[oa]|em|do)",
        "nao esta (registad|cadastrad|registrad|inscrit)\\w*",
        "non (figura|risulta) (in|nel|presente|registrat|esistent)\\w*",
        "nie jest (znan|zarejestrowan)\\w*", "neni (znam|zaregistrovan)\\w*", "nem (szerepel|regisztralt)\\w*",
        "(non|nao) (repertorie|listad|elencat)\\w* (dans|n[oa]|nel)",
        "不在(此|该|本)?(通讯录|地址簿|目录|通訊錄|名冊)",
        "nu (figureaza|este inregistrat)\\w*", "kayitli degil", "δεν ειναι (καταχωρημεν|εγγεγραμμεν|γνωστ)\\w*",
        "не (числится|зарегистрирован|значится)\\w*", "(з|с) так\\w+ (адрес|іменем|именем)\\w* (немає|нет|не )",
        "(такого|такої) (користувача|скриньки|адреси) немає", "не (може|можа) да бъде (намерен|открит)\\w*",
        "غير مسجل\\w*", "(אין|לא קיימת?) (תיבת|משתמש|כתובת|חשבון|נמען)\\w*", "ไม่มี(บัญชี|ผู้ใช้|อีเมล)",
        "(아이디|계정|사용자).{0,10}(없거나|없음|등록되)", "tidak terdaftar", "haijasajiliwa",
        "(nobody|no one) by (this|that) name",
        "(adresse|postfach|konto)\\w* (wurde|ist|war) (abgeschaltet|abgestellt|entfernt)", "nao localizad\\w"),
    "found": (
        "(impossibile|nao foi possivel|no (se|ha) (pudo|sido posible)|no fue posible|nu (s-|se )?(a |au )?(putut|"
        "poate)|nije (moguce|bilo moguce)|ni (bilo )?mogoce|nie (mozna|udalo sie)|nelze|nemozno|neni mozne|"
        "nepavyko|nevareja|neizdevas|nem sikerult|δεν ηταν δυνατη|не вдалося|не удалось|не може да|لم (يتمكن|"
        "نتمكن)|لא ניתן|לא הצלחנו)~(trovare|localizzare|encontrar|localizar|gasi|pronaci|najti|znalez|odnalez|"
        "najit|nalezt|najst|rasti|atrast|megtalal|ευρεση|εντοπισ|знайти|найти|намери|العثور|למצוא|לאתר)\\w*",
        "δεν (βρεθηκε|εντοπιστηκε)",
        "(e-?post|e-?mail|mail|epost)-?(adress|adresse|boks|brevlad)\\w*~(hittades inte|blev ikke fundet|ble ikke "
        "funnet|finns inte|findes ikke|finnes ikke|okand|ukendt|ukjent|ugyldig|ogiltig)",
        "(e-?mail|mail)adres\\w*~(bestaat niet|niet gevonden|onbekend|ongeldig)",
        "sahkopostiosoit\\w*~(ei loy|ei ole|tuntematon|virheelli)\\w*",
        "alamat\\w*~tidak (dapat |bisa |boleh )?(ditemukan|dijumpai|dikenali|dikenal)",
        "(mail|empfanger|ziel|e-mail-)adresse~(nicht|unbekannt|ungultig|existiert)"),
    "lt, lv": (
        "(vartotoj|naudotoj|gavej|adres|dezut|paskyr)\\w*~(nezinom|neegzistuoj|nerast|neteising|istrint|uzdaryt|"
        "panaikint|netinkam|neaktyv)\\w*",
        "(lietotaj|sanemej|adres|pastkast|kont)\\w*~(nezinam|neeksist|nav atrast|nepareiz|dzest|slegt|likvidet|"
        "nederig)\\w*"),
}  # fmt: skip

#: the address, or the mailbox behind it, is not there
NO_SUCH_ADDRESS = in_any_language(
    _NO_SUCH_ADDRESS_BY_LANGUAGE,
    "(mailbox|account|address|user|recipient) (has been |was |is )?(removed|deleted|retired|"
    "terminated|cancelled|discontinued)", "n'est plus (actif|active|valide|en service|utilise\\w*)",
    "(compte|adresse|boite) .*(supprime\\w*|desactive\\w*|ferme\\w*)",
    "(cuenta|direccion|buzon) .*(eliminad\\w|desactivad\\w|cancelad\\w|ya no)",
    "(conta|endereco) .*(eliminad\\w|desativad\\w|removid\\w|ja nao)",
    "(konto|adresse|postfach) .*(geloscht|deaktiviert|gesperrt|nicht mehr)",
    "(учетная запись|ящик|адрес) .*(удален\\w*|заблокирован\\w*|отключен\\w*)",
    "(الحساب|العنوان|البريد) .*(محذوف|معطل|غير نشط|مغلق)",
    "(账号|帐号|邮箱|账户).*(已注销|已停用|被禁用|已删除|被冻结)", "inexistent\\w*", "inexistant\\w*",
    "(utilizador|usuario|destinatario|usuária) desconhecid\\w", "desconocid\\w", "desconhecid\\w",
    "нет так\\w+ (адресат|пользовател|получател|адрес|ящик)\\w*",
    "(address|recipient|user) (is )?(wrong|incorrect|invalid)", "غير صحيح", "(地址|收件人)(错误|有误)",
    "adresse (erronee|incorrecte)", "direccion (incorrecta|erronea)", "recipient .*no longer",
    "account (has been )?closed", "unknown or invalid", "no such recipient",
    "address .*(could not|couldn't) be found",
    "user unknown", "unknown (user|recipient|address|mailbox|local part)",
    "no such (user|mailbox|recipient|address|person)",
    "(user|mailbox|recipient|address|account|alias|addressee)s?( name)? (was |is |were |"
    "could )?(not|n't) (be )?(found|known|exist)", "no mailbox (here )?by that name",
    "no (longer )?(user|mailbox|account|recipient) ", "invalid (recipient|mailbox|user)",
    "(does not|doesn't|do not|don't|did not) (exist|have an? .*account)", "recip(ient)?notfound",
    "not a valid mailbox", "(wasn't|was not|isn't|is not|couldn't be|could not be|not) found at",
    "address (couldn't|could not) be found", "address not found",
    "(mailbox|account|address) (is |has been |currently )?(a )?(disabled|inactive|deactivated|"
    "closed|unavailable|suspended|not available|expired|not active|moved)",
    "(is |was )?not (a |an )?(known|valid|active|existing|current) (user|recipient|mailbox|address|" "account|email)",
    "(a )?deactivated (mailbox|account)", "addressee unknown", "bad[_ ](recipient|address|destination)",
    "no such domain", "(host|domain) (name )?(unknown|not found|does not exist)", "unknown (host|domain)",
    "unrouteable address", "no mail ?box (found|available)", "no (known|valid) recipient",
    "account .*(has been )?(terminated|cancelled|deleted)",
    "(left|no longer (works|employed) (at|with|for|in)) (the|this|our)? ?(company|organi[sz]ation|" "ministry|office)",
    "not our customer", "not a (local )?(user|customer)", "unknown or illegal alias", "invalid final delivery userid",
    "user .*not listed", "not listed in .*(directory|address book)", "recipients? .*not (in|listed)",
    "recipient address rejected: access denied", "mailbox not available", "konto .*(niedostepne|nie istnieje)",
    "odbiorca .*nie istnieje", "skrzynka .*nie istnieje", "no longer (valid|exists?|in use|available)",
    "(utilisateur|destinataire|adresse|compte) (inconnue?|introuvable|inexistante?|invalide)", "n'existe (pas|plus)",
    "(usuario|destinatario|direccion|cuenta|buzon) (es )?(desconocid|inexistente|no encontrad|no valid)\\w*",
    "no existe",
    "(usuario|destinatario|endereco|conta|caixa postal) (desconhecid|inexistente|nao encontrad|invalid)\\w*",
    "nao existe", "(benutzer|empfanger|adresse|postfach).*(unbekannt|nicht gefunden|existiert nicht)",
    "existiert nicht", "(utente|destinatario|indirizzo|casella) (sconosciut|inesistente|non trovat)\\w*",
    "non esiste",
    "bestaat niet", "onbekende (gebruiker|ontvanger)", "finns inte", "findes ikke", "finnes ikke", "nie istnieje",
    "neexistuje", "nem letezik", "nu exista", "mevcut degil", "bulunamadi", "не существует", "не найден\\w*",
    "(пользовател\\w*|адресат\\w*|получател\\w*|неизвестн\\w*).*(неизвест\\w*|не найден\\w*|"
    "пользовател\\w*|адрес\\w*)", "غير (موجود|معروف)", "لا يوجد",
    "(用户|收件人|地址|邮箱|帐户|使用者|收件者).*(不存在|未知|找不到|无效|無效)", "找不到收件人",
    "(ユーザー|宛先|アドレス|受信者|メールボックス).*(存在しません|見つかりません|不明)", "존재하지 않", "찾을 수 없",
    "khong ton tai", "tidak (ditemukan|dikenal|ada)", "tidak wujud", "adresatas nerastas",
    "(adresas|vartotojas) neegzistuoja", "nerastas",
    "(adrese|adresats|lietotajs) .*(neeksiste|nav atrast\\w*|nezinam\\w*)", "neeksiste", "ei eksisteeri",
    "(kasutaja|aadress) .*(puudub|ei leitud|tundmatu)", "ne postoji", "ne obstaja",
    "neznam\\w* (korisnik|primatelj|uporabnik)", "не съществува", "непознат (получател|потребител)", "не постои",
    "не постоји", "не існує", "невідом\\w+ (адресат|користувач)", "δεν υπαρχει", "αγνωστος (χρηστης|παραληπτης)",
    "לא (קיים|קיימת|נמצא|נמצאה)", "وجود ندارد", "ناشناخته", "(אינו|אינה) (קיים|קיימת|מוכר)",
    "tuntematon (vastaanottaja|kayttaja)", "ei (ole olemassa|loydy|loytynyt)", "er ekki til",
    "okand (mottagare|anvandare|adress)", "ukendt (modtager|bruger)", "ukjent (mottaker|bruker)",
    "neznamy (prijemce|uzivatel|prijemca)", "nincs ilyen (cimzett|felhasznalo|postafiok)",
    "ismeretlen (cimzett|felhasznalo)", "(destinatar|utilizator) (necunoscut|inexistent)",
    "(alici|kullanici) .*(bilinmiyor|bulunamadi|yok)", "ไม่พบ(ผู้รับ|ที่อยู่|ผู้ใช้)", "ไม่มี(ผู้รับ|ที่อยู่|อยู่)",
    "मौजूद नहीं", "موجود نہیں", "haipo", "ekziston", "არ არსებობს", "գոյություն չունի", "movcud deyil",
)  # fmt: skip
