from django.urls import URLPattern, URLResolver, path

from . import views

app_name = "postbox"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.inbox, name="inbox"),
    path("mail/<int:pk>/", views.mail, name="mail"),
    path("mail/<int:pk>/raw", views.raw, name="raw"),
    path("mail/<int:pk>/files/<int:number>", views.attachment, name="attachment"),
    path("mail/<int:pk>/answer", views.answer, name="answer"),
    path("received/<int:pk>/", views.received, name="received"),
    path("received/<int:pk>/raw", views.received_raw, name="received_raw"),
    path("received/<int:pk>/files/<int:number>", views.received_file, name="received_file"),
    path("received/<int:pk>/allow", views.allow, name="allow"),
    path("switch/", views.switch, name="switch"),
    path("switch/kill", views.kill, name="kill"),
    path("switch/release", views.release, name="release"),
    path("switch/decide/<uuid:pk>", views.decide, name="decide"),
]
