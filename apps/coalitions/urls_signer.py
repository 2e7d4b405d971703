from django.urls import path

from .views import signer

app_name = "signing"
urlpatterns = [
    path("confirm/<str:token>/", signer.confirm, name="confirm"),
    path("confirm/<str:token>/not-me/", signer.disown, name="disown"),
    path("mine/<str:token>/", signer.manage, name="manage"),
    path("mine/<str:token>/withdraw/", signer.withdraw, name="withdraw"),
    path("mine/<str:token>/answers/", signer.answers, name="answers"),
    path("mine/<str:token>/erase/", signer.erase, name="erase"),
    path("mine/<str:token>/signature.json", signer.download, name="download"),
]
