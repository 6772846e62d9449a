"""/account/...: only the pages that the portal needs, under allauth's names."""

from allauth.account import views as allauth_views
from django.urls import path, re_path

from engagement.people import enrolment_views, factor_views, security_views, views

urlpatterns = [
    path("login/", allauth_views.login, name="account_login"),
    path("passkey/", factor_views.passkey_sign_in, name="account_passkey"),
    # Named as the library's sign-in looks for it.
    path("second-step/", factor_views.second_step, name="mfa_authenticate"),
    path("confirm/", factor_views.confirm, name="account_confirm"),
    path("enrol/", enrolment_views.enrol_here, name="account_enrol_here"),
    path("enrol/<str:token>/", enrolment_views.enrol, name="account_enrol"),
    path("security/", security_views.security, name="account_security"),
    path("security/app/", security_views.new_app, name="account_new_app"),
    path("security/key/", security_views.new_key, name="account_new_key"),
    path("security/remove/", security_views.remove, name="account_remove_factor"),
    path("sessions/", security_views.sessions, name="account_sessions"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
    path(
        "confirm-email/",
        allauth_views.email_verification_sent,
        name="account_email_verification_sent",
    ),
    re_path(
        r"^confirm-email/(?P<key>[-:\w]+)/$", views.confirm_email, name="account_confirm_email"
    ),
    path("password/change/", allauth_views.password_change, name="account_change_password"),
    path("password/reset/", allauth_views.password_reset, name="account_reset_password"),
    path(
        "password/reset/done/",
        allauth_views.password_reset_done,
        name="account_reset_password_done",
    ),
    path(
        "password/reset/key/done/",
        allauth_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.choose_password,
        name="account_reset_password_from_key",
    ),
]
