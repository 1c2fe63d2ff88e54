from django.urls import path

from certification import views

urlpatterns = [
    path("", views.verify, name="verify"),
    path("status/<int:number>/", views.status_list, name="status_list"),
    path("status/<int:number>/jwt/", views.status_list_jwt, name="status_list_jwt"),
    path("gedeeld/<str:token>/", views.shared_proof, name="shared_proof"),
    path("mijn/<str:public_id>/", views.award_state, name="award_state"),
    path("<str:public_id>/", views.proof, name="proof"),
    path("<str:public_id>/pdf/", views.award_document, name="award_document"),
    path("<str:public_id>/badge/<str:form>/", views.award_badge, name="award_badge"),
    path("<str:public_id>/naam/", views.name_visibility, name="award_name"),
    path("<str:public_id>/delen/", views.share, name="award_share"),
    path("<str:public_id>/delen/<int:link_id>/weg/", views.withdraw, name="award_withdraw"),
]
