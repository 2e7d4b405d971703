from django.urls import path

from .views import addenda, calls, collected_sign_ons, embedding, moderation, organisations, sign_on_imports

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
    path("collected/", collected_sign_ons.index, name="collected"),
    path("collected/calls/<int:call_id>/import/", sign_on_imports.begin, name="import_begin"),
    path("collected/calls/<int:call_id>/<str:kind>/", collected_sign_ons.enter, name="collected_enter"),
    path("collected/<int:collected_id>/", collected_sign_ons.show, name="collected_show"),
    path("collected/<int:collected_id>/accept/", collected_sign_ons.accept, name="collected_accept"),
    path("collected/<int:collected_id>/mail/", collected_sign_ons.mail_again, name="collected_mail"),
    path("collected/evidence/<int:evidence_id>/", collected_sign_ons.evidence, name="evidence"),
    path("moderation/<int:sign_on_id>/leave/", collected_sign_ons.leave, name="leave_on_request"),
    path("collected/imports/<int:import_id>/", sign_on_imports.show, name="import"),
    path("collected/imports/<int:import_id>/columns/", sign_on_imports.columns, name="import_columns"),
    path("collected/imports/<int:import_id>/left-out.csv", sign_on_imports.left_out, name="import_left_out"),
    path("collected/imports/<int:import_id>/enter/", sign_on_imports.enter, name="import_enter"),
    path("collected/imports/<int:import_id>/discard/", sign_on_imports.discard, name="import_discard"),
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
