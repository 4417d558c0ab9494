"""All addresses of the dashboard; the pages know theirs by subject."""

from django.urls import include, path

urlpatterns = [path("", include("klaviyo_admin.pages.urls"))]
