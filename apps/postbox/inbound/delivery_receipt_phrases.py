"""How mail programs say that a mail arrived or was read, by language."""

from .phrase_matching import any_of, in_any_language

#: how the subject of a receipt begins: the mail was read, or arrived
RECEIPT = any_of(
    "(已读|閱讀|阅读)回执", "邮件收条", "讀取回條",
    "read:", "read receipt", "return receipt", "(message )?(read|delivered|displayed)( notification)?:", "delivered:",
    "delivery (receipt|confirmation)", "lu ?:", "accuse de lecture", "leido ?:", "confirmacion de lectura",
    "lid[ao] ?:", "confirmacao de leitura", "gelesen ?:", "lesebestatigung", "letto ?:", "lettura ?:",
    "conferma di lettura", "gelezen ?:", "leesbevestiging", "last ?:", "laest ?:", "lest ?:", "luettu ?:",
    "przeczytano ?:", "precteno ?:", "olvasott ?:", "elolvasva ?:", "citit ?:", "okundu ?:", "διαβαστηκε ?:",
    "прочитано ?:", "прочетено ?:", "تمت القراءة ?:", "مقروءة ?:", "נקרא ?:", "已读 ?:", "已讀 ?:", "開封(済み|確認)",
    "읽음 ?:", "not read:", "non lu ?:", "ungelesen ?:", "nicht gelesen ?:", "no leido ?:", "nao lid[ao] ?:",
    "non letto ?:",
    "niet gelezen ?:", "не прочитано ?:", "未读 ?:", "未讀 ?:", "لم تقرأ ?:", "okunmadi ?:", "nieprzeczytane ?:",
    "da doc ?:", "dibaca ?:",
)  # fmt: skip

#: at the end of the subject of a receipt of Notes
RECEIPT_MARK = any_of(
    "\\((return|read|delivery) receipt\\)$",
    "\\((accuse de reception|empfangsbestatigung|lesebestatigung|acuse de recibo|ricevuta di ritorno|confirmacao "
    "de recebimento|ontvangstbevestiging|potwierdzenie odbioru)\\)$",
)  # fmt: skip

#: how the subject of a report begins that says that it was passed on to a server that sends no receipts
PASSED_ON = any_of(
    "relayed ?:", "relaye ?:", "weitergeleitet ?:", "retransmitid[ao] ?:", "retransmis ?:", "inoltrat[ao] ?:",
    "doorgestuurd ?:", "delivered ?:", "remis ?:", "zugestellt ?:", "entregue ?:", "entregado ?:", "recapitat[ao] ?:",
    "bezorgd ?:", "dostarczono ?:", "доставлено ?:", "передано ?:", "تم التسليم ?:", "تم الترحيل ?:", "已送达 ?:",
    "已中继 ?:", "已傳遞 ?:", "配信済み ?:", "teslim edildi ?:", "successful mail delivery",
    "delivery (status )?notification \\((success|relay)\\)", "expanded ?:", "(mail|message) delivered",
    "your message was successfully",
)  # fmt: skip

