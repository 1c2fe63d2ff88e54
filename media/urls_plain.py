"""Files of packages. Neutral words; no language, because none of them is read by a person."""

from django.urls import path

from media import views

urlpatterns = [
    path("deel/<slug:tree_hash>/<path:path>", views.library_file, name="library_file"),
    path("inhoud/<slug:ticket>/<path:path>", views.content_file, name="content_file"),
]
