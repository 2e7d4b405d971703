"""Addresses of coalitions."""

from django.urls import URLPattern, URLResolver

app_name = "sign_on"
urlpatterns: list[URLPattern | URLResolver] = []
