"""Coming in, going out, and the light in which a person reads."""

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from klaviyo_admin.accounts.login import LoginForm
from klaviyo_admin.pages.context import THEME_COOKIE, THEMES
from klaviyo_admin.pages.render import way_back

A_YEAR = 60 * 60 * 24 * 365


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keeps the chosen theme in a cookie and goes back to where the person was."""
    answer = way_back(request, reverse("home"))
    if request.POST.get("theme") in THEMES:
        answer.set_cookie(
            THEME_COOKIE,
            request.POST["theme"],
            max_age=A_YEAR,
            samesite="Lax",
            secure=request.is_secure(),
            httponly=True,
        )
    return answer


urlpatterns = [
    path(
        "login/",
        LoginView.as_view(
            template_name="session/login.html", authentication_form=LoginForm, redirect_authenticated_user=True
        ),
        name="login",
    ),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("theme/", theme, name="theme"),
]
