from django.urls import path

from .views import addenda, calls, embedding, moderation, organisations

app_name = "sign_on"
urlpatterns = [
    path("", calls.index, name="index"),
    path("open/", calls.open_call, name="open"),
    path("calls/<int:call_id>/change/", calls.change_call, name="change"),
    path("calls/<int:call_id>/closing-time/", calls.closing_time, name="closing_time"),
    path("calls/<int:call_id>/close/", calls.close_call, name="close"),
    path("calls/<int:call_id>/addenda/", addenda.addenda, name="addenda"),
    path("calls/<int:call_id>/addenda/freeze/", addenda.freeze, name="addendum_freeze"),
    path("addenda/<int:annex_id>.pdf", addenda.addendum, name="addendum"),
    path("calls/<int:call_id>/names/", calls.names, name="names"),
    path("calls/<int:call_id>/embed/", embedding.embed, name="embed"),
    path("moderation/", moderation.queue, name="moderate"),
    path("moderation/<int:sign_on_id>/", moderation.sign_on, name="sign_on"),
    path("moderation/<int:sign_on_id>/decide/", moderation.decide, name="decide"),
    path("moderation/decisions/<int:decision_id>/undo/", moderation.undo, name="decision_undo"),
    path("moderation/many/", moderation.bulk, name="moderate_many"),
    path("organisations/", organisations.index, name="organisations"),
    path("organisations/<int:organisation_id>/", organisations.show, name="organisation"),
    path("organisations/<int:organisation_id>/edit/", organisations.edit, name="organisation_edit"),
    path("organisations/<int:organisation_id>/merge/<int:other_id>/", organisations.merge, name="organisation_merge"),
    path(
        "organisations/<int:organisation_id>/merges/<int:merge_id>/undo/",
        organisations.merge_undo,
        name="organisation_merge_undo",
    ),
]
