from django.urls import path

from certification import views

urlpatterns = [
    path("", views.verify, name="verify"),
    path("mijn/<str:public_id>/", views.award_state, name="award_state"),
    path("<str:public_id>/", views.proof, name="proof"),
    path("<str:public_id>/pdf/", views.award_document, name="award_document"),
    path("<str:public_id>/naam/", views.name_visibility, name="award_name"),
]
