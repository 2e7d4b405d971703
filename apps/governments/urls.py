"""Staff pages about recipients, under /work/<campaign>/recipients/."""

from django.urls import path

from .views import recipient_corrections, recipients

app_name = "recipients"
urlpatterns = [
    path("new/<slug:code>/", recipients.new, name="new"),
    path("corrections/", recipient_corrections.index, name="corrections"),
    path("corrections/<int:correction_id>/", recipient_corrections.correction, name="correction"),
    path("corrections/<int:correction_id>/accept/", recipient_corrections.accept, name="accept"),
    path("corrections/<int:correction_id>/decline/", recipient_corrections.decline, name="decline"),
    path("<int:recipient_id>/", recipients.recipient, name="recipient"),
    path("<int:recipient_id>/verify/", recipients.verify, name="verify"),
    path("<int:recipient_id>/active/", recipients.set_active, name="set_active"),
    path("<int:recipient_id>/addresses/", recipients.address_new, name="address_new"),
    path("<int:recipient_id>/addresses/<int:address_id>/", recipients.address, name="address"),
    path("<int:recipient_id>/merge/<int:other_id>/", recipients.merge, name="merge"),
]
