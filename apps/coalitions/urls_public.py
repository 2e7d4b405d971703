"""Confirming and managing a signature, by the links that are mailed."""

from django.urls import path

from .views import signing

app_name = "signing"
urlpatterns = [
    path("confirm/<str:token>/", signing.confirm, name="confirm"),
    path("confirm/<str:token>/not-me/", signing.disown, name="disown"),
    path("mine/<str:token>/", signing.manage, name="manage"),
    path("mine/<str:token>/withdraw/", signing.withdraw, name="withdraw"),
    path("mine/<str:token>/erase/", signing.erase, name="erase"),
    path("mine/<str:token>/signature.json", signing.download, name="download"),
]
