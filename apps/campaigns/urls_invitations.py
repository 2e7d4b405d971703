from django.urls import URLPattern, path

from .views.accept_invitation import accept

app_name = "invitations"
urlpatterns: list[URLPattern] = [path("<str:token>/", accept, name="accept")]
