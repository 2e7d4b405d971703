from django.urls import URLPattern, path

from .views.invitations import accept

app_name = "invitations"
urlpatterns: list[URLPattern] = [path("<str:token>/", accept, name="accept")]
