"""Files behind lessons. Neutral words; no address tells what it leads to."""

from django.urls import path

from media import views

urlpatterns = [
    path("<str:token>/", views.lesson_file, name="lesson_file"),
    path("<slug:door>/<int:pk>/", views.editor_file, name="editor_file"),
]
