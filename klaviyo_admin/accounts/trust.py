"""What admins say of people beside their role: that they may break the glass, and what they are responsible for."""

from collections.abc import Iterable

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


MOST_DUTIES, LONGEST_DUTY = 5, 30


def set_duties(giver: Person, account: Account, person: Person, wanted: Iterable[str]) -> tuple[str, ...]:
    """Says what a member is responsible for ("legal", "brand"); returns it as it is kept. Nobody gives themselves a
    responsibility: their one approval would count for both. Raises NotAllowed, AccountRefused."""
    rights.demand(giver, account, "manage")
    duties = tuple(dict.fromkeys(" ".join(one.lower().split()) for one in wanted if one.strip()))
    if len(duties) > MOST_DUTIES or any(len(one) > LONGEST_DUTY for one in duties):
        raise AccountRefused(
            f"At most {MOST_DUTIES} responsibilities of at most {LONGEST_DUTY} letters each.", "duties"
        )
    with transaction.atomic():
        member = Membership.objects.select_for_update().filter(account=account, person=person).first()
        if member is None:
            raise AccountRefused(f"{person} has no role in {account}.")
        if tuple(member.duties) == duties:
            return duties
        if giver.pk == person.pk and not set(duties) <= set(member.duties):
            raise AccountRefused("Another admin has to say what you are responsible for.", "duties")
        Membership.objects.filter(pk=member.pk).update(duties=list(duties))
        what = f"is responsible for {', '.join(duties)}" if duties else "has no responsibility any more"
        log.record(
            "role.duties",
            sentence=f"{person} {what} in “{account}”.",
            person=giver,
            account=account,
            object=("person", str(person.pk), str(person)),
            detail={"before": member.duties, "after": list(duties)},
        )
    return duties


def duties_in(account: Account) -> list[str]:
    """Everything that somebody in an account is responsible for, by name."""
    found = Membership.objects.filter(account=account, person__is_active=True).values_list("duties", flat=True)
    return sorted({duty for duties in found for duty in duties})
