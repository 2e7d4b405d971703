"""Addresses of the evidence."""

from django.urls import URLPattern, URLResolver, path

from . import views

app_name = "evidence"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.index, name="index"),
    path("context/", views.context, name="context"),
    path("<int:number>/", views.point, name="point"),
]
