"""Confirming and managing a signature."""

from django.urls import URLPattern

app_name = "signing"
urlpatterns: list[URLPattern] = []
