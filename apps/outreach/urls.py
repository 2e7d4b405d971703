from django.urls import path

from . import views

app_name = "outreach"
urlpatterns = [
    path("", views.index, name="index"),
    path("prepare/", views.prepare, name="prepare"),
    path("<int:dispatch_id>/", views.dispatch, name="dispatch"),
    path("<int:dispatch_id>/recompute/", views.recompute, name="recompute"),
    path("<int:dispatch_id>/test/", views.test, name="test"),
    path("<int:dispatch_id>/authorise/", views.authorise, name="authorise"),
    path("<int:dispatch_id>/cancel/", views.cancel, name="cancel"),
    path("<int:dispatch_id>/letters/<int:delivery_id>/", views.delivery, name="delivery"),
    path("<int:dispatch_id>/letters/<int:delivery_id>/letter.pdf", views.delivery_pdf, name="delivery_pdf"),
    path("replies/<int:reply_id>/", views.reply, name="reply"),
    path("mails/<int:mail_id>/", views.mail, name="mail"),
    path("mails/<int:mail_id>/raw", views.mail_raw, name="mail_raw"),
    path("mails/<int:mail_id>/files/<int:number>", views.mail_file, name="mail_file"),
    path("mails/<int:mail_id>/kind", views.mail_kind, name="mail_kind"),
]
