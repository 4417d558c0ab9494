"""The people of this installation, the roles they have in an account, and the link with which they set a password."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse, reverse_lazy
from django.views.decorators.http import require_POST

from klaviyo_admin.accounts import rights, service, trust
from klaviyo_admin.accounts.models import ROLES, Account, Person
from klaviyo_admin.accounts.service import AccountRefused
from klaviyo_admin.pages.account_forms import AddPersonForm, RoleForm
from klaviyo_admin.pages.render import account_for, page, person_of

if TYPE_CHECKING:
    _TwoPasswords = SetPasswordForm[Person]
else:
    _TwoPasswords = SetPasswordForm


def people(request: HttpRequest) -> HttpResponse:
    """Everybody, for an owner; for an admin the way to the accounts they manage."""
    person = person_of(request)
    if not person.is_superuser and not rights.accounts_of(person, "manage"):
        raise rights.NotAllowed("Only owners and admins see who works here.")
    return page(request, "people/people.html", _everybody(person))


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Adds a person and shows the link for them, this once."""
    owner = person_of(request)
    rights.demand_owner(owner)
    form = AddPersonForm(request.POST)
    if form.is_valid():
        try:
            added = service.add_person(owner, form.cleaned_data["email"], form.cleaned_data["name"])
            return _link(request, owner, added)
        except AccountRefused as refused:
            form.add_error(refused.field or None, refused.sentence)
    return page(request, "people/people.html", _everybody(owner) | {"form": form}, status=422)


@require_POST
def act_on(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """What an owner does about one person: another link, letting them go, taking them back."""
    owner, person = person_of(request), get_object_or_404(Person, pk=pk)
    if act == "link":
        return _link(request, owner, person)
    try:
        if act == "let-go":
            service.let_go(owner, person)
        else:
            service.take_back(owner, person)
    except AccountRefused as refused:
        messages.error(request, refused.sentence)
    return redirect("people")


def account_people(request: HttpRequest, account: int) -> HttpResponse:
    here = account_for(request, account, "manage")
    return _members(request, here, RoleForm(here))


@require_POST
def give(request: HttpRequest, account: int) -> HttpResponse:
    """Gives somebody who has none a role."""
    here = account_for(request, account, "manage")
    form = RoleForm(here, request.POST)
    if not form.is_valid():
        return _members(request, here, form, 422)
    service.give_role(person_of(request), here, form.cleaned_data["person"], form.cleaned_data["role"])
    messages.success(request, f"{form.cleaned_data['person']} is {form.cleaned_data['role']} now.")
    return redirect("account-people", account=here.pk)


@require_POST
def change(request: HttpRequest, account: int, pk: int) -> HttpResponse:
    """Changes or takes (the role is "") what a member has."""
    here = account_for(request, account, "manage")
    member = get_object_or_404(Person, pk=pk, memberships__account=here)
    role = request.POST.get("role", "")
    try:
        if role:
            service.give_role(person_of(request), here, member, role)
        else:
            service.take_role(person_of(request), here, member)
        messages.success(request, f"{member} is {role} now." if role else f"{member} has no role here any more.")
    except AccountRefused as refused:
        messages.error(request, refused.sentence)
    # Whoever gave their own role away may no longer see the list.
    mine = rights.may(request.user, here, "manage")
    return redirect("account-people", account=here.pk) if mine else redirect("accounts")


@require_POST
def emergency(request: HttpRequest, account: int, pk: int) -> HttpResponse:
    """Makes an admin an emergency person, or no longer one."""
    here = account_for(request, account, "manage")
    member = get_object_or_404(Person, pk=pk, memberships__account=here)
    wanted = request.POST.get("emergency") == "yes"
    try:
        trust.set_emergency(person_of(request), here, member, wanted)
        messages.success(
            request,
            f"{member} {'may break the glass in an emergency' if wanted else 'is no emergency person any more'}.",
        )
    except AccountRefused as refused:
        messages.error(request, refused.sentence)
    return redirect("account-people", account=here.pk)


@require_POST
def duties(request: HttpRequest, account: int, pk: int) -> HttpResponse:
    """Says what a member is responsible for: words that rules of the policy may name."""
    here = account_for(request, account, "manage")
    member = get_object_or_404(Person, pk=pk, memberships__account=here)
    try:
        kept = trust.set_duties(person_of(request), here, member, request.POST.get("duties", "").split(","))
        messages.success(request, f"{member} is responsible for {', '.join(kept) or 'nothing in particular'}.")
    except AccountRefused as refused:
        messages.error(request, refused.sentence)
    return redirect("account-people", account=here.pk)


class WelcomeForm(_TwoPasswords):
    """The same two fields as ever, through the service, so that it is on record."""

    def save(self, commit: bool = True) -> Person:
        service.set_password(self.user, self.cleaned_data["new_password1"], by=self.user)
        return self.user


def _link(request: HttpRequest, owner: Person, person: Person) -> HttpResponse:
    link = request.build_absolute_uri(reverse("welcome", args=service.make_link(owner, person)))
    return page(request, "people/link.html", {"whom": person, "link": link})


def _everybody(person: Person) -> dict[str, Any]:
    """For an owner `everybody` with their roles; for both the accounts they `manage`."""
    found = Person.objects.prefetch_related("memberships__account").order_by("-is_active", "name")
    return {
        "everybody": found if person.is_superuser else None,
        "manages": rights.accounts_of(person, "manage"),
        "form": AddPersonForm(),
    }


def _members(request: HttpRequest, here: Account, form: RoleForm, status: int = 200) -> HttpResponse:
    members = here.memberships.select_related("person").order_by("person__name")
    context = {"members": members, "roles": ROLES, "form": form}
    return page(request, "people/members.html", context, here, status)


welcome = PasswordResetConfirmView.as_view(
    template_name="people/welcome.html", form_class=WelcomeForm, success_url=reverse_lazy("login")
)
urlpatterns = [
    path("people/", people, name="people"),
    path("people/add/", add, name="person-add"),
    path("people/<int:pk>/link/", act_on, {"act": "link"}, name="person-link"),
    path("people/<int:pk>/let-go/", act_on, {"act": "let-go"}, name="person-let-go"),
    path("people/<int:pk>/take-back/", act_on, {"act": "take-back"}, name="person-take-back"),
    path("welcome/<uidb64>/<token>/", welcome, name="welcome"),
    path("a/<int:account>/people/", account_people, name="account-people"),
    path("a/<int:account>/people/give/", give, name="role-give"),
    path("a/<int:account>/people/<int:pk>/", change, name="role-change"),
    path("a/<int:account>/people/<int:pk>/emergency/", emergency, name="role-emergency"),
    path("a/<int:account>/people/<int:pk>/duties/", duties, name="role-duties"),
]
