"""Puts the pages together. Areas come last: their addresses begin with an area's key, so any other subject wins."""

from klaviyo_admin.pages import accounts, areas, audit, changes, home, imports, people, policies, session, undoing

urlpatterns = [
    *session.urlpatterns,
    *home.urlpatterns,
    *accounts.urlpatterns,
    *people.urlpatterns,
    *changes.urlpatterns,
    *undoing.urlpatterns,
    *policies.urlpatterns,
    *audit.urlpatterns,
    *imports.urlpatterns,
    *areas.urlpatterns,
]
