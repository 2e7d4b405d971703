from django.urls import path

from . import views

app_name = "exports"
urlpatterns = [
    path("", views.index, name="index"),
    path("signatories/", views.signatories, name="signatories"),
    path("recipients/", views.recipients, name="recipients"),
]
