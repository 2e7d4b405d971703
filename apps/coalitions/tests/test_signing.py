"""Signing: the form, the mail, the button; who signs once, and what nobody learns from our answers."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.coalitions.models import AddressMail, Organisation, SignOn, SignOnCall, SignOnToken
from apps.coalitions.selectors.signatory_counts import signatory_counts
from apps.coalitions.services.closing_times import sign_on_call_close
from apps.coalitions.services.confirmation import sign_on_confirm
from apps.coalitions.services.exceptions import (
    AlreadyConfirmed,
    CallClosed,
    DuplicateOrganisation,
    DuplicatePerson,
    LinkExpired,
    LinkUnknown,
    NotForThisKind,
)
from apps.coalitions.services.signer_mails import MAILS_PER_DAY, MAILS_PER_HOUR
from apps.coalitions.services.submission import Outcome
from apps.core.models import AuditEvent
from apps.letters.models import Letter
from tests.factories import add_team_member, make_campaign
from tests.factories.letters import make_next_version, make_version
from tests.factories.signing import (
    link_in,
    mails,
    make_call,
    organisation,
    person,
    signed,
    some_time_passes,
    submit,
)

pytestmark = pytest.mark.django_db


def test_a_form_is_one_mail_and_counts_nothing(call: SignOnCall) -> None:
    done = submit(call, organisation())

    assert done.outcome is Outcome.MAILED
    [mail] = mails()
    assert mail.to_address == "o.were@kdrf.example"
    assert mail.policy == "repeatable"
    assert "Kisumu Data Rights Forum, Kenya" in mail.text_body
    assert "version 1" in mail.text_body
    assert "Only the governments" not in mail.text_body
    assert "Everybody (on the public page" in mail.text_body
    assert signatory_counts(call.letter).total == 0


def test_confirming_counts_and_mails_the_private_link(call: SignOnCall) -> None:
    token = submit(call, organisation()).token

    confirmed = sign_on_confirm(token=token)

    sign_on = confirmed.sign_on
    assert sign_on.state == SignOn.State.CONFIRMED
    assert sign_on.organisation is not None
    assert sign_on.organisation.name == "Kisumu Data Rights Forum"
    assert sign_on.authority_verified, "the mail domain is the website's"
    assert sign_on.moderation == SignOn.Moderation.WAITING
    assert [covered.version for covered in sign_on.covers.all()] == [call.version]
    assert signatory_counts(call.letter).organisations == 1
    assert link_in(mails()[-1]) == reverse("signing:manage", args=[confirmed.manage_token])
    event = AuditEvent.objects.get(verb="sign_on.confirm")
    assert event.data["sha256"] == call.version.sha256
    assert event.actor_type == "signer"


def test_tokens_are_stored_hashed_and_personal_data_sealed(call: SignOnCall, django_assert_num_queries: Any) -> None:
    from django.db import connection

    token = submit(call, organisation()).token
    assert len(token) >= 43, "256 bits"
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM coalitions_signontoken t")
        assert token not in str(cursor.fetchall())
        cursor.execute("SELECT row_to_json(t)::text FROM coalitions_signon t")
        row = str(cursor.fetchall())
    assert "o.were" not in row
    assert "Otieno" not in row


def test_opening_the_link_many_times_changes_nothing(call: SignOnCall, client: Client) -> None:
    submit(call, organisation())
    link = link_in(mails()[0])
    before = SignOn.objects.values().get()

    for method in (client.get, client.head, client.get, client.options):
        method(link)

    assert SignOn.objects.values().get() == before
    assert not SignOnToken.objects.exclude(used_at=None).exists()
    assert len(mails()) == 1


def test_the_page_behind_the_link_shows_what_the_button_confirms(call: SignOnCall, client: Client) -> None:
    submit(call, organisation(visibility="government"))
    page = client.get(link_in(mails()[0]))

    text = page.content.decode()
    assert "Kisumu Data Rights Forum" in text
    assert "version 1" in text
    assert "Only the governments" in text
    assert call.version.sha256[:8] not in text, "signers cannot do anything with a fingerprint here"
    assert page["Referrer-Policy"] == "strict-origin"
    assert "no-store" in page["Cache-Control"]
    assert not page.cookies


def test_the_button_works_without_cookies_and_a_second_press_says_so(call: SignOnCall) -> None:
    client = Client(enforce_csrf_checks=True)
    submit(call, organisation())
    link = link_in(mails()[0])

    first = client.post(link, follow=True)
    again = client.post(link)

    assert "Signed. Thank you." in first.content.decode()
    assert again.status_code == 200
    assert "Already confirmed" in again.content.decode()
    assert "mine/" not in again.content.decode(), "the private page is not handed to whoever holds the first link"
    assert signatory_counts(call.letter).organisations == 1
    assert len(mails()) == 2


def test_a_token_confirms_once(call: SignOnCall) -> None:
    token = submit(call, organisation()).token
    sign_on_confirm(token=token)

    with pytest.raises(AlreadyConfirmed):
        sign_on_confirm(token=token)


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "\x00", "../../etc", "ا" * 40])
def test_links_that_are_not_ours(call: SignOnCall, token: str) -> None:
    with pytest.raises(LinkUnknown):
        sign_on_confirm(token=token)


def test_a_token_for_one_purpose_serves_no_other(call: SignOnCall, client: Client) -> None:
    confirm = submit(call, organisation()).token
    assert client.get(reverse("signing:manage", args=[confirm])).status_code == 404
    manage = sign_on_confirm(token=confirm).manage_token
    assert client.post(reverse("signing:confirm", args=[manage])).status_code == 404


def test_an_expired_link_says_what_to_do(call: SignOnCall, client: Client) -> None:
    token = submit(call, organisation()).token
    SignOnToken.objects.update(expires_at=timezone.now() - timedelta(minutes=1))

    with pytest.raises(LinkExpired):
        sign_on_confirm(token=token)
    page = client.get(reverse("signing:confirm", args=[token]))
    assert page.status_code == 410
    assert "Fill in the form again" in page.content.decode()
    assert "Kisumu" not in page.content.decode(), "what is not kept is not shown"


def test_a_closed_call_takes_neither_forms_nor_confirmations(
    call: SignOnCall, cast: SimpleNamespace, client: Client
) -> None:
    token = submit(call, organisation()).token
    sign_on_call_close(call=call, actor=cast.coordinator)

    with pytest.raises(CallClosed):
        submit(call, person())
    with pytest.raises(CallClosed):
        sign_on_confirm(token=token)
    page = client.post(reverse("signing:confirm", args=[token]))
    assert page.status_code == 409
    assert "closed for signature" in page.content.decode()
    assert signatory_counts(call.letter).total == 0


def test_a_form_and_its_link_are_kept_for_thirty_days(version: Any, cast: SimpleNamespace, client: Client) -> None:
    submitted = submit(make_call(version, cast, days=90), organisation())
    sign_on = submitted.sign_on
    kept = sign_on.expires_at - timezone.now()
    assert timedelta(days=29, hours=23) < kept <= timedelta(days=30)
    assert sign_on.tokens.get().expires_at == sign_on.expires_at
    privacy = client.get(reverse("website:privacy", args=[sign_on.campaign.slug])).content.decode()
    assert "A form that is not confirmed: 30 days" in privacy
    assert sign_on_confirm(token=submitted.token).sign_on.state == "confirmed"


def test_a_link_never_outlives_the_call(version: Any, cast: SimpleNamespace) -> None:
    call = make_call(version, cast, days=2)
    sign_on = submit(call, organisation()).sign_on
    assert sign_on.expires_at == call.closes_at
    assert sign_on.tokens.get().expires_at == call.closes_at


def test_the_call_says_who_may_sign(version: Any, cast: SimpleNamespace) -> None:
    call = make_call(version, cast, who="organisations")
    with pytest.raises(NotForThisKind):
        submit(call, person())
    assert submit(call, organisation()).outcome is Outcome.MAILED


def test_an_organisation_signs_once_whatever_its_spelling(call: SignOnCall, cast: SimpleNamespace) -> None:
    name = "Spolek za veřejné služby Říčany"
    signed(call, organisation(name, country="CZ"), accepted_by=cast.coordinator)
    colleague = organisation("  SPOLEK ZA VEREJNE SLUZBY, RICANY", country="CZ", email="other@spolek.example")
    token = submit(call, colleague).token

    with pytest.raises(DuplicateOrganisation) as refused:
        sign_on_confirm(token=token)

    assert call.campaign.contact_address in str(refused.value), "it says where to turn"
    assert Organisation.objects.count() == 1
    assert signatory_counts(call.letter).organisations == 1


def test_the_same_name_in_another_country_is_another_organisation(call: SignOnCall) -> None:
    signed(call, organisation("Consumers United", country="KE"))
    signed(call, organisation("Consumers United", country="UG", email="b@cu.example"))
    assert signatory_counts(call.letter).organisations == 2


def test_devanagari_names_that_differ_in_vowels_are_different(call: SignOnCall) -> None:
    signed(call, organisation("किसान मंच", country="IN"))
    signed(call, organisation("कसन मंच", country="IN", email="b@kisan.example"))
    assert signatory_counts(call.letter).organisations == 2


def test_one_secretary_signs_for_two_organisations(call: SignOnCall) -> None:
    signed(call, organisation("Kisumu Data Rights Forum"))
    signed(call, organisation("Highland Tea Growers’ Union"))
    assert signatory_counts(call.letter).organisations == 2


def test_pending_forms_block_nobody(call: SignOnCall) -> None:
    for number in range(3):
        submit(call, organisation(email=f"prankster{number}@kdrf.example"))
    signed(call, organisation(email="o.were@kdrf.example"))
    assert signatory_counts(call.letter).organisations == 1


def test_a_person_signs_once_under_any_spelling_of_the_address(call: SignOnCall) -> None:
    other = [person("A. Mensah", email="AFI.Mensah@Post.Example"), person(visibility="counted")]
    first, second, third = (submit(call, claim).token for claim in [person(), *other])
    sign_on_confirm(token=first)

    with pytest.raises(DuplicatePerson):
        sign_on_confirm(token=second)
    with pytest.raises(AlreadyConfirmed):
        sign_on_confirm(token=third)
    assert signatory_counts(call.letter).people == 1


def test_who_signed_already_gets_the_private_link_and_nothing_changes(call: SignOnCall, client: Client) -> None:
    sign_on = signed(call, person())
    some_time_passes()

    again = submit(call, person("Somebody Else", visibility="counted"))

    assert again.outcome is Outcome.ALREADY
    assert "You have already signed" in mails()[-1].text_body
    assert client.get(link_in(mails()[-1])).status_code == 200
    sign_on.refresh_from_db()
    assert (sign_on.person_name, sign_on.visibility) == ("Afi Mensah", "public")
    assert SignOn.objects.count() == 1


def test_a_mailbox_is_not_flooded(call: SignOnCall) -> None:
    outcomes = [submit(call, organisation(f"Organisation {i}")).outcome for i in range(MAILS_PER_HOUR + 2)]

    assert outcomes.count(Outcome.MAILED) == MAILS_PER_HOUR
    assert outcomes[-2:] == [Outcome.LIMITED, Outcome.LIMITED]
    assert len(mails()) == MAILS_PER_HOUR
    assert SignOn.objects.count() == MAILS_PER_HOUR, "nothing is kept that could not be confirmed"


def test_the_limit_holds_across_campaigns_and_spellings(call: SignOnCall, cast: SimpleNamespace) -> None:
    other = make_campaign("mc12")
    for user, role in ((cast.drafter, "drafter"), (cast.reviewer, "reviewer"), (cast.coordinator, "coordinator")):
        add_team_member(user, other, role)
    elsewhere = make_call(make_version(other, cast), cast)

    for i in range(MAILS_PER_HOUR):
        submit(call if i % 2 else elsewhere, organisation(f"Organisation {i}"))

    assert submit(elsewhere, organisation("One more", email="O.Were@KDRF.example")).outcome is Outcome.LIMITED


def test_the_limit_of_a_day(call: SignOnCall) -> None:
    for i in range(MAILS_PER_DAY):
        submit(call, organisation(f"Organisation {i}"))
        AddressMail.objects.update(at=timezone.now() - timedelta(hours=2))
    assert len(mails()) == MAILS_PER_DAY
    assert submit(call, organisation("One more")).outcome is Outcome.LIMITED

    AddressMail.objects.update(at=timezone.now() - timedelta(hours=25))
    assert submit(call, organisation("The next day")).outcome is Outcome.MAILED


def test_deleting_what_was_typed_does_not_reset_the_limit(call: SignOnCall, client: Client) -> None:
    for i in range(MAILS_PER_HOUR):
        submit(call, organisation(f"Organisation {i}"))
        client.post(link_in(mails()[-1]) + "not-me/")
    assert SignOn.objects.count() == 0
    assert submit(call, organisation("One more")).outcome is Outcome.LIMITED


def test_the_same_form_sent_again_is_one_row_and_one_mail(call: SignOnCall) -> None:
    first, again = submit(call, organisation()), submit(call, organisation())
    assert again.outcome is Outcome.REPEATED
    assert again.sign_on == first.sign_on
    assert submit(call, organisation(visibility="counted")).outcome is Outcome.MAILED, "another choice is another form"
    assert submit(call, organisation(state="suspect")).sign_on == submit(call, organisation(state="suspect")).sign_on
    assert len(mails()) == 2

    some_time_passes()
    assert submit(call, organisation()).outcome is Outcome.MAILED, "asked for again: the mail may be lost"


def test_a_trap_field_keeps_the_form_for_a_look_and_mails_nobody(call: SignOnCall) -> None:
    done = submit(call, organisation(state="suspect"))
    assert done.outcome is Outcome.SUSPECT
    assert done.sign_on.state == SignOn.State.SUSPECT
    assert mails() == []


def test_this_was_not_me(call: SignOnCall, client: Client) -> None:
    submit(call, organisation())
    link = link_in(mails()[0])

    assert client.get(link + "not-me/").status_code == 405
    page = client.post(link + "not-me/")

    assert "Nothing was signed" in page.content.decode()
    assert SignOn.objects.count() == 0
    assert client.get(link).status_code == 404
    assert client.post(link).status_code == 404
    assert client.post(link + "not-me/").status_code == 404


def test_not_me_cannot_undo_a_confirmed_signature(call: SignOnCall, client: Client) -> None:
    submit(call, organisation())
    link = link_in(mails()[0])
    client.post(link)
    assert client.post(link + "not-me/").status_code == 404
    assert signatory_counts(call.letter).organisations == 1


def test_a_later_version_is_signed_anew_and_the_signature_covers_both(call: SignOnCall, cast: SimpleNamespace) -> None:
    sign_on = signed(call, organisation())
    sign_on_call_close(call=call, actor=cast.coordinator)
    later = make_call(make_next_version(call.letter, cast), cast)
    assert signatory_counts(call.letter).total == 0, "nobody has signed the new text yet"

    again = submit(later, organisation(visibility="government"))
    assert again.outcome is Outcome.MAILED
    confirmed = sign_on_confirm(token=again.token).sign_on

    assert confirmed.pk == sign_on.pk
    assert SignOn.objects.count() == 1
    assert sorted(covered.version.number for covered in confirmed.covers.all()) == [1, 2]
    assert confirmed.visibility == "government"
    assert signatory_counts(call.letter).organisations == 1
    with pytest.raises(AlreadyConfirmed):
        sign_on_confirm(token=again.token)


def test_nobody_takes_over_a_signature_with_its_address(call: SignOnCall, cast: SimpleNamespace) -> None:
    signed(call, person("Afi Mensah"))
    sign_on_call_close(call=call, actor=cast.coordinator)
    later = make_call(make_next_version(call.letter, cast), cast)

    with pytest.raises(DuplicatePerson):
        sign_on_confirm(token=submit(later, person("Kofi Mensah")).token)

    sign_on = SignOn.objects.confirmed().get()
    assert (sign_on.person_name, sign_on.version) == ("Afi Mensah", call.version)
    AddressMail.objects.all().delete()  # another day
    again = sign_on_confirm(token=submit(later, person("afi mensah")).token).sign_on
    assert (again.pk, again.version) == (sign_on.pk, later.version)


def test_mail_takes_names_apart_from_addresses_and_headers(call: SignOnCall) -> None:
    """Line breaks never reach a header: names are single lines, subjects carry none of them."""
    submit(call, organisation("Bcc: everyone@victim.example"))
    [mail] = mails()
    assert mail.subject == "Confirm your signature to letter 1 of Fair Digital Trade"
    assert mail.to_address == "o.were@kdrf.example"


def test_the_working_title_stays_with_the_team(call: SignOnCall, client: Client) -> None:
    """Signers read the title they sign; how the team calls its draft is nobody else's."""
    Letter.objects.update(title="Third try, for Kenya only")
    submit(call, organisation())
    link = link_in(mails()[0])
    confirm = client.get(link).content.decode()
    mine = client.post(link, follow=True)
    public = client.get(reverse("website:signatories", args=[call.campaign.slug]))
    kept = client.get(mine.redirect_chain[-1][0] + "signature.json")
    for page in (mine, public, kept):
        assert page.status_code == 200
    shown = [mail.text_body for mail in mails()] + [page.content.decode() for page in (mine, public, kept)]
    assert "No new rules on electronic commerce" in confirm
    assert not any("Third try" in text for text in [confirm, *shown])
