from django.urls import path

from .views.webhooks import webhook

app_name = "webhooks"
urlpatterns = [path("<slug:provider>/<slug:kind>/", webhook, name="webhook")]
