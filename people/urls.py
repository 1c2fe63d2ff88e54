"""The account's addresses: those of allauth's pages that we want, by name, and our own."""

from allauth.account import views as account
from allauth.usersessions.views import list_usersessions
from django.urls import path

from people import views

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("login/code/", account.request_login_code, name="account_request_login_code"),
    path("login/code/confirm/", account.confirm_login_code, name="account_confirm_login_code"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", account.signup, name="account_signup"),
    path("confirm-email/", account.email_verification_sent, name="account_email_verification_sent"),
    path("email/", account.email, name="account_email"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path(
        "password/reset/confirm/",
        account.confirm_password_reset_code,
        name="account_confirm_password_reset_code",
    ),
    path("password/reset/complete/", account.complete_password_reset, name="account_complete_password_reset"),
    path(
        "password/reset/done/", account.password_reset_from_key_done, name="account_password_reset_completed"
    ),
    path("sessions/", list_usersessions, name="usersessions_list"),
    path("recovery/", views.recovery, name="recovery"),
    path("messages/<str:token>/", views.fewer_messages, name="fewer_messages"),
]
