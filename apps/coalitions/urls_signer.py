from django.urls import path

from .views import answers, email_changes, invitation_answers, new_text, signer

app_name = "signing"
urlpatterns = [
    path("confirm/<str:token>/", signer.confirm, name="confirm"),
    path("confirm/<str:token>/not-me/", signer.disown, name="disown"),
    path("answer/<str:token>/", answers.answer, name="answer"),
    path("email/<str:token>/", email_changes.confirm, name="email_confirm"),
    path("invitation/<str:token>/", invitation_answers.invitation, name="invitation"),
    path("mine/<str:token>/", signer.manage, name="manage"),
    path("mine/<str:token>/new-text/", new_text.new_text, name="new_text"),
    path("mine/<str:token>/withdraw/", signer.withdraw, name="withdraw"),
    path("mine/<str:token>/answers/", signer.answers, name="answers"),
    path("mine/<str:token>/letters/", signer.letters, name="letters"),
    path("mine/<str:token>/answer/", answers.own_answer, name="own_answer"),
    path("mine/<str:token>/email/", email_changes.change, name="email_change"),
    path("mine/<str:token>/erase/", signer.erase, name="erase"),
    path("mine/<str:token>/signature.json", signer.download, name="download"),
]
