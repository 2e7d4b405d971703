from django.urls import path

from . import views

app_name = "exports"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/<str:dataset>/", views.choose, name="choose"),
    path("new/<str:dataset>/save/", views.save, name="save"),
    path("saved/<int:saved_id>/delete/", views.saved_delete, name="saved_delete"),
    path("<int:export_id>/", views.export, name="export"),
    path("<int:export_id>/agree/", views.agree, name="agree"),
    path("<int:export_id>/cancel/", views.cancel, name="cancel"),
    path("<int:export_id>/download/", views.download, name="download"),
]
