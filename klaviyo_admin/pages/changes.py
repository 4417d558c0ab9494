"""The inbox of changes, one change and what may be done with it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path

from klaviyo_admin.pages.render import page


def soon(request: HttpRequest, **_: Any) -> HttpResponse:
    """Stands here until the owner of this slice writes its pages."""
    return page(request, "soon.html", {})


urlpatterns = [
    path("a/<int:account>/changes/", soon, name="changes"),
    path("a/<int:account>/changes/<int:pk>/", soon, name="change"),
    path("a/<int:account>/changes/<int:pk>/approve/", soon, name="change-approve"),
    path("a/<int:account>/changes/<int:pk>/reject/", soon, name="change-reject"),
    path("a/<int:account>/changes/<int:pk>/withdraw/", soon, name="change-withdraw"),
    path("a/<int:account>/changes/<int:pk>/resume/", soon, name="change-resume"),
    path("a/<int:account>/changes/<int:pk>/progress/", soon, name="change-progress"),
    path("a/<int:account>/changes/<int:pk>/steps/<int:step>/resolve/", soon, name="step-resolve"),
]
