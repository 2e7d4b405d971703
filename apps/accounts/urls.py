"""Pages of a person's own account."""

from django.urls import URLPattern, URLResolver, path

from . import views

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("second-factor/", views.second_factor, name="second_factor"),
    path("profile/", views.profile, name="profile"),
    path("sessions/", views.sessions, name="sessions"),
    path("sessions/<int:session_id>/end/", views.session_end_one, name="session_end"),
    path("sessions/end-others/", views.sessions_end, name="sessions_end"),
]
