"""Groups and meetings. Neutral words: they stand in the browser's history."""

from django.urls import path

from meetings import views

urlpatterns = [
    path("groepen/", views.groups, name="groups"),
    path("groepen/nieuw/", views.make, name="make_group"),
    path("groepen/<int:pk>/", views.group, name="group"),
    path("groepen/<int:pk>/wijzigen/", views.change_group, name="change_group"),
    path("groepen/<int:pk>/opbergen/", views.archive, name="archive_group"),
    path("groepen/<int:pk>/uitnodigen/", views.invite_people, name="invite"),
    path("groepen/<int:pk>/gesprek/<uuid:person>/", views.intake, name="intake"),
    path("groepen/<int:pk>/lijst/", views.checklist, name="intake_checklist"),
    path("groepen/<int:pk>/apart/", views.mark_apart, name="keep_apart"),
    path("groepen/<int:pk>/apart/<uuid:mark>/", views.unmark_apart, name="end_keep_apart"),
    path("groepen/<int:pk>/plaats/", views.group_offer, name="group_offer"),
    path("groepen/vragen/<slug:short_key>/", views.ask, name="ask_to_join"),
    path("uitnodiging/<str:token>/", views.invitation, name="invitation"),
    path("bijeenkomsten/", views.agenda, name="agenda"),
    path("bijeenkomsten/nieuw/", views.plan, name="plan_meeting"),
    path("bijeenkomsten/agenda/", views.calendar_feed, name="calendar_feed"),
    path("bijeenkomsten/<uuid:pk>/", views.meeting, name="meeting"),
    path("bijeenkomsten/<uuid:pk>/komen/", views.come, name="come"),
    path("bijeenkomsten/<uuid:pk>/plaats/", views.meeting_offer, name="meeting_offer"),
    path("bijeenkomsten/<uuid:pk>/agenda.ics", views.meeting_file, name="meeting_file"),
    path("bijeenkomsten/<uuid:pk>/wijzigen/", views.change, name="change_meeting"),
    path("bijeenkomsten/<uuid:pk>/afzeggen/", views.cancel, name="cancel_meeting"),
    path("bijeenkomsten/<uuid:pk>/aanwezig/", views.attendance, name="attendance"),
    path("bijeenkomsten/<uuid:pk>/lijst/", views.on_list, name="on_list"),
    path("bijeenkomsten/<uuid:pk>/scherm/", views.screen, name="check_in_screen"),
    path("bijeenkomsten/<uuid:pk>/ingehaald/", views.caught_up, name="caught_up"),
    path("inchecken/bevestigen/<str:receipt>/", views.confirm_check_in, name="confirm_check_in"),
    path("inchecken/<str:code>/", views.scan, name="check_in"),
    path("agenda/<str:token>.ics", views.feed, name="feed"),
]
