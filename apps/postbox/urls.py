from django.urls import path

from .views import blocked, inbox, kill_switch

app_name = "postbox"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("mail/<int:pk>/", inbox.mail, name="mail"),
    path("mail/<int:pk>/raw", inbox.raw, name="raw"),
    path("mail/<int:pk>/files/<int:number>", inbox.attachment, name="attachment"),
    path("mail/<int:pk>/answer", inbox.answer, name="answer"),
    path("received/<int:pk>/", inbox.received, name="received"),
    path("received/<int:pk>/raw", inbox.received_raw, name="received_raw"),
    path("received/<int:pk>/files/<int:number>", inbox.received_file, name="received_file"),
    path("received/<int:pk>/allow", inbox.allow, name="allow"),
    path("blocked/", blocked.blocked, name="blocked"),
    path("blocked/add", blocked.block, name="block"),
    path("blocked/<int:pk>/lift", blocked.lift, name="lift"),
    path("blocked/domain/<slug:key>/release", blocked.release_domain, name="release_domain"),
    path("switch/", kill_switch.switch, name="switch"),
    path("switch/kill", kill_switch.kill, name="kill"),
    path("switch/release", kill_switch.release, name="release"),
    path("switch/decide/<uuid:pk>", kill_switch.decide, name="decide"),
]
