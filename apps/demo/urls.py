"""Starting over, and the tour, in demo mode."""

from django.urls import URLPattern, path

from . import views

app_name = "demo"
urlpatterns: list[URLPattern] = [
    path("accounts/demo/start-over/", views.start_over, name="start_over"),
    path("work/<slug:campaign_slug>/tour/", views.tour, name="tour"),
    path("work/<slug:campaign_slug>/tour/close/", views.close_tour, name="tour_close"),
]
