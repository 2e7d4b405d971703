from django.urls import path

from .views import deliveries, dispatches, mails

app_name = "outreach"
urlpatterns = [
    path("", dispatches.index, name="index"),
    path("prepare/", dispatches.prepare, name="prepare"),
    path("<int:dispatch_id>/", dispatches.dispatch, name="dispatch"),
    path("<int:dispatch_id>/recompute/", dispatches.recompute, name="recompute"),
    path("<int:dispatch_id>/test/", dispatches.test, name="test"),
    path("<int:dispatch_id>/authorise/", dispatches.authorise, name="authorise"),
    path("<int:dispatch_id>/cancel/", dispatches.cancel, name="cancel"),
    path("<int:dispatch_id>/letters/<int:delivery_id>/", deliveries.delivery, name="delivery"),
    path("<int:dispatch_id>/letters/<int:delivery_id>/letter.pdf", deliveries.delivery_pdf, name="delivery_pdf"),
    path("replies/<int:reply_id>/", mails.reply, name="reply"),
    path("mails/<int:mail_id>/", mails.mail, name="mail"),
    path("mails/<int:mail_id>/raw", mails.mail_raw, name="mail_raw"),
    path("mails/<int:mail_id>/files/<int:number>", mails.mail_file, name="mail_file"),
    path("mails/<int:mail_id>/kind", mails.mail_kind, name="mail_kind"),
]
