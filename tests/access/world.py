"""A campaign with one of everything, made by the services themselves; and the values that stand in addresses."""

import re
from datetime import date, timedelta
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.campaigns.models import ApiToken, Campaign, TeamMember
from apps.campaigns.roles import Role
from apps.campaigns.scopes import Scope
from apps.campaigns.services.invitations import team_invite
from apps.campaigns.services.tokens import api_token_create
from apps.coalitions.models import Coalition, SignOn, VersionReplacement
from apps.coalitions.sealed_forms import form_seal
from apps.coalitions.sealed_submissions import submission_seal
from apps.coalitions.selectors.signature_log import log_size
from apps.coalitions.services.annexes import addendum_freeze, annex_freeze
from apps.coalitions.services.confirmation import sign_on_confirm
from apps.coalitions.services.email_changes import email_change_request
from apps.coalitions.services.moderation import sign_on_set_aside
from apps.coalitions.services.organisation_merges import organisation_merge
from apps.coalitions.services.sign_on_entry import sign_on_enter
from apps.coalitions.services.sign_on_imports import sign_on_import_begin
from apps.coalitions.services.signature_log import log_entries_number
from apps.coalitions.services.signer_changes import sign_on_correct
from apps.coalitions.services.signer_mails import token_issue
from apps.core.models import Blob
from apps.core.tokens import token_hash
from apps.exports.models import Export, SavedChoice
from apps.governments.models import Group, Member
from apps.governments.services.positions import position_record
from apps.governments.services.recipient_corrections import correction_propose
from apps.letters.models import LetterVersion
from apps.letters.services.adaptations import adaptation_remove, adaptation_save
from apps.letters.services.comments import comment_add
from apps.letters.services.drafts import text_row_locked
from apps.letters.services.guest_links import guest_link_create
from apps.letters.services.text_sequences import document_begun
from apps.outreach.models import Dispatch, Exclusion, Reply
from apps.outreach.selectors.tracking import campaign_today
from apps.outreach.services.follow_ups import follow_up_add
from apps.outreach.services.preparation import dispatch_prepare
from apps.outreach.services.reports import signer_report_save
from apps.outreach.services.touches import Contact, touch_record
from apps.postbox.models import InboundMail, Message, RecipientDomain, SinkMail, Suppression
from apps.postbox.services.inbound import Arrival, mails_receive
from apps.postbox.services.queue import message_queue
from apps.recipient_imports.services.transitions import import_begin, import_check
from apps.sources.models import Source
from apps.talkingpoints.models import Fact, TalkingPoint
from apps.webhooks.services.endpoints import endpoint_create
from apps.webhooks.services.resending import endpoint_test
from tests.factories import add_team_member, make_campaign, make_group, make_member, make_user
from tests.factories import documents as d
from tests.factories.governments import make_recipient
from tests.factories.invitations import invitation_token, invited
from tests.factories.letters import make_version
from tests.factories.outreach import move_messages
from tests.factories.signing import make_call, organisation, paper, person, submit

#: begins the name of an organisation that wants to be counted only
COUNTED_ONLY = "Saltmarsh"
#: the person for each column of the matrix; "everything" holds every role at once
ROLES: dict[str, tuple[Role, ...]] = {**{role.value: (role,) for role in Role}, "everything": tuple(Role)}