#: what a receipt says of our mail, near its beginning
RECEIPT_SENTENCE = in_any_language({
    "en": ("your (document|message|mail|e-?mail|letter) ?(:|to ?:|to <).{0,250}?(was|has been) (received by|read by|"
        "read (on|at)|displayed|opened|deleted (on|without)|delivered)", "this is a (return|read|delivery) receipt",
        "only (acknowledges|verifies|confirms) that the message was displayed",
        "(message|mail|e-?mail) (that )?(you sent|sent) .{0,120}(was|has been) (displayed|opened|read|accepted by)",
        "no guarantee that the (message|content|addressee)",
        "message (was )?(opened|read) (by|on|at) .{0,60}\\d{1,2}:\\d\\d", "delivery to .{0,200}(complete|successful)",
        "was successfully delivered", "(relayed|delivered); 2\\."),
    "fr": ("votre (document|message|courriel|courrier|mail) ?(:|a ?:|a <).{0,250}?(a ete|est) (recu par|lu|affiche|"
        "ouvert|supprime|remis)", "ceci est un accuse de (reception|lecture)",
        "(confirme|atteste) (seulement|uniquement)? ?que le message a ete affiche", "aucune garantie que"),
    "es": ("su (documento|mensaje|correo) ?(:|a ?:|para ?:|para <).{0,250}?(fue|ha sido|se ha) (recibid|leid|abiert|"
        "mostrad|visualizad|eliminad|entregad)\\w", "este es un acuse de (recibo|lectura)",
        "(solo|unicamente) (confirma|verifica|indica) que el mensaje", "no (hay|es) garantia\\w* de que"),
    "pt": ("(sua|a sua|seu|o seu) (mensagem|documento|correio|e-?mail) ?(:|para ?:|a ?:|para <).{0,250}?foi (recebid|"
        "lid|abert|exibid|mostrad|eliminad|excluid|entregue)\\w?",
        "(este e um|isto e um) (aviso|recibo|comprovativo|confirmacao) de (recepcao|rececao|leitura|entrega)",
        "nao (ha|e) garantia de que"),
    "de": ("ihre? (dokument|nachricht|mail|e-?mail) ?(:|an ?:|an <).{0,250}?(wurde|ist) .{0,60}(empfangen|gelesen|"
        "angezeigt|geoffnet|geloscht|zugestellt)", "dies ist eine (empfangs|lese)bestatigung",
        "(bestatigt nur|bedeutet nicht|keine garantie)~(angezeigt|gelesen|nachricht)"),
    "it, nl": ("il (tuo|suo) (messaggio|documento) ?(:|a ?:).{0,250}?e stato (letto|ricevuto|aperto|visualizzato|"
        "eliminato)", "questa e una ricevuta di (ritorno|lettura)",
        "uw (document|bericht) ?(:|aan ?:).{0,250}?(is|werd) (ontvangen|gelezen|geopend|weergegeven|verwijderd)",
        "dit is een (ontvangst|lees)bevestiging"),
    "sv, da, no, fi": (
        "(ditt|dit) (meddelande|brev|besked|melding) ?(:|till ?:|til ?:).{0,250}?(lastes|har lasts|blev laest|ble "
        "lest|har blitt lest)", "dett?[ea] (ar|er) (ett|en|et) (mottagnings|las|kvitter|lese)\\w*",
        "viestisi .{0,200}(luettiin|avattiin|naytettiin)"),
    "pl, cs, hu, ro": ("(twoja|panstwa) wiadomosc .{0,200}(zostala|byla) (odczytana|wyswietlona|otwarta)",
        "to jest potwierdzenie (odbioru|przeczytania)",
        "(vase|tvoje) zprava .{0,200}byla (prectena|zobrazena|otevrena)",
        "(az on|uzenete) .{0,200}(elolvas|megnyit|megjelenit)\\w+",
        "mesajul dvs.{0,200}a fost (citit|afisat|deschis)"),
    "ru, uk": ("ваш[еа]? (сообщение|письмо|почта) .{0,200}(было|был) ?(прочитан|прочтен|просмотрен|открыт|доставлен|"
        "отображен)\\w*", "(это )?уведомление о (прочтении|вручении|доставке)",
        "(прочитано|прочтено|просмотрено) .{0,60}\\d{1,2}:\\d\\d",
        "ваш (лист|повідомлення) .{0,200}(прочитан|переглянут)\\w*"),
    "ar, fa, he": ("(تمت|تم) (قراءة|فتح|عرض) (رسالت|الرسالة)\\w*", "(إيصال|اشعار|إشعار) (قراءة|القراءة|بالقراءة)",
        "پیام شما .{0,200}(خوانده|باز) شد", "(ההודעה|הודעתך).{0,200}(נקראה|הוצגה|נפתחה)"),
    "zh, ja, ko, tr, vi, id": ("(已|已经)(阅读|被阅读|打开|显示)", "(阅读|已读|閱讀|讀取)(回执|回條|回條)",
        "(您|你)(发|发送|寄)(给|往|至).{0,200}(阅读|打开|接收|已读|签收)",
        "(開封|表示|既読)(され|確認|通知|しました)", "(읽었|열람|수신 ?확인|읽음 ?확인)",
        "(iletiniz|mesajiniz) .{0,200}(okundu|goruntulendi|acildi)", "(thu|email) .{0,200}da duoc (doc|mo|hien thi)",
        "pesan anda .{0,200}(telah|sudah) (dibaca|dibuka|ditampilkan)"),
})  # fmt: skip
