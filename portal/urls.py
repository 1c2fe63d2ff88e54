"""The signed-in screens. Neutral words: they stand in the browser's history."""

from django.urls import path

from portal import views

urlpatterns = [
    path("leerplek/", views.leerplek, name="leerplek"),
    path("leerplek/profiel/", views.profile, name="profile"),
    path("leerplek/gegevens/", views.my_data, name="my_data"),
    path("leerplek/gegevens/download/", views.download_my_data, name="download_my_data"),
    path("leerplek/gegevens/wissen/", views.erase_me, name="erase_me"),
    path("leerplek/teksten/", views.reflections, name="reflections"),
    path("leerplek/teksten/<int:pk>/", views.reflection, name="reflection"),
    path("leerplek/teksten/<int:pk>/wissen/", views.erase_reflection, name="erase_reflection"),
    path("leerplek/punten/", views.my_points, name="my_points"),
    path("leerplek/naam/", views.legal_name, name="legal_name"),
    path("leerplek/start/<slug:short_key>/", views.start_course, name="start_course"),
    path("leerplek/cursus/<slug:short_key>/", views.my_course, name="my_course"),
    path("leerplek/cursus/<slug:short_key>/stoppen/", views.stop_course, name="stop_course"),
    path("antwoord/<int:activity_id>/", views.answer, name="answer"),
    path("antwoord/<int:activity_id>/plek/", views.keep_place, name="keep_place"),
    path("trainen/", views.training, name="training"),
    path("trainen/peiling/<slug:short_key>/", views.survey_averages, name="survey_averages"),
    path("antwoord/<int:activity_id>/bestand/", views.handed_in_file, name="handed_in_file"),
    path("trainen/opdrachten/", views.submissions, name="submissions"),
    path("trainen/opdrachten/<int:pk>/", views.submission, name="submission"),
    path("trainen/opdrachten/<int:pk>/bestand/", views.submission_file, name="submission_file"),
    path("deelnemers/", views.learners, name="learners"),
    path("deelnemers/<uuid:pk>/code/", views.recovery_code, name="recovery_code"),
    path("deelnemers/<uuid:pk>/ja/", views.say_yes, name="say_yes"),
    path("deelnemers/<uuid:pk>/klaar/", views.say_ready, name="say_ready"),
    path("deelnemers/punten/", views.register_runs, name="register_runs"),
    path("deelnemers/punten/<int:pk>/", views.run_download, name="run_download"),
    path("deelnemers/bewijzen/", views.certificates, name="certificates"),
    path("deelnemers/bewijs/<str:public_id>/", views.award_record, name="award_record"),
    path("deelnemers/bewijzen/<slug:short_key>/", views.course_standing, name="course_standing"),
    path("trainen/gesprek/<int:activity_id>/", views.talk_choices, name="talk_choices"),
    path("trainen/vragen/<int:activity_id>/", views.questions, name="questions"),
]