def make_world(slug: str, *, drafts: int, campaign: Campaign | None = None) -> SimpleNamespace:
    """`.campaign`, `.people` {role: user}, `.tokens` {role: token of the API with every scope} and `.values` {name:
    what stands for it in an address}.

    `drafts` letters (at least one) are written first, so that two worlds do not share the numbers of their letters.
    `campaign` is one that is there already, with members and groups.
    """
    campaign = campaign or make_campaign(slug)
    people = {name: make_user(f"{name} {slug}") for name in ROLES}
    for name, roles in ROLES.items():
        add_team_member(people[name], campaign, *roles)
    cast = SimpleNamespace(**people)
    kenya = Member.objects.filter(code="KE").first() or make_member("KE", "Kenya", code3="KEN")
    if not Group.objects.exists():
        make_group("african-group", kenya)
    values: dict[str, Any] = {"campaign": slug, "member": kenya.code, "language": "en"}
    values |= {"webhook_provider": "postmark", "webhook_kind": "tracking", "open_dataset": "facts"}
    values |= _evidence(campaign, number=drafts + 1)
    position = position_record(
        campaign=campaign, member=kenya, stance="opposes", on=date(2017, 10, 1), actor=cast.coordinator
    )
    values |= {"position": position.pk, "group": Group.objects.order_by("pk").values_list("slug", flat=True)[0]}
    earlier = [make_version(campaign, cast, kenya) for _letter in range(drafts)]
    recipient = make_recipient(campaign, kenya, "Minister", f"minister@trade-{slug}.example")
    version = make_version(campaign, cast, kenya)
    values |= {"letter": version.letter.number, "version": version.number, "edition": "ke-en", "api_edition": "KE-en"}
    values |= {"template": version.letter.template_id} | _comments(version.letter, cast)
    values["edition_code"] = version.editions.get(member__code="KE", language="en").code
    values |= {"adaptation": _adaptation(version, kenya, cast)}
    values |= _signatures(version, cast, slug)
    values |= _log(campaign, corrections=drafts)
    dispatch = dispatch_prepare(version=version, actor=cast.coordinator)
    delivery = dispatch.deliveries.get(recipient=recipient)
    values |= {"report": _report(version, recipient, cast)}
    twin = make_recipient(campaign, kenya, "Minister of Fisheries")
    proposed = correction_propose(
        campaign=campaign, member=kenya, suspect=False, typed={"wrong": "The minister changed.", "source": "A page"}
    )
    values |= {"address": recipient.addresses.get().pk, "twin": twin.pk, "correction": proposed.pk}
    values |= {"recipient": recipient.pk, "dispatch": dispatch.pk, "delivery": delivery.pk}
    values |= {"office": recipient.office_id, "exclusion": _exclusion(dispatch).pk}
    values |= {"letter_pdf_token": _linked_pdf(delivery)}
    answered = dispatch_prepare(version=earlier[0], actor=cast.coordinator).deliveries.get()
    values |= _import(campaign, cast)
    values |= _tracking(campaign, kenya, cast) | _exports(campaign, cast) | _webhook(campaign, cast)
    values |= _mail(campaign, answered, slug) | _invitation(campaign, cast) | _session(people["everything"])
    tokens = {name: _token(user, campaign) for name, user in people.items()}
    values["token_row"] = TeamMember.objects.get(campaign=campaign, user=cast.everything).tokens.get().pk
    return SimpleNamespace(campaign=campaign, people=people, values=values, tokens=tokens)


def _adaptation(version: LetterVersion, member: Member, cast: Any) -> int:
    """Removed again, so that what is approved stays approved."""
    text = version.letter.texts.get()
    block = text.body["content"][0]["attrs"]["id"]
    saved = adaptation_save(
        text=text, member=member, actor=cast.coordinator, kind="replace", block=block, content=d.doc(d.par("Ours."))
    )
    return adaptation_remove(adaptation=saved, actor=cast.coordinator).pk


def _exclusion(dispatch: Dispatch) -> Exclusion:
    return Exclusion.objects.create(dispatch=dispatch, member=Member.objects.get(code="KE"), reason="no_address")


def _linked_pdf(delivery: Any) -> str:
    token = f"letter-{delivery.pk}"
    delivery.pdf, delivery.pdf_token_hash = Blob.objects.keep(b"%PDF-1.7", "application/pdf"), token_hash(token)
    delivery.save()
    return token


def _tracking(campaign: Campaign, member: Member, cast: Any) -> dict[str, int]:
    """A meeting with a file, and a next step."""
    about = {"campaign": campaign, "member": member, "actor": cast.coordinator}
    met = Contact(channel="meeting", on=date(2017, 10, 2), summary="They listened.")
    touch = touch_record(**about, contact=met, file=("minutes.txt", b"They listened."))
    step = follow_up_add(**about, what="Call again", due_on=campaign_today(campaign))
    stray = InboundMail.objects.create(
        sha256=f"stray {campaign.slug}", raw=b"Subject: Hello\n\nHello", kind="unknown", size=5,
        sender=f"somebody@trade-{campaign.slug}.example",
    )  # fmt: skip
    return {"touch": touch.pk, "follow_up": step.pk, "stray_mail": stray.pk}


def _exports(campaign: Campaign, cast: Any) -> dict[str, Any]:
    """One that waits for a second person, and a choice that somebody kept."""
    chosen = {"dataset": "positions", "purpose": "internal", "format": "csv", "columns": ["country"]}
    waiting = Export.objects.create(
        campaign=campaign, **chosen, state="waiting", reason="for the ministry", rows=2, asked_by=cast.data_officer
    )
    saved = SavedChoice.objects.create(campaign=campaign, **chosen, name="Positions", saved_by=cast.data_officer)
    return {"export": waiting.pk, "saved_choice": saved.pk, "dataset": "positions"}


