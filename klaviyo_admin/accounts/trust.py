"""Of whom other admins say that they may break the glass: an emergency person of an account."""

from django.db import transaction

from klaviyo_admin.accounts import rights
from klaviyo_admin.accounts.models import Account, Membership, Person
from klaviyo_admin.accounts.service import AccountRefused
from klaviyo_admin.audit import log


def set_emergency(giver: Person, account: Account, person: Person, wanted: bool) -> None:
    """Makes an admin an emergency person or no longer one; nobody makes themselves one. Raises NotAllowed, AccountRefused."""
    rights.demand(giver, account, "manage")
    if wanted and giver.pk == person.pk:
        raise AccountRefused("Another admin has to say that you may break the glass.")
    with transaction.atomic():
        member = Membership.objects.select_for_update().filter(account=account, person=person).first()
        if member is None or (wanted and member.role != "admin"):
            raise AccountRefused("Only an admin of this account can be an emergency person.")
        if member.emergency == wanted:
            return
        Membership.objects.filter(pk=member.pk).update(emergency=wanted)
        may = "may break the glass" if wanted else "may no longer break the glass"
        log.record(
            "role.emergency",
            sentence=f"{person} {may} in “{account}”.",
            person=giver,
            account=account,
            object=("person", str(person.pk), str(person)),
            detail={"emergency": wanted},
        )
