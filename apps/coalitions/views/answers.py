"""The page on which a signer answers what a moderator asked. GET changes nothing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from apps.core.forms import is_untouched_switch, submit

from ..forms.signer import SignerAnswerForm
from ..models import SignOn, SignOnToken
from ..services.answers import signer_question_answer
from .signer_page import ANSWER, MANAGE, signer_page, signer_response


def _answer(request: HttpRequest, token: str, link: SignOnToken) -> HttpResponse:
    """The newest question, with a form while it is open and with the answer afterwards."""
    sign_on = link.sign_on
    asked = sign_on.questions.first()
    form = SignerAnswerForm(request.POST if request.method == "POST" else None)
    if is_untouched_switch(form):
        return redirect(request.get_full_path())
    saved, status = submit(form, lambda: signer_question_answer(sign_on=sign_on, **form.cleaned_data))
    if saved:
        return redirect(request.path)
    waits = asked is not None and asked.answered_at is None and sign_on.stands
    waits = waits and sign_on.moderation == SignOn.Moderation.ASKED
    context = {"asked": asked, "form": form, "waits": waits, "token": token}
    return signer_response(request, sign_on, "coalitions/answer.html", context, status)


answer = signer_page(ANSWER, "GET", "HEAD", "POST")(_answer)
own_answer = signer_page(MANAGE, "GET", "HEAD", "POST")(_answer)
