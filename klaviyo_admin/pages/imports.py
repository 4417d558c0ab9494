"""Files of profiles: upload, mapping, preview, proposal."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path

from klaviyo_admin.pages.render import page


def soon(request: HttpRequest, **_: Any) -> HttpResponse:
    """Stands here until the owner of this slice writes its pages."""
    return page(request, "soon.html", {})


urlpatterns = [
    path("a/<int:account>/imports/", soon, name="imports"),
    path("a/<int:account>/imports/new/", soon, name="import-new"),
    path("a/<int:account>/imports/<int:pk>/", soon, name="import"),
]