def _webhook(campaign: Campaign, cast: Any) -> dict[str, int]:
    endpoint = endpoint_create(
        campaign=campaign, actor=cast.coordinator, name="Website", url="http://localhost:9/", events=["reply.filed"]
    )
    return {"webhook": endpoint.pk, "webhook_event": endpoint_test(endpoint=endpoint, actor=cast.coordinator).pk}


def _report(version: Any, recipient: Any, cast: Any) -> int:
    """A report to signers about the letter, which has left for one recipient."""
    delivery = dispatch_prepare(version=version, actor=cast.coordinator).deliveries.get(recipient=recipient)
    delivery.message = message_queue(
        kind="letter",
        policy="once",
        to_address=f"minister@trade-{version.letter.campaign.slug}.example",
        subject="Letter",
        text_body="Letter",
    )
    delivery.save()
    move_messages(Message.objects.filter(pk=delivery.message_id), "accepted")
    texts = {"en": ("What they answered", "{answered} governments have answered.")}
    return signer_report_save(letter=version.letter, actor=cast.coordinator, texts=texts).pk


def _comments(letter: Any, cast: Any) -> dict[str, Any]:
    comment = comment_add(text=letter.texts.earliest("pk"), author=cast.coordinator, body="Too long?")
    until = timezone.now() + timedelta(days=7)
    with transaction.atomic():
        text = text_row_locked(letter.texts.earliest("pk"))
        document_begun(text)
    link, token = guest_link_create(letter=letter, actor=cast.coordinator, name="An ally", expires_at=until)
    return {"comment": comment.pk, "guest_link": link.pk, "guest_token": token, "state": text.sequence}


def _token(user: User, campaign: Campaign) -> str:
    membership = TeamMember.objects.get(campaign=campaign, user=user)
    token, text = api_token_create(membership=membership, actor=user, name="Spreadsheet", days=30)
    # the roles are to refuse, not the scopes
    ApiToken.objects.filter(pk=token.pk).update(scopes=Scope.values)
    return text


def _evidence(campaign: Campaign, *, number: int) -> dict[str, Any]:
    source = Source.objects.create(
        campaign=campaign, key=f"src-{number}", kind="report", title="Report", publisher="Bank", year=2016
    )
    point = TalkingPoint.objects.create(
        campaign=campaign, number=number, slug="data", title="Data", claim="Data stays."
    )
    Fact.objects.create(
        campaign=campaign, key=f"f{number}", point=point, position=1, statement="So it is.", kind="claim",
        source=source, verification="verified",
    )  # fmt: skip
    source = Source.objects.create(campaign=campaign, key=f"src-{campaign.slug}", kind="report", title="Another report")
    fact = Fact.objects.create(
        campaign=campaign, key=f"f-{campaign.slug}", statement="So it is too.", kind="claim", source=source,
        verification="verified",
    )  # fmt: skip
    return {"point": point.number, "fact": fact.key, "source": source.key}


def _import(campaign: Campaign, cast: Any) -> dict[str, Any]:
    batch = import_begin(
        campaign=campaign, actor=cast.coordinator, file_name="list.csv",
        content=b"country,office,post,email\nKenya,Ministry,Adviser,no address\nKE,Ministry,Deputy,d@trade.example\n",
    )  # fmt: skip
    import_check(batch=batch, mapping=batch.mapping)
    return {"import": batch.pk}


def _log(campaign: Campaign, *, corrections: int) -> dict[str, Any]:
    """As many more entries as there are drafts, so that two worlds have logs of different sizes."""
    sign_on = SignOn.objects.filter(campaign=campaign).standing()[0]
    for number in range(corrections):
        sign_on_correct(sign_on=sign_on, changes={"org_members": number + 1})
    log_entries_number()
    return {"log_first": 1, "log_size": log_size(campaign.pk)}


