from django.urls import path

from cms import views

urlpatterns = [
    path("sessie/<slug:short_key>/", views.session, name="session"),
    path("sessie/<slug:short_key>/begeleiding/", views.trainer_notes, name="trainer_notes"),
    path("proberen/<int:page_id>/", views.try_lesson, name="try_lesson"),
    path("proberen/<int:page_id>/<uuid:block_id>/", views.try_conversation, name="try_conversation"),
    path("proberen/<int:page_id>/<uuid:block_id>/spelen/", views.try_player, name="try_player"),
    path("proberen/pakket/<uuid:key>/", views.package_player, name="package_player"),
    path("<slug:short_key>/", views.lesson, name="lesson"),
]
