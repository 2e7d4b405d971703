"""Addresses of letters."""

from django.urls import URLPattern, URLResolver, path

from . import views
from .views import editor

app_name = "letters"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.index, name="index"),
    path("new/", views.create, name="create"),
    path("<int:letter_number>/", views.workspace, name="workspace"),
    path("<int:letter_number>/freeze/", views.freeze, name="freeze"),
    path("<int:letter_number>/v<int:number>/", views.version, name="version"),
    path("<int:letter_number>/v<int:number>/<slug:code>/<slug:language>/", views.edition, name="edition"),
    path(
        "<int:letter_number>/v<int:number>/<slug:code>/<slug:language>/letter.pdf",
        views.edition_pdf,
        name="edition_pdf",
    ),
    path(
        "<int:letter_number>/v<int:number>/<slug:code>/<slug:language>/letter.txt",
        views.edition_text,
        name="edition_text",
    ),
    path("<int:letter_number>/<slug:language>/review/", views.review, name="review"),
    path("<int:letter_number>/<slug:language>/ask-review/", views.ask_review, name="ask_review"),
    path("<int:letter_number>/<slug:language>/approve/", views.approve, name="approve"),
    path("<int:letter_number>/<slug:language>/preview.pdf", views.preview_pdf, name="preview_pdf"),
    path("<int:letter_number>/<slug:language>/preview.txt", views.preview_text, name="preview_text"),
    path("<int:letter_number>/<slug:language>/text", editor.text, name="text"),
    path("<int:letter_number>/<slug:language>/preview", editor.preview, name="preview"),
    path("<int:letter_number>/<slug:language>/evidence", editor.evidence, name="evidence"),
]
