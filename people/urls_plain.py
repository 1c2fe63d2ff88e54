"""Addresses that are the same in every language."""

from django.urls import path

from people import views

urlpatterns = [
    path("weg/", views.leave, name="exit"),
    path("taal/", views.set_language, name="set_language"),
]
