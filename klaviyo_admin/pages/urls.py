"""Puts the pages together. Areas come last: their addresses begin with an area's key, so any other subject wins."""

from klaviyo_admin.pages import (
    accounts,
    areas,
    audit,
    changes,
    console,
    conversation,
    home,
    imports,
    people,
    picking,
    policies,
    session,
    together,
    undoing,
    views_kept,
)

urlpatterns = [
    *session.urlpatterns,
    *home.urlpatterns,
    *accounts.urlpatterns,
    *people.urlpatterns,
    *changes.urlpatterns,
    *conversation.urlpatterns,
    *together.urlpatterns,
    *views_kept.urlpatterns,
    *undoing.urlpatterns,
    *policies.urlpatterns,
    *audit.urlpatterns,
    *imports.urlpatterns,
    *picking.urlpatterns,
    *console.urlpatterns,
    *areas.urlpatterns,
]