def _signatures(version: Any, cast: Any, slug: str) -> dict[str, Any]:
    call = make_call(version, cast, moderated=False)
    claim = organisation(email=f"o.were@{slug}.example")
    annex = annex_freeze(version=version, actor=None)
    confirmed = sign_on_confirm(token=submit(call, claim).token)
    addendum = addendum_freeze(annex=annex, actor=None)
    pending = submit(call, person(email=f"afi@{slug}.example"))
    signed = [confirmed.sign_on, *(_signed(call, f"{name} of {slug}") for name in ("Farmers", "Growers"))]
    _signed(call, f"{COUNTED_ONLY} of {slug}", visibility="counted", org_website="https://saltmarsh.example")
    kept, other, merged = (sign_on.organisation for sign_on in signed)
    sign_on_set_aside(sign_on=signed[1], actor=cast.coordinator)
    merge = organisation_merge(kept=kept, other=merged, actor=cast.coordinator)
    replacement = VersionReplacement.objects.create(
        campaign=call.campaign, letter=call.letter, call=call, before=version, after=version, kind="material",
        state="agreed", reasons={"en": f"It says more about {slug}."}, answer_until=call.closes_at,
        decided_at=call.opens_at,
    )  # fmt: skip
    network = Coalition.objects.create(campaign=call.campaign, name=f"Network of {slug}")
    network.organisations.add(kept)
    return {
        "call": call.pk,
        "coalition": network.pk,
        "signatory": signed[0].pk,
        "replacement": replacement.pk,
        "addendum": addendum.pk,
        "sealed_form": form_seal(call_id=call.pk, kind="organisation", typed={"org_name": "Baraza la Wakulima"}),
        "sign_on": confirmed.sign_on.pk,
        "confirm_token": pending.token,
        "manage_token": confirmed.manage_token,
        "answer_token": token_issue(sign_on=confirmed.sign_on, purpose="answer", expires_at=call.closes_at),
        "email_token": email_change_request(sign_on=confirmed.sign_on, email="new@signers.example"),
        "sealed_submission": submission_seal(confirmed.sign_on.pk, confirmed.sign_on.created_at),
        "organisation": kept.pk,
        "other_organisation": other.pk,
        "merge": merge.pk,
        "decision": signed[1].decisions.get().pk,
        "kind": "organisation",
        "sign_on_invitation_token": invitation_token(
            invited(call, cast.coordinator, f"invited@{slug}.example", org_name="Invited Union")
        ),
        **_collected(call, cast),
    }


def _collected(call: Any, cast: Any) -> dict[str, Any]:
    """Signatures collected on paper and in a table, by somebody who is none of those that the test sends."""
    importer = make_user(f"importer {call.campaign.slug}")
    evidence = paper(file_name="sheet.pdf", content=b"%PDF-1.7 a sheet")
    on_paper = organisation("Growers on paper", email="")
    collected = sign_on_enter(call=call, typed=on_paper, source=evidence, actor=importer).collected.get()
    batch = sign_on_import_begin(
        call=call, actor=cast.coordinator, kind="person", source=paper(), file_name="list.csv",
        content=b"name,country\nAfi Mensah,Togo\nNobody,\n", language="en", visibility="counted", authorised=False,
    )  # fmt: skip
    return {"collected": collected.pk, "evidence": collected.evidence_id, "sign_on_import": batch.pk}


def _signed(call: Any, name: str, **typed: Any) -> Any:
    address = f"{name.split()[0].lower()}@{call.campaign.slug}.example"
    return sign_on_confirm(token=submit(call, organisation(name, email=address, **typed)).token).sign_on


def _mail(campaign: Campaign, delivery: Any, slug: str) -> dict[str, Any]:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "Letter", "us@ours.example", f"minister@trade-{slug}.example"
    mail["Message-ID"] = f"<{slug}@ours.example>"
    mail.set_content("A letter")
    mail.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="letter.pdf")
    mails_receive(arrivals=[Arrival("us@ours.example", f"minister@trade-{slug}.example", mail.as_bytes())], sink=True)
    answer = InboundMail.objects.create(
        sha256=slug.ljust(64, "0"), raw=mail.as_bytes(), sender="minister@trade.example", subject="Re: Letter",
        text="Thank you.", kind="reply", size=len(mail.as_bytes()),
    )  # fmt: skip
    reply = Reply.objects.create(
        campaign=campaign,
        delivery=delivery,
        member=delivery.member,
        mail=answer,
        kind="reply",
        received_at=timezone.now(),
    )
    return {
        "sink_mail": SinkMail.objects.latest("id").pk,
        "attachment": 1,
        "inbound": answer.pk,
        "suppression": Suppression.objects.get_or_create(address_hash="d" * 64, key_version=1)[0].pk,
        "domain": RecipientDomain.objects.get_or_create(key="d" * 32)[0].pk,
        "message": Message.objects.latest("created_at").pk,
        "reply": reply.pk,
        "letter_mail": answer.pk,
    }


def _invitation(campaign: Campaign, cast: Any) -> dict[str, Any]:
    membership = team_invite(
        campaign=campaign, actor=cast.coordinator, name="Guest", email=f"guest@{campaign.slug}.example",
        roles=[Role.OBSERVER],
    )  # fmt: skip
    return {
        "guest": membership.pk,
        "invitation_token": re.findall(r"/invitations/([^/\s]+)/", Message.objects.latest("created_at").text_body)[-1],
    }


def _session(user: User) -> dict[str, Any]:
    elsewhere = Client()
    elsewhere.force_login(user)
    elsewhere.get("/accounts/profile/")
    return {"session": UserSession.objects.get(session_key=elsewhere.session.session_key).pk}
