"""Sign-in by e-mail code and sign-out. Only these doors of django-allauth are open."""

from __future__ import annotations

from allauth.account import views as allauth_views
from django.urls import path
from django.views.generic import RedirectView

from vaern.people.views import ask_for_code, give_code, staff_login

to_login = RedirectView.as_view(pattern_name="account_login")

urlpatterns = [
    path("log-ind/", ask_for_code, name="account_login"),
    path("log-ind/medarbejder/", staff_login, name="staff_login"),
    path("log-ind/kode/", to_login, name="account_request_login_code"),
    path("log-ind/bekraeft/", give_code, name="account_confirm_login_code"),
    path("log-ind/lukket/", allauth_views.account_inactive, name="account_inactive"),
    path("log-af/", allauth_views.logout, name="account_logout"),
    # django-allauth names these in its own flows; accounts are made by an administrator and have no password.
    path("log-ind/opret/", to_login, name="account_signup"),
    path("log-ind/igen/", to_login, name="account_reauthenticate"),
]
