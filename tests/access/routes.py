"""Who may open what: the table of the design, route by route, written out a second time on purpose.

A new route is one line here: its name, who may open it, and for each part of its address the value that stands for it
(a name from `World.values`, see world.py). `campaign_slug` needs no mention.

Who: "public" anybody, "signed_in" whoever has an account, "team" whoever has a place in a campaign, "operators"
superusers, "token" programs with a token of the campaign (whose person may read), or the value of a Permission.
"""

from typing import NamedTuple


class Rule(NamedTuple):
    who: str
    parts: dict[str, str]


def rule(who: str, **parts: str) -> Rule:
    return Rule(who, parts)


LETTER = {"letter_number": "letter"}
TEXT = {**LETTER, "language": "language"}
VERSION = {**LETTER, "number": "version"}
EDITION = {**VERSION, "code": "member", "language": "language"}
DISPATCH = {"dispatch_id": "dispatch"}
RECIPIENT = {"recipient_id": "recipient"}
DELIVERY = {**DISPATCH, "delivery_id": "delivery"}

ROUTES: dict[str, Rule] = {
    "livez": rule("public"),
    "healthz": rule("public"),
    # ---- accounts
    "account_login": rule("public"),
    "account_request_login_code": rule("public"),
    "account_confirm_login_code": rule("public"),
    "account_inactive": rule("public"),
    "account_logout": rule("public"),
    "mfa_authenticate": rule("public"),
    "mfa_index": rule("signed_in"),
    "mfa_reauthenticate": rule("signed_in"),
    "mfa_activate_totp": rule("signed_in"),
    "mfa_deactivate_totp": rule("signed_in"),
    "mfa_view_recovery_codes": rule("signed_in"),
    "mfa_generate_recovery_codes": rule("signed_in"),
    "mfa_download_recovery_codes": rule("signed_in"),
    "usersessions_list": rule("signed_in"),
    "accounts:demo": rule("public"),
    "accounts:second_factor": rule("signed_in"),
    "accounts:profile": rule("signed_in"),
    "accounts:notices": rule("signed_in"),
    "accounts:sessions": rule("signed_in"),
    "accounts:session_end": rule("signed_in", session_id="session"),
    "accounts:sessions_end": rule("signed_in"),
    # ---- team
    "invitations:accept": rule("public", token="invitation_token"),
    "team:index": rule("read"),
    "team:invite": rule("manage"),
    "team:edit": rule("manage", member_id="guest"),
    "team:end": rule("manage", member_id="guest"),
    "team:resend": rule("manage", member_id="guest"),
    "team:tokens": rule("read"),
    "team:token_end": rule("read", token_id="token_row"),
    # ---- read API
    "api:schema": rule("public"),
    "api:nothing": rule("public", rest="campaign"),
    "api:root": rule("public"),
    "api:points-list": rule("token"),
    "api:points-detail": rule("token", number="point"),
    "api:facts-list": rule("token"),
    "api:facts-detail": rule("token", key="fact"),
    "api:sources-list": rule("token"),
    "api:sources-detail": rule("token", key="source"),
    "api:members-list": rule("token"),
    "api:members-detail": rule("token", code="member"),
    "api:groups-list": rule("token"),
    "api:groups-detail": rule("token", slug="group"),
    "api:positions-list": rule("token"),
    "api:positions-detail": rule("token", id="position"),
    # ---- evidence
    "evidence:index": rule("read"),
    "evidence:context": rule("read"),
    "evidence:point": rule("read", number="point"),
    "evidence:point_new": rule("draft"),
    "evidence:point_edit": rule("draft", number="point"),
    "evidence:fact_new": rule("draft"),
    # ---- imports of recipients
    "imports:index": rule("see_contacts"),
    **{
        f"imports:{name}": rule("see_contacts", import_id="import")
        for name in ("show", "columns", "reading", "rows", "answer_all", "refused", "accept", "discard")
    },
    "evidence:translation": rule("read", number="point", language="language"),
    "evidence:translation_written": rule("draft", number="point", language="language"),
    "evidence:translation_reviewed": rule("review", number="point", language="language"),
    "evidence:fact": rule("read", key="fact"),
    "evidence:fact_correct": rule("draft", key="fact"),
    "evidence:fact_retire": rule("draft", key="fact"),
    "evidence:fact_restore": rule("draft", key="fact"),
    "evidence:sources": rule("read"),
    "evidence:source_new": rule("draft"),
    "evidence:source": rule("read", key="source"),
    "evidence:source_edit": rule("draft", key="source"),
    "evidence:source_checked": rule("draft", key="source"),
    # ---- letters
    "letters:index": rule("read"),
    "letters:create": rule("draft"),
    "letters:workspace": rule("read", **LETTER),
    "letters:languages": rule("read", **LETTER),
    "letters:text_add": rule("draft", **TEXT),
    "letters:text_remove": rule("draft", **TEXT),
    "letters:freeze": rule("review", **LETTER),
    "letters:version": rule("read", **VERSION),
    "letters:edition": rule("read", **EDITION),
    "letters:edition_pdf": rule("read", **EDITION),
    "letters:edition_text": rule("read", **EDITION),
    "letters:review": rule("read", **TEXT),
    "letters:ask_review": rule("draft", **TEXT),
    "letters:approve": rule("review", **TEXT),
    "letters:preview_pdf": rule("read", **TEXT),
    "letters:preview_text": rule("read", **TEXT),
    "letters:text": rule("read", **TEXT),
    "letters:preview": rule("read", **TEXT),
    "letters:evidence": rule("read", **TEXT),
    # ---- sign-on
    "sign_on:index": rule("read"),
    "sign_on:open": rule("manage"),
    "sign_on:addenda": rule("read", call_id="call"),
    "sign_on:addendum_freeze": rule("manage", call_id="call"),
    "sign_on:addendum": rule("see_contacts", annex_id="addendum"),
    "sign_on:change": rule("manage", call_id="call"),
    "sign_on:closing_time": rule("manage", call_id="call"),
    "sign_on:close": rule("manage", call_id="call"),
    "sign_on:embed": rule("manage", call_id="call"),
    "sign_on:replace": rule("manage", call_id="call"),
    "sign_on:replacement": rule("read", replacement_id="replacement"),
    "sign_on:replacement_agree": rule("review", replacement_id="replacement"),
    "sign_on:replacement_cancel": rule("review", replacement_id="replacement"),
    "sign_on:replacement_remind": rule("manage", replacement_id="replacement"),
    "sign_on:names": rule("manage", call_id="call"),
    "sign_on:invite": rule("manage", call_id="call"),
    "sign_on:invite_known": rule("manage", call_id="call"),
    "sign_on:invitations": rule("manage", call_id="call"),
    "sign_on:invitations_remind": rule("manage", call_id="call"),
    "sign_on:moderate": rule("moderate"),
    "sign_on:sign_on": rule("moderate", sign_on_id="sign_on"),
    "sign_on:decide": rule("moderate", sign_on_id="sign_on"),
    "sign_on:decision_undo": rule("moderate", decision_id="decision"),
    "sign_on:moderate_many": rule("moderate"),
    "sign_on:collected": rule("moderate"),
    "sign_on:collected_enter": rule("moderate", call_id="call", kind="kind"),
    "sign_on:collected_show": rule("moderate", collected_id="collected"),
    "sign_on:collected_accept": rule("moderate", collected_id="collected"),
    "sign_on:collected_mail": rule("moderate", collected_id="collected"),
    "sign_on:evidence": rule("moderate", evidence_id="evidence"),
    "sign_on:leave_on_request": rule("moderate", sign_on_id="sign_on"),
    "sign_on:import_begin": rule("moderate", call_id="call"),
    "sign_on:import": rule("moderate", import_id="sign_on_import"),
    "sign_on:import_columns": rule("moderate", import_id="sign_on_import"),
    "sign_on:import_left_out": rule("moderate", import_id="sign_on_import"),
    "sign_on:import_enter": rule("moderate", import_id="sign_on_import"),
    "sign_on:import_discard": rule("moderate", import_id="sign_on_import"),
    "sign_on:organisations": rule("read"),
    "sign_on:organisation": rule("read", organisation_id="organisation"),
    "sign_on:organisation_edit": rule("moderate", organisation_id="organisation"),
    "sign_on:organisation_merge": rule("moderate", organisation_id="organisation", other_id="other_organisation"),
    "sign_on:organisation_merge_undo": rule("moderate", organisation_id="organisation", merge_id="merge"),
    "signing:confirm": rule("public", token="confirm_token"),
    "signing:disown": rule("public", token="confirm_token"),
    "signing:invitation": rule("public", token="sign_on_invitation_token"),
    "signing:manage": rule("public", token="manage_token"),
    "signing:answer": rule("public", token="answer_token"),
    "signing:own_answer": rule("public", token="manage_token"),
    "signing:email_change": rule("public", token="manage_token"),
    "signing:email_confirm": rule("public", token="email_token"),
    "signing:new_text": rule("public", token="manage_token"),
    "signing:withdraw": rule("public", token="manage_token"),
    "signing:erase": rule("public", token="manage_token"),
    "signing:answers": rule("public", token="manage_token"),
    "signing:letters": rule("public", token="manage_token"),
    "signing:download": rule("public", token="manage_token"),
    # ---- outreach
    "outreach:index": rule("read"),
    "outreach:prepare": rule("prepare"),
    "outreach:prepare_addendum": rule("prepare", annex_id="addendum"),
    "outreach:dispatch": rule("read", **DISPATCH),
    "outreach:recompute": rule("prepare", **DISPATCH),
    "outreach:test": rule("prepare", **DISPATCH),
    "outreach:authorise": rule("authorise", **DISPATCH),
    "outreach:cancel": rule("prepare", **DISPATCH),
    "outreach:delivery": rule("read", **DELIVERY),
    "outreach:delivery_pdf": rule("read", **DELIVERY),
    "outreach:report_write": rule("prepare", **LETTER),
    "outreach:report_announce": rule("prepare", **LETTER),
    "outreach:report": rule("read", report_id="report"),
    "outreach:report_edit": rule("prepare", report_id="report"),
    "outreach:report_test": rule("prepare", report_id="report"),
    "outreach:report_authorise": rule("authorise", report_id="report"),
    "outreach:report_stop": rule("prepare", report_id="report"),
    "outreach:reply": rule("read", reply_id="reply"),
    "outreach:summary_publish": rule("manage", reply_id="reply"),
    "outreach:summary_remove": rule("manage", reply_id="reply"),
    "outreach:mail": rule("read", mail_id="letter_mail"),
    "outreach:mail_raw": rule("see_contacts", mail_id="letter_mail"),
    "outreach:mail_file": rule("see_contacts", mail_id="letter_mail", number="attachment"),
    "outreach:mail_kind": rule("see_contacts", mail_id="letter_mail"),
    # ---- exports
    "exports:index": rule("export"),
    "exports:signatories": rule("export"),
    # ---- recipients
    "recipients:new": rule("see_contacts", code="member"),
    "recipients:recipient": rule("see_contacts", **RECIPIENT),
    "recipients:verify": rule("see_contacts", **RECIPIENT),
    "recipients:set_active": rule("see_contacts", **RECIPIENT),
    "recipients:address_new": rule("see_contacts", **RECIPIENT),
    "recipients:address": rule("see_contacts", **RECIPIENT, address_id="address"),
    "recipients:merge": rule("see_contacts", **RECIPIENT, other_id="twin"),
    "recipients:corrections": rule("see_contacts"),
    "recipients:correction": rule("see_contacts", correction_id="correction"),
    "recipients:accept": rule("see_contacts", correction_id="correction"),
    "recipients:decline": rule("see_contacts", correction_id="correction"),
    "exports:recipients": rule("export"),
    # ---- dashboard
    "dashboard:campaigns": rule("signed_in"),
    "dashboard:overview": rule("read"),
    "dashboard:governments": rule("read"),
    "dashboard:government": rule("read", code="member"),
    "dashboard:recipient_problems": rule("see_contacts"),
    "dashboard:governments_map": rule("read"),
    "dashboard:governments_positions": rule("draft"),
    "dashboard:government_position": rule("draft", code="member"),
    "dashboard:government_position_correct": rule("draft", position_id="position"),
    "dashboard:government_position_withdraw": rule("draft", position_id="position"),
    "dashboard:audit": rule("read"),
    "styleguide": rule("team"),
    # ---- postbox
    "postbox:inbox": rule("operators"),
    "postbox:mail": rule("operators", pk="sink_mail"),
    "postbox:raw": rule("operators", pk="sink_mail"),
    "postbox:attachment": rule("operators", pk="sink_mail", number="attachment"),
    "postbox:answer": rule("operators", pk="sink_mail"),
    "postbox:received": rule("operators", pk="inbound"),
    "postbox:received_raw": rule("operators", pk="inbound"),
    "postbox:received_file": rule("operators", pk="inbound", number="attachment"),
    "postbox:allow": rule("operators", pk="inbound"),
    "postbox:blocked": rule("operators"),
    "postbox:block": rule("operators"),
    "postbox:lift": rule("operators", pk="suppression"),
    "postbox:release_domain": rule("operators", key="domain"),
    "postbox:switch": rule("operators"),
    "postbox:kill": rule("operators"),
    "postbox:release": rule("operators"),
    "postbox:decide": rule("operators", pk="message"),
    # ---- website
    "website:start": rule("public"),
    "website:home": rule("public"),
    "website:letter": rule("public", number="letter"),
    "website:check_mail": rule("public", number="letter"),
    "website:mail_sent": rule("public", number="letter", sealed="sealed_submission"),
    "website:text_changes": rule("public", number="letter"),
    "website:pass_on": rule("public", number="letter"),
    "website:filled_in": rule("public", number="letter", sealed="sealed_form"),
    "website:invited": rule("public", number="letter", token="sign_on_invitation_token"),
    "website:embed": rule("public", number="letter"),
    "website:embed_check_mail": rule("public", number="letter"),
    "files:embed_script": rule("public"),
    "files:signatories": rule("public", number="letter"),
    "website:share_mastodon": rule("public", number="letter"),
    "files:preview_picture": rule("public", number="letter", version="version", language="language"),
    "files:text_pdf": rule("public", number="letter", version="version", language="language"),
    "website:points": rule("public"),
    "website:point": rule("public", number="point"),
    "website:bibliography": rule("public"),
    "website:glossary": rule("public"),
    "website:timeline": rule("public"),
    "website:signatories": rule("public"),
    "website:signature_log": rule("public"),
    "website:corrections": rule("public"),
    "website:correction_sent": rule("public"),
    "website:privacy": rule("public"),
    "files:letter_json": rule("public", number="letter", version="version"),
    "files:signature_log": rule("public"),
    "files:signature_log_consistency": rule("public", first="log_first", size="log_size"),
    "files:edition_json": rule("public", number="letter", version="version", edition="edition"),
    "language:start": rule("public"),
    "language:campaign": rule("public", rest="campaign"),
    "language:signer": rule("public", rest="campaign"),
    "language:choose_start": rule("public", code="language"),
    "language:choose": rule("public", code="language", rest="campaign"),
}

#: routes where another method needs more than opening the page does: (route, method) → permission
WRITES = {("letters:text", "put"): "draft"}
#: pages that answer otherwise than with a page, to whoever may open them: route → status
ODDITIES = {
    "api:nothing": 404,
    "api:root": 404,
    "healthz": 503,  # no worker beats in this test
    "accounts:demo": 404,  # exists in demo mode only
    "account_confirm_login_code": 302,  # leads to the door while nobody is signing in
    "mfa_authenticate": 302,
    "mfa_view_recovery_codes": 404,  # nobody here has any
    "mfa_download_recovery_codes": 404,
}
#: what belongs to one person: others do not find it
PERSONAL = {"accounts:session_end": "everything", "team:token_end": "everything"}
#: staff pages whose parts belong to the whole installation, so that another campaign's are its own too
SHARED_PARTS = {
    "dashboard:government",
    "dashboard:government_position",
    "recipients:new",
    "api:members-detail",
    "api:groups-detail",
}
