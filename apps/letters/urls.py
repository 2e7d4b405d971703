"""URLs of letters."""

from django.urls import URLPattern, URLResolver, path

from .views import (
    adaptations,
    comments,
    drafts,
    editions,
    editor,
    guests,
    languages,
    letters,
    live,
    review,
    review_requests,
    templates,
    text_history,
    translations,
    versions,
    word_files,
)

app_name = "letters"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", drafts.index, name="index"),
    path("new/", drafts.create, name="create"),
    path("new/word-file", word_files.word_letter, name="word_letter"),
    path("templates/", templates.index, name="templates"),
    path("templates/<int:template_id>/", templates.template, name="template"),
    path("templates/<int:template_id>/edit/", templates.edit, name="template_edit"),
    path("templates/<int:template_id>/archive/", templates.archive, name="template_archive"),
    path("<int:letter_number>/", drafts.workspace, name="workspace"),
    path("<int:letter_number>/settings/", letters.settings, name="settings"),
    path("<int:letter_number>/addressees/", letters.addressees, name="addressees"),
    path("<int:letter_number>/duplicate/", letters.duplicate, name="duplicate"),
    path("<int:letter_number>/archive/", letters.archive, name="archive"),
    path("<int:letter_number>/origin/", templates.origin, name="origin"),
    path("<int:letter_number>/template/", templates.create, name="template_create"),
    path("<int:letter_number>/editions/", editions.editions, name="editions"),
    path("<int:letter_number>/<slug:language>/for/<slug:code>/", editions.country_letter, name="country_letter"),
    path("<int:letter_number>/<slug:language>/for/<slug:code>/adapt/", adaptations.adapt, name="adapt"),
    path("<int:letter_number>/<slug:language>/for/<slug:code>/passage", adaptations.save, name="adaptation_save"),
    *(
        path(f"<int:letter_number>/adaptations/<int:adaptation_id>/{name}/", view, name=f"adaptation_{name}")
        for name, view in (
            ("keep", adaptations.keep),
            ("remove", adaptations.remove),
            ("restore", adaptations.restore),
            ("move", adaptations.move),
        )
    ),
    path("<int:letter_number>/languages/", languages.languages, name="languages"),
    path("<int:letter_number>/<slug:language>/add/", languages.add, name="text_add"),
    path("<int:letter_number>/<slug:language>/remove/", languages.remove, name="text_remove"),
    path("<int:letter_number>/freeze/", review.freeze, name="freeze"),
    path("<int:letter_number>/v<int:number>/", versions.version, name="version"),
    path("<int:letter_number>/v<int:number>/<slug:code>/<slug:language>/", versions.edition, name="edition"),
    path(
        "<int:letter_number>/v<int:number>/<slug:code>/<slug:language>/letter.pdf",
        versions.edition_pdf,
        name="edition_pdf",
    ),
    path(
        "<int:letter_number>/v<int:number>/<slug:code>/<slug:language>/letter.txt",
        versions.edition_text,
        name="edition_text",
    ),
    path("<int:letter_number>/<slug:language>/review/", review.review, name="review"),
    path("<int:letter_number>/<slug:language>/ask-review/", review_requests.ask, name="ask_review"),
    path("<int:letter_number>/<slug:language>/send-back/", review_requests.send_back, name="send_back"),
    path("<int:letter_number>/<slug:language>/comment/", review_requests.comment, name="review_comment"),
    path("<int:letter_number>/<slug:language>/reviewer/", review_requests.reviewer, name="text_reviewer"),
    path("<int:letter_number>/<slug:language>/approve/", review.approve, name="approve"),
    path("<int:letter_number>/<slug:language>/preview.pdf", drafts.preview_pdf, name="preview_pdf"),
    path("<int:letter_number>/<slug:language>/preview.txt", drafts.preview_text, name="preview_text"),
    path("<int:letter_number>/<slug:language>/original", translations.original, name="original"),
    path("<int:letter_number>/<slug:language>/original/confirm", translations.confirm, name="confirm_block"),
    path("<int:letter_number>/<slug:language>/preview.docx", word_files.preview_docx, name="preview_docx"),
    path("<int:letter_number>/<slug:language>/word-text", word_files.word_text, name="word_text"),
    path("<int:letter_number>/<slug:language>/text", editor.text, name="text"),
    path("<int:letter_number>/<slug:language>/updates", live.updates, name="updates"),
    path("<int:letter_number>/<slug:language>/preview", editor.preview, name="preview"),
    path("<int:letter_number>/<slug:language>/evidence", editor.evidence, name="evidence"),
    path("<int:letter_number>/<slug:language>/citation", editor.citation_update, name="citation_update"),
    path("<int:letter_number>/<slug:language>/history/", text_history.history, name="history"),
    path(
        "<int:letter_number>/<slug:language>/history/<int:sequence>/name/", text_history.state_name, name="state_name"
    ),
    path(
        "<int:letter_number>/<slug:language>/history/<int:sequence>/restore/",
        text_history.state_restore,
        name="state_restore",
    ),
    path("<int:letter_number>/<slug:language>/comments", comments.comments, name="comments"),
    path("<int:letter_number>/<slug:language>/comments/new", comments.comment_new, name="comment_new"),
    *(
        path(f"<int:letter_number>/<slug:language>/comments/<int:comment_id>/{act}", view, name=f"comment_{act}")
        for act, view in {
            "answer": comments.comment_answer,
            "close": comments.comment_close,
            "decide": comments.comment_decide,
            "delete": comments.comment_delete,
        }.items()
    ),
    path("<int:letter_number>/guests/", guests.guest_links, name="guest_links"),
    path("<int:letter_number>/guests/<int:link_id>/end/", guests.guest_link_close, name="guest_link_close"),
]
