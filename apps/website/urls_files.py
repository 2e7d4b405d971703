"""Frozen texts and the log of signatures for programs: the same in every language, so their addresses have none."""

from django.urls import path

from .views import embed, letters, open_data, pass_on, sharing, signatories_json, signature_log

app_name = "files"
urlpatterns = [
    path("embed.js", embed.script, name="embed_script"),
    path(
        "c/<slug:campaign_slug>/letters/<int:number>/signatories.json",
        signatories_json.signatories_json,
        name="signatories",
    ),
    path(
        "c/<slug:campaign_slug>/letters/<int:number>/signatories.csv", open_data.signatories_csv, name="signatories_csv"
    ),
    path("c/<slug:campaign_slug>/open-data/<slug:dataset>.json", open_data.open_data_json, name="open_data_json"),
    path("c/<slug:campaign_slug>/open-data/<slug:dataset>.csv", open_data.open_data_csv, name="open_data_csv"),
    path("open-data.schema.json", open_data.schema, name="open_data_schema"),
    path("c/<slug:campaign_slug>/letters/<int:number>/v<int:version>.json", letters.letter_json, name="letter_json"),
    path(
        "c/<slug:campaign_slug>/letters/<int:number>/v<int:version>.jsonl", letters.letter_record, name="letter_record"
    ),
    path(
        "c/<slug:campaign_slug>/letters/<int:number>/v<int:version>.<slug:edition>.json",
        letters.edition_json,
        name="edition_json",
    ),
    path(
        "c/<slug:campaign_slug>/letters/<int:number>/v<int:version>.<slug:language>.pdf",
        pass_on.text_pdf,
        name="text_pdf",
    ),
    path(
        "c/<slug:campaign_slug>/letters/<int:number>/v<int:version>.<slug:language>.png",
        sharing.picture,
        name="preview_picture",
    ),
    path("c/<slug:campaign_slug>/signatures/log.json", signature_log.signature_log_json, name="signature_log"),
    path(
        "c/<slug:campaign_slug>/signatures/log/<int:first>-<int:size>.json",
        signature_log.signature_log_consistency,
        name="signature_log_consistency",
    ),
]
