"""Who may decide about a change."""

from django.db.models import QuerySet

from klaviyo_admin.accounts import rights
from klaviyo_admin.accounts.models import Membership, Person
from klaviyo_admin.changes.models import Change


def of(change: Change) -> QuerySet[Person]:
    """The people who may decide about a change, by name; its author is none of them."""
    roles = Membership.objects.filter(account=change.account, role__in=rights.roles_with("approve"))
    found = Person.objects.filter(is_active=True, pk__in=roles.values("person"))
    return found.exclude(pk=change.author_id).order_by("name", "pk")
