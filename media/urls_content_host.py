"""The host of SCORM packages: two addresses, each good for a while, and nothing else."""

from django.urls import path

from media import views

urlpatterns = [
    path("<slug:ticket>/speel/<slug:language>/", views.scorm_player, name="scorm_player"),
    path("<slug:ticket>/<path:path>", views.scorm_file, name="scorm_file"),
]
