"""URLs of imports, under …/recipients/import/."""

from django.urls import path

from . import views

app_name = "imports"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:import_id>/", views.show, name="show"),
    path("<int:import_id>/columns/", views.columns, name="columns"),
    path("<int:import_id>/reading/", views.reading, name="reading"),
    path("<int:import_id>/rows/", views.rows, name="rows"),
    path("<int:import_id>/all/", views.answer_all, name="answer_all"),
    path("<int:import_id>/refused.csv", views.refused, name="refused"),
    path("<int:import_id>/accept/", views.accept, name="accept"),
    path("<int:import_id>/discard/", views.discard, name="discard"),
]
