"""Public addresses without a language; each leads to the same page in the visitor's."""

from django.urls import path

from .views.language import choose_language, to_visitor_language

app_name = "language"
urlpatterns = [
    path("", to_visitor_language, name="start"),
    path("c/<path:rest>", to_visitor_language, name="campaign"),
    path("v/<path:rest>", to_visitor_language, name="frozen"),
    path("sign/<path:rest>", to_visitor_language, name="signer"),
    path("language/<slug:code>/", choose_language, name="choose_start"),
    path("language/<slug:code>/<path:rest>", choose_language, name="choose"),
]
