from django.urls import path

from .views import deliveries, dispatches, incoming_mail, preparation, reports

app_name = "outreach"
urlpatterns = [
    path("", dispatches.index, name="index"),
    path("prepare/", preparation.prepare, name="prepare"),
    path("addenda/<int:annex_id>/prepare/", preparation.prepare_addendum, name="prepare_addendum"),
    path("<int:dispatch_id>/", dispatches.dispatch, name="dispatch"),
    path("<int:dispatch_id>/recompute/", dispatches.recompute, name="recompute"),
    path("<int:dispatch_id>/test/", dispatches.test, name="test"),
    path("<int:dispatch_id>/authorise/", dispatches.authorise, name="authorise"),
    path("<int:dispatch_id>/terms/", preparation.terms, name="terms"),
    path("<int:dispatch_id>/again/", preparation.repeat, name="repeat"),
    path("<int:dispatch_id>/pause/", dispatches.pause, name="pause"),
    path("<int:dispatch_id>/resume/", dispatches.resume, name="resume"),
    path("<int:dispatch_id>/cancel/", dispatches.cancel, name="cancel"),
    path("<int:dispatch_id>/letters/<int:delivery_id>/", deliveries.delivery, name="delivery"),
    path("<int:dispatch_id>/letters/<int:delivery_id>/mail.html", deliveries.mail_html, name="delivery_html"),
    path("<int:dispatch_id>/letters/<int:delivery_id>/letter.pdf", deliveries.delivery_pdf, name="delivery_pdf"),
    path("letters/<int:letter_number>/report/", reports.write, name="report_write"),
    path("letters/<int:letter_number>/announce/", reports.announce, name="report_announce"),
    path("reports/<int:report_id>/", reports.report, name="report"),
    path("reports/<int:report_id>/edit/", reports.edit, name="report_edit"),
    path("reports/<int:report_id>/test/", reports.test, name="report_test"),
    path("reports/<int:report_id>/authorise/", reports.authorise, name="report_authorise"),
    path("reports/<int:report_id>/stop/", reports.stop, name="report_stop"),
    path("replies/<int:reply_id>/", incoming_mail.reply, name="reply"),
    path("replies/<int:reply_id>/summary/", incoming_mail.summary_publish, name="summary_publish"),
    path("replies/<int:reply_id>/summary/remove/", incoming_mail.summary_remove, name="summary_remove"),
    path("mails/<int:mail_id>/", incoming_mail.mail, name="mail"),
    path("mails/<int:mail_id>/raw", incoming_mail.mail_raw, name="mail_raw"),
    path("mails/<int:mail_id>/files/<int:number>", incoming_mail.mail_file, name="mail_file"),
    path("mails/<int:mail_id>/kind", incoming_mail.mail_kind, name="mail_kind"),
]
