"""`manage.py audit verify [FILE]`, `audit key`, `audit checkpoint`, `audit stream`: the proof that the audit log is as it was written."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from klaviyo_admin.audit import checkpoints, signing
from klaviyo_admin.audit.models import Head
from klaviyo_admin.audit.verify import verify
from klaviyo_admin.exports import stream
from klaviyo_admin.exports.audit_check import check


class Command(BaseCommand):
    help = (
        "verify: check the log, or an exported FILE without any database. key: print the public key, which makes the "
        "check possible elsewhere (audit verify FILE --key KEY). checkpoint: sign the end of the log now. "
        "stream: how far the live stream got."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["verify", "key", "checkpoint", "stream"])
        parser.add_argument("file", nargs="?", type=Path, help="a CSV or JSONL file from the audit page")
        parser.add_argument("--key", help="the public key to trust, instead of those of this installation")

    def handle(self, *args: Any, **options: Any) -> None:
        keys = (options["key"].strip().lower(),) if options["key"] else signing.public_keys()
        if options["what"] == "key":
            return self.stdout.write(keys[0])
        if options["what"] == "checkpoint":
            return self.checkpoint()
        if options["what"] == "stream":
            return self.stream()
        return self.of_file(options["file"], keys) if options["file"] else self.of_database(keys)

    def checkpoint(self) -> None:
        made = checkpoints.make()
        self.stdout.write(
            f"{made.lines} lines, {made.hash}, signed {made.at:%Y-%m-%d %H:%M:%S %Z}." if made else "Empty."
        )

    def stream(self) -> None:
        if not settings.AUDIT_STREAM:
            return self.stdout.write("AUDIT_STREAM is not set.")
        at, head = stream.current(), Head.objects.first()
        said = f" The last delivery failed: {at.error}" if at.error else ""
        return self.stdout.write(f"{at.lines} of {head.lines if head else 0} lines delivered.{said}")

    def of_file(self, file: Path, keys: tuple[str, ...]) -> None:
        try:
            verdict = check(file, keys)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        if not verdict.holds:
            raise CommandError(f"{file} is broken at line {verdict.first_broken}. {verdict.problem}")
        self.stdout.write(f"All {verdict.lines} lines of {file} are as they were exported, and none is missing.")

    def of_database(self, keys: tuple[str, ...]) -> None:
        verdict = verify(keys=keys)
        if not verdict.holds:
            raise CommandError(f"The audit log is broken. {verdict.problem} ({verdict.lines} lines before it hold.)")
        head = Head.objects.first()
        end = f" It ends with {head.hash}: note that elsewhere, and a log rewritten as a whole shows." if head else ""
        self.stdout.write(f"All {verdict.lines} lines hold.{end}")
