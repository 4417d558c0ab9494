"""`manage.py person`: adds a person, gives them a password or a role. The first owner comes in this way."""

import os
import sys
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from klaviyo_admin.accounts import service
from klaviyo_admin.accounts.models import ROLES, Account, Person

PASSWORD = "PERSON_PASSWORD"  # noqa: S105 the name of a variable, not a password


class Command(BaseCommand):
    help = f"Add a person or give one a role. The password is asked for, or read from ${PASSWORD}; never an argument."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", help="what people call them; needed for somebody new")
        parser.add_argument("--owner", action="store_true", help="may connect accounts and add people")
        parser.add_argument("--role", choices=[role for role, _ in ROLES])
        parser.add_argument("--account", help="the name of the account that the role is for")
        parser.add_argument("--password", action="store_true", help="set a new password for somebody who is here")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["role"]) != bool(options["account"]):
            raise CommandError("--role and --account go together.")
        account = _account(options["account"]) if options["account"] else None
        email = options["email"].strip().lower()
        person = Person.objects.filter(email=email).first()
        try:
            if person is None:
                person = self._add(email, options["name"], options["owner"])
            elif options["password"]:
                service.set_password(person, _password(person))
                self.stdout.write(f"Set a new password for {person}.")
            if options["owner"] and not person.is_superuser:
                service.make_owner(person)
                self.stdout.write(f"{person} is an owner now.")
            if account:
                service.give_role(None, account, person, options["role"])
                self.stdout.write(f"{person} is {options['role']} of {account}.")
        except service.AccountRefused as refused:
            raise CommandError(refused.sentence) from None

    def _add(self, email: str, name: str | None, owner: bool) -> Person:
        if not name:
            raise CommandError("Somebody new needs a --name.")
        password = _password(Person(email=email, name=name))
        person = service.add_person(None, email, name, password=password, owner=owner)
        self.stdout.write(f"Added {person}{' as an owner' if owner else ''}.")
        return person


def _account(name: str) -> Account:
    try:
        return Account.objects.get(name__iexact=name, archived_at=None)
    except Account.DoesNotExist:
        raise CommandError(f"No account is called “{name}”.") from None
    except Account.MultipleObjectsReturned:
        raise CommandError(f"More than one account is called “{name}”.") from None


def _password(person: Person) -> str:
    password = os.environ.get(PASSWORD) or _typed()
    try:
        validate_password(password, person)
    except ValidationError as weak:
        raise CommandError(" ".join(weak.messages)) from None
    return password


def _typed() -> str:
    if not sys.stdin.isatty():
        raise CommandError(f"There is no terminal to ask for the password; put it in ${PASSWORD}.")
    password = getpass("Password: ")
    if getpass("Once more: ") != password:
        raise CommandError("The two passwords differ.")
    return password
