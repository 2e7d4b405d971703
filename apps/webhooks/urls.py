from django.urls import URLPattern, URLResolver, path

from . import views

app_name = "webhook_endpoints"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.index, name="index"),
    path("new/", views.new, name="new"),
    path("<int:endpoint_id>/", views.endpoint, name="endpoint"),
    path("<int:endpoint_id>/edit/", views.edit, name="edit"),
    path("<int:endpoint_id>/secret/", views.secret, name="secret"),
    path("<int:endpoint_id>/delete/", views.delete, name="delete"),
    path("<int:endpoint_id>/test/", views.test, name="test"),
    path("<int:endpoint_id>/pause/", views.pause, name="pause"),
    path("<int:endpoint_id>/resume/", views.resume, name="resume"),
    path("<int:endpoint_id>/resend/", views.resend_since, name="resend_since"),
    path("<int:endpoint_id>/events/<int:delivery_id>/", views.delivery, name="delivery"),
    path("<int:endpoint_id>/events/<int:delivery_id>/resend/", views.resend, name="resend"),
]
