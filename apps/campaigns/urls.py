from django.urls import URLPattern, URLResolver, path

from .views import api_tokens, team

app_name = "team"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", team.index, name="index"),
    path("invite/", team.invite, name="invite"),
    path("tokens/", api_tokens.index, name="tokens"),
    path("tokens/<int:token_id>/end/", api_tokens.end, name="token_end"),
    path("<int:member_id>/", team.edit, name="edit"),
    path("<int:member_id>/end/", team.end, name="end"),
    path("<int:member_id>/resend/", team.resend, name="resend"),
]
