"""Mounted under accounts, see ecomcampaign/urls.py."""

from django.urls import URLPattern, URLResolver, path

from .views.demo_login import demo

urlpatterns: list[URLPattern | URLResolver] = [path("demo/", demo, name="demo")]
