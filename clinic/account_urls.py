"""The parts of allauth that this site uses; people come by invitation, so there is no sign-up page."""

from allauth.account import views
from django.urls import URLPattern, path, re_path
from django.views.decorators.http import require_http_methods

from accounts.people.adapters import View, staff_only
from accounts.post.views import sign_in

# allauth's forms answer PUT like POST; here only what a browser's form can send is answered.
form_page = require_http_methods(["GET", "HEAD", "POST"])


def page(route: str, view: View, name: str) -> URLPattern:
    return path(route, form_page(view), name=name)


urlpatterns = [
    page("login/", sign_in.SignInView.as_view(), name="account_login"),
    page("logout/", views.logout, name="account_logout"),
    page("login/code/", sign_in.RequestCodeView.as_view(), name="account_request_login_code"),
    page("login/code/confirm/", sign_in.ConfirmCodeView.as_view(), name="account_confirm_login_code"),
    page("reauthenticate/", staff_only()(views.reauthenticate), name="account_reauthenticate"),
    page("password/change/", staff_only()(views.password_change), name="account_change_password"),
    page("password/reset/", sign_in.ResetPasswordView.as_view(), name="account_reset_password"),
    page("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    # A pattern and not a path: the first part holds no dash, the second may.
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        form_page(sign_in.ResetFromKeyView.as_view()),
        name="account_reset_password_from_key",
    ),
    page(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    page("inactive/", views.account_inactive, name="account_inactive"),
    page("signup/", views.signup, name="account_signup"),
]
