"""Reports as the well-known mail servers write them, in fields and in words; written for these tests."""

import pytest

from apps.postbox.inbound.classification import classify_mail
from apps.postbox.inbound.parsing import parse_mail

R = "minister@ministry.example"
OTHER = "other@elsewhere.example"


def words(sender: str, subject: str, text: str, headers: str = "", kind: str = "text/plain") -> bytes:
    text = text.replace("\n", "\r\n")
    return (
        f"From: {sender}\r\nTo: letters@mc11.example\r\nSubject: {subject}\r\n{headers}MIME-Version: 1.0\r\n"
        f"Content-Type: {kind}; charset=utf-8\r\n\r\n{text}\r\n"
    ).encode()


def fields(
    sender: str,
    subject: str,
    text: str,
    blocks: str,
    *,
    kind: str = "message/delivery-status",
    report: str = "multipart/report; report-type=delivery-status",
    headers: str = "",
) -> bytes:
    mail = (
        f"From: {sender}\nSubject: {subject}\n{headers}MIME-Version: 1.0\nContent-Type: {report}; boundary=b\n\n--b\n"
        f"Content-Type: text/plain; charset=utf-8\n\n{text}\n\n--b\nContent-Type: {kind}\n\n"
        f"Reporting-MTA: dns; mx.example\n\n{blocks}\n\n--b\nContent-Type: message/rfc822\n\nSubject: A letter\n"
        "Message-ID: <1@mc11.example>\n\nExcellency, delivery failed states are delayed 5.1.1\n--b--\n"
    )
    return mail.replace("\n", "\r\n").encode()


def failed(status: str, diagnostic: str, action: str = "failed", recipient: str = R) -> str:
    return (
        f"Final-Recipient: rfc822; {recipient}\nAction: {action}\nStatus: {status}\nDiagnostic-Code: smtp; {diagnostic}"
    )


DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.example>"
SORRY = "Sorry, your message is on its way back."
#: name → (mail, kind, code, bounce reason)
SERVERS: dict[str, tuple[bytes, str, str, str]] = {
    # Postfix
    "postfix unknown": (fields(DAEMON, "Undelivered Mail Returned to Sender", f"This is the mail system.\n\n<{R}>: "
        "host mx.ministry.example said: 550 5.1.1 User unknown in virtual mailbox table", failed("5.1.1", "550 5.1.1 "
        "User unknown in virtual mailbox table")), "bounce", "5.1.1", "address"),
    "postfix full": (fields(DAEMON, "Undelivered Mail Returned to Sender", SORRY, failed("5.2.2", "552 5.2.2 Over "
        "quota")), "bounce", "5.2.2", "full"),
    "postfix size": (fields(DAEMON, "Undelivered Mail Returned to Sender", SORRY, failed("5.3.4", "message size "
        "18874368 exceeds size limit 10485760 of server mx.ministry.example")), "bounce", "5.3.4", "too_large"),
    "postfix spam": (fields(DAEMON, "Undelivered Mail Returned to Sender", SORRY, failed("5.7.1", "554 5.7.1 Service "
        "unavailable; client host blocked using a block list")), "bounce", "5.7.1", "policy"),
    "postfix loop": (fields(DAEMON, "Undelivered Mail Returned to Sender", SORRY, failed("5.4.6", "mail for "
        "ministry.example loops back to myself")), "bounce", "5.4.6", "other"),
    "postfix expired": (fields(DAEMON, "Undelivered Mail Returned to Sender", SORRY, failed("4.4.1", "connect to "
        "mx.ministry.example: Connection timed out")), "bounce", "4.4.1", "other"),
    "postfix warning": (fields(DAEMON, "Delayed Mail (still being retried)", "YOU DO NOT NEED TO RESEND YOUR MESSAGE.",
        failed("4.4.1", "connect: Connection timed out", "delayed")), "delay", "4.4.1", ""),
    "postfix relayed": (fields(DAEMON, "Successful Mail Delivery Report", SORRY, failed("2.0.0", "250 OK", "relayed")),
        "delivered", "2.0.0", ""),
    "postfix delivered": (fields(DAEMON, "Successful Mail Delivery Report", SORRY, failed("2.1.5", "250 OK",
        "delivered")), "delivered", "2.1.5", ""),
    "postfix utf8": (fields(DAEMON, "Undelivered Mail Returned to Sender", SORRY, f"Final-Recipient: utf-8; "
        f"{R}\nAction: failed\nStatus: 5.1.1", kind="message/global-delivery-status"), "bounce", "5.1.1", "address"),
    "postfix alias": (fields(DAEMON, "Undelivered Mail Returned to Sender", SORRY, failed("5.1.1", "550 User unknown",
        recipient=OTHER)), "forwarding_failed", "5.1.1", ""),
    "postfix two": (fields(DAEMON, "Undelivered Mail Returned to Sender", SORRY, failed("5.1.1", "550 unknown",
        recipient=OTHER) + "\n\n" + failed("5.2.2", "552 quota exceeded")), "bounce", "5.2.2", "full"),
    # Exim
    "exim unknown": (words(DAEMON, "Mail delivery failed: returning message to sender", "This message was created "
        f"automatically by mail delivery software.\n\nA message that you sent could not be delivered.\n\n  {R}\n"
        "    Unrouteable address", f"X-Failed-Recipients: {R}\r\n"), "bounce", "", "address"),
    "exim full": (words(DAEMON, "Mail delivery failed: returning message to sender", "A message that you sent could "
        f"not be delivered.\n\n  {R}\n    mailbox is full: retry timeout exceeded", f"X-Failed-Recipients: {R}\r\n"),
        "bounce", "", "full"),
    "exim two": (words(DAEMON, "Mail delivery failed: returning message to sender", "A message that you sent could "
        f"not be delivered.\n\n  {OTHER}\n    550 5.1.1 no such user\n\n  {R}\n    552 5.2.2 mailbox full",
        f"X-Failed-Recipients: {R}, {OTHER}\r\n"), "bounce", "5.2.2", "full"),
    "exim forwarding": (words(DAEMON, "Mail delivery failed: returning message to sender", f"A message that you sent "
        f"could not be delivered.\n\n  {OTHER}\n    (generated from {R})\n    550 user unknown",
        f"X-Failed-Recipients: {OTHER}\r\n"), "forwarding_failed", "550", ""),
    "exim warning": (words(DAEMON, "Warning: message 1abc delayed 24 hours", f"A message has not yet been delivered "
        f"after more than 24 hours.\n\n  {R}\n    Delay reason: Connection refused\n\nNo action is required."), "delay",
        "", ""),
    # qmail and its family
    "qmail unknown": (words(DAEMON, "failure notice", "Hi. This is the qmail-send program at mx.example.\n\n"
        f"<{R}>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n"
        "delayed 4.4.1"), "bounce", "5.1.1", "address"),
    "qmail remote": (words(DAEMON, "failure notice", "Hi. This is the qmail-send program at mx.example.\n\n"
        f"<{R}>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 unknown user\nGiving up."),
        "bounce", "5.1.1", "address"),
    "qmail expired": (words(DAEMON, "failure notice", "Hi. This is the qmail-send program at mx.example.\n\n"
        f"<{R}>:\nSorry, I wasn't able to establish an SMTP connection. (#4.4.1)\nI'm not going to try again; this "
        "message has been in the queue too long."), "bounce", "4.4.1", "other"),
    "vpopmail full": (words(DAEMON, "failure notice", f"<{R}>:\nThe users mailfolder is over the allowed quota (size). "
        "(#5.2.2)"), "bounce", "5.2.2", "full"),
    # Sendmail
    "sendmail unknown": (fields(f"Mail Delivery Subsystem <{DAEMON[22:]}", "Returned mail: see transcript for details",
        f"   ----- These addresses had permanent fatal errors -----\n<{R}>\n    (reason: 550 5.1.1 User unknown)",
        failed("5.1.1", "550 5.1.1 User unknown")), "bounce", "5.1.1", "address"),
    "sendmail host": (fields(DAEMON, "Returned mail: Host unknown", SORRY, failed("5.1.2", "550 Host unknown")),
        "bounce", "5.1.2", "address"),
    "sendmail warning": (words(DAEMON, "Warning: could not send message for past 4 hours", "THIS IS A WARNING MESSAGE "
        "ONLY.\n\nYOU DO NOT NEED TO RESEND YOUR MESSAGE"), "delay", "", ""),
    # Exchange and Office 365
    "exchange 5.1.10": (fields("postmaster@ministry.example", "Undeliverable: A letter", "Delivery has failed to these "
        f"recipients or groups:\n{R}", failed("5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not "
        "found by SMTP address lookup")), "bounce", "5.1.10", "address"),
    "exchange words": (words("Microsoft Outlook <MicrosoftExchange329e71ec88ae4615@ministry.example>",
        "Undeliverable: A letter", f"Delivery has failed to these recipients or groups:\n\n{R}\nThe email address "
        "you entered couldn't be found."), "bounce", "", "address"),
    "exchange full": (fields("postmaster@ministry.example", "Undeliverable: A letter",
        "The recipient's mailbox is full.",
        failed("5.2.2", "554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException")),
        "bounce", "5.2.2", "full"),
    "exchange size": (fields("postmaster@ministry.example", "Undeliverable: A letter", SORRY, failed("5.2.3", "550 "
        "5.2.3 RESOLVER.RST.RecipSizeLimit; message too large for this recipient")), "bounce", "5.2.3", "too_large"),
    "exchange restricted": (fields("postmaster@ministry.example", "Undeliverable: A letter", SORRY, failed("5.7.133",
        "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; sender not authenticated for group")),
        "bounce", "5.7.133", "policy"),
    "exchange 5.4.1": (fields("postmaster@ministry.example", "Undeliverable: A letter", SORRY, failed("5.4.1", "550 "
        "5.4.1 Recipient address rejected: Access denied")), "bounce", "5.4.1", "address"),
    "exchange 2003": (words("System Administrator <postmaster@ministry.example>", "Undeliverable: A letter", "Your "
        "message did not reach some or all of the intended recipients.\n\nThe following recipient(s) could not be "
        f"reached:\n\n      {R} on 1/12/2017\n            The e-mail account does not exist at the organization this "
        "message was sent to. <mx #5.1.1>"), "bounce", "5.1.1", "address"),
    "exchange french": (words("Microsoft Outlook <postmaster@ministry.example>", "Non remis : Lettre", "Échec de la "
        f"remise pour ces destinataires :\n\n{R}\nL’adresse de courrier que vous avez entrée est introuvable.\n\n550 "
        "5.1.1 RESOLVER.ADR.RecipNotFound"), "bounce", "5.1.1", "address"),
    "exchange delay": (fields("postmaster@ministry.example", "Delivery delayed: A letter", SORRY, failed("4.4.7", "400 "
        "4.4.7 Message delayed", "delayed")), "delay", "4.4.7", ""),
    "exchange expired": (fields("postmaster@ministry.example", "Undeliverable: A letter", SORRY, failed("5.4.300",
        "550 5.4.300 Message expired")), "bounce", "5.4.300", "other"),
    # Gmail
    "gmail unknown": (fields("Mail Delivery Subsystem <mailer-daemon@googlemail.example>", "Delivery Status "
        "Notification (Failure)", f"** Address not found **\n\nYour message wasn't delivered to {R} because the "
        "address couldn't be found.", failed("5.1.1",
        "550-5.1.1 The email account that you tried to reach does not exist.")),
        "bounce", "5.1.1", "address"),
    "gmail full": (fields("Mail Delivery Subsystem <mailer-daemon@googlemail.example>", "Delivery Status Notification "
        "(Failure)", "** Recipient inbox full **", failed("5.2.2", "552-5.2.2 The recipient's inbox is out of storage "
        "space")), "bounce", "5.2.2", "full"),
    "gmail disabled": (fields("Mail Delivery Subsystem <mailer-daemon@googlemail.example>", "Delivery Status "
        "Notification (Failure)", SORRY, failed("5.2.1",
        "550 5.2.1 The email account that you tried to reach is inactive")),
        "bounce", "5.2.1", "address"),
    "gmail delay": (fields("Mail Delivery Subsystem <mailer-daemon@googlemail.example>", "Delivery Status Notification "
        "(Delay)", "Gmail will retry for 46 more hours.", failed("4.4.1", "The recipient server did not accept our "
        "requests to connect", "delayed")), "delay", "4.4.1", ""),
    "gmail spam": (fields("Mail Delivery Subsystem <mailer-daemon@googlemail.example>", "Delivery Status Notification "
        "(Failure)", "** Message blocked **", failed("5.7.1", "550-5.7.1 Our system has detected that this message is "
        "likely unsolicited mail")), "bounce", "5.7.1", "policy"),
    # others, by fields
    "yahoo": (words("MAILER-DAEMON@yahoo.example", "Failure Notice", "Sorry, we were unable to deliver your message "
        f"to the following address.\n\n<{R}>:\n554: delivery error: dd This user doesn't have a yahoo.example account"),
        "bounce", "554", "address"),
    "domino": (fields("Postmaster@ministry.example", "DELIVERY FAILURE: User minister not listed in Domino Directory",
        f"Your message\n\n  Subject: A letter\n\nwas not delivered to:\n\n  {R}\n\nbecause:\n\n  User minister not "
        "listed in Domino Directory", failed("5.0.0", "User minister not listed in Domino Directory")), "bounce",
        "5.0.0", "address"),
    "domino words": (words("Postmaster@ministry.example", "DELIVERY FAILURE: Error transferring to mx.example; "
        "Maximum hop count exceeded", f"Your message was not delivered to:\n\n  {R}"), "bounce", "", "other"),
    "groupwise": (words("Mailer-Daemon@ministry.example", "Undeliverable mail", f"The message that you sent was "
        f"undeliverable to the following:\n\tminister (User not found)\n\t{R} (mailbox not found)"), "bounce", "",
        "address"),
    "zimbra": (fields(DAEMON, "Undelivered Mail Returned to Sender", SORRY, failed("5.1.1", f"550 5.1.1 <{R}>: "
        "Recipient address rejected: ministry.example")), "bounce", "5.1.1", "address"),
    "mimecast": (words("postmaster <postmaster@ministry.example>", "[Postmaster] Email Delivery Failure", "This is a "
        f"delivery failure notification message.\n\nThe email to the following recipient failed:\n\n{R}\n\nReason: 550 "
        "Invalid Recipient"), "bounce", "550", "address"),
    "proofpoint": (fields("Mail Delivery Subsystem <MAILER-DAEMON@pps.example>", "Returned mail: see transcript for "
        "details", SORRY, failed("5.7.0", "554 5.7.0 Blocked - see the website of the filter")), "bounce", "5.7.0",
        "policy"),
    "barracuda": (words("MAILER-DAEMON@barracuda.example", "**Message you sent blocked by our bulk email filter**",
        f"Your message to: {R}\nwas blocked by our Spam Firewall. The email you sent has NOT BEEN DELIVERED."),
        "bounce", "", "policy"),
    "ironport": (fields(DAEMON, "Delivery Status Notification (Failure)", f"The following message to <{R}> was "
        "undeliverable.\nThe reason for the problem:\n5.1.0 - Unknown address error 550-'No such recipient here'",
        failed("5.1.0", "5.1.0 - Unknown address error 550-'No such recipient here' (delivery attempts: 0)")),
        "bounce", "5.1.0", "address"),
    "ironport policy": (fields(DAEMON, "Delivery Status Notification (Failure)", SORRY, failed("5.1.0", "5.1.0 - "
        "Unknown address error 554-'Your access has been rejected due to poor reputation of the sender'")),
        "bounce", "5.1.0", "policy"),
    "courier": (fields("\"Courier mail server at mx.example\" <@>", "NOTICE: mail delivery status.", f"<{R}>:\n     "
        "550 User unknown.", failed("5.0.0", "550 User unknown.")), "bounce", "5.0.0", "address"),
    "mailenable": (words("Postmaster <postmaster@ministry.example>", "Message Delivery Failure", "MailEnable: Message "
        f"Delivery Failure.\n\nReason: No such mailbox\n\nMessage could not be delivered to some recipients.\n\n   "
        f"Recipient: [SMTP:{R}]"), "bounce", "", "address"),
    "kerio": (words("postmaster@ministry.example", "Delivery Failure", f"Your message was not delivered to "
        f"{R}\n\nReason: 550 5.1.1 Mailbox does not exist"), "bounce", "5.1.1", "address"),
    "mdaemon": (words("MDaemon at ministry.example <MDaemon@ministry.example>", "Permanent Delivery Failure", f"The "
        f"attached message had PERMANENT fatal delivery errors!\n\n-- Failed recipient: {R}\n   550 No such user here"),
        "bounce", "550", "address"),
    "hmailserver": (words("mailer-daemon@ministry.example", "Message undeliverable: A letter", f"Your message did not "
        f"reach some or all of the intended recipients.\n\n{R}\n   Remote server replied: 550 Unknown user"),
        "bounce", "550", "address"),
    "icewarp": (words("Mail Delivery System <postmaster@ministry.example>", "Undeliverable: A letter", f"Delivery to "
        f"{R} failed: 554 5.1.1 Unknown local part"), "bounce", "5.1.1", "address"),
    "opensmtpd": (fields(DAEMON, "Delivery status notification: error", SORRY, failed("5.1.1", "550 5.1.1 Invalid "
        "recipient")), "bounce", "5.1.1", "address"),
    "ses": (fields("MAILER-DAEMON@ses.example", "Delivery Status Notification (Failure)", "An error occurred while "
        f"trying to deliver the mail to the following recipients:\n{R}", failed("5.1.1", "550 5.1.1 user unknown")),
        "bounce", "5.1.1", "address"),
    "mail.ru": (words("mailer-daemon@corp.example", "Сообщение не доставлено", f"Письмо не может быть "
        f"доставлено.\n\n{R}\n почтовый ящик переполнен"), "bounce", "", "full"),
    "yandex": (fields("Mail Delivery Subsystem <mailer-daemon@ya.example>", "Недоставленное сообщение", SORRY,
        failed("5.7.1", "550 5.7.1 No such user!")), "bounce", "5.7.1", "address"),
    "qq": (words("PostMaster <PostMaster@qq.example>", "系统退信/Mail delivery failed", f"邮件退回：{R}\n"
        "退信原因：收件人邮箱不存在 550 Mailbox unavailable"), "bounce", "550", "address"),
    "163": (words("Postmaster@163.example", "系统退信",
        f"抱歉，您的邮件被退回来了。收件人 {R}\n原因：对方服务器拒绝，疑似垃圾邮件"),
        "bounce", "", "policy"),
    "naver": (words("mailer-daemon@naver.example", "메일 전송 실패", f"{R}\n받는 사람의 주소가 존재하지 않습니다."),
        "bounce", "", "address"),
    "trend": (words("MAILER-DAEMON@imss.example", "Undelivered Mail", f"<{R}>: message rejected: virus found"),
        "bounce", "", "policy"),
    "fortimail": (fields(DAEMON, "Undeliverable", SORRY, failed("5.7.1", "554 5.7.1 This message has been blocked "
        "because it contains a banned attachment")), "bounce", "5.7.1", "policy"),
    "dmarc": (fields(DAEMON, "Undeliverable", SORRY, failed("5.7.26", "550-5.7.26 Unauthenticated email from "
        "mc11.example is not accepted due to domain's DMARC policy")), "bounce", "5.7.26", "policy"),
    "null mx": (fields(DAEMON, "Undeliverable", SORRY, failed("5.1.10", "556 5.1.10 Recipient address has null MX")),
        "bounce", "5.1.10", "address"),
    "sender refused": (fields(DAEMON, "Undeliverable", SORRY, failed("5.1.8",
        "501 5.1.8 Sender address does not exist")),
        "bounce", "5.1.8", "policy"),
    # where reports hide
    "tracking status": (fields(DAEMON, "Tracking", SORRY, failed("5.1.1", "550 unknown"),
        kind="message/tracking-status",
        report="multipart/report; report-type=tracking-status"), "bounce", "5.1.1", "address"),
    "no report type": (fields(DAEMON, "Notice", SORRY, failed("5.1.1", "550 unknown"), report="multipart/mixed"),
        "bounce", "5.1.1", "address"),
    "inside an attached mail": (b"From: MAILER-DAEMON@mx.example\r\nContent-Type: message/rfc822\r\n\r\n"
        + fields(DAEMON, "Undeliverable", SORRY, failed("5.1.1", "550 unknown")), "bounce", "5.1.1", "address"),
    "sender kept": (fields("Desk <desk@ministry.example>", "Undeliverable: A letter", SORRY, failed("5.2.2",
        "552 full")),
        "bounce", "5.2.2", "full"),
    "quota by receipt": (fields(f"<{R}>", "Automatically rejected mail", "Your message was automatically rejected: "
        "quota exceeded",
        f"Final-Recipient: rfc822; {R}\nDisposition: automatic-action/MDN-sent-automatically; deleted",
        kind="message/disposition-notification", report="multipart/report; report-type=disposition-notification"),
        "bounce", "", "full"),
    # receipts
    "read": (fields(f"<{R}>", "Read: A letter", "Your message was read.", f"Final-Recipient: rfc822; {R}\nDisposition: "
        "manual-action/MDN-sent-manually; displayed", kind="message/disposition-notification",
        report="multipart/report; report-type=disposition-notification"), "delivered", "", ""),
    "deleted unread": (fields(f"<{R}>", "Not read: A letter", "Your message was deleted without being read.",
        f"Final-Recipient: rfc822; {R}\nDisposition: manual-action/MDN-sent-automatically; deleted",
        kind="message/disposition-notification", report="multipart/report; report-type=disposition-notification"),
        "delivered", "", ""),
    "read in words": (words(f"<{R}>", "Lu : Lettre", "Votre message a été lu le 4 décembre."), "delivered", "", ""),
    "delivered in words": (fields(DAEMON, "Relayed: A letter", "Delivery to these recipients is complete, but no "
        "receipt was sent by the destination server.", failed("2.0.0", "250 OK", "relayed")), "delivered", "2.0.0",
        ""),
    # complaints
    "abuse": (fields("staff@isp.example", "complaint", "A reader complains.", "Feedback-Type: abuse\nVersion: 1",
        kind="message/feedback-report", report="multipart/report; report-type=feedback-report")
        .replace(b"Reporting-MTA: dns; mx.example\r\n\r\n", b""), "complaint", "", ""),
    "opt-out": (fields("staff@isp.example", "complaint", "A reader complains.", "Feedback-Type: opt-out\nVersion: 1",
        kind="message/feedback-report", report="multipart/report; report-type=feedback-report")
        .replace(b"Reporting-MTA: dns; mx.example\r\n\r\n", b""), "complaint", "", ""),
    "not spam": (fields("staff@isp.example", "complaint", "A reader is content.", "Feedback-Type: not-spam\nVersion: 1",
        kind="message/feedback-report", report="multipart/report; report-type=feedback-report")
        .replace(b"Reporting-MTA: dns; mx.example\r\n\r\n", b""), "auto_reply", "", ""),
    # unclear
    "no words": (words(DAEMON, "Zulu", "Zulu tango."), "unreadable", "", ""),
    "no fields": (fields(DAEMON, "Zulu", "Zulu tango.", "Content-Description: nothing of use"), "unreadable", "", ""),
    "broken": (b"Content-Type: multipart/report; report-type=delivery-status\r\n\r\nnothing", "unreadable", "", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", SERVERS)
def test_a_report_of_a_mail_server(name: str) -> None:
    raw, kind, code, reason = SERVERS[name]
    for envelope in ("", "x@mx.example"):
        found = classify_mail(parse_mail(raw), sender=envelope, recipient=R)
        if kind == "unreadable" and envelope and b"Zulu" in raw and b"multipart" not in raw:
            continue  # whoever has an address may be a person
        assert (found.kind, found.code, found.bounce_reason) == (kind, code, reason), found
        assert found.reason
        assert found.words or kind == "unreadable", found
