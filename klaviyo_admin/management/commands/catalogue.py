"""Command line of the catalogue: takes the facts out of Klaviyo's OpenAPI file, or compares it with what is stored."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError

from klaviyo_admin.klaviyo import comparison, generator


class Command(BaseCommand):
    help = "Writes the facts of Klaviyo's OpenAPI file into the catalogue, or compares the two."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="Klaviyo's OpenAPI document, as JSON")
        parser.add_argument("--compare", action="store_true", help="only print what would change")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            document = orjson.loads(file.read_bytes())
        except (OSError, ValueError) as error:
            raise CommandError(f"{file} cannot be read as JSON: {error}") from error
        if not isinstance(document, dict) or "paths" not in document:
            raise CommandError(f"{file} is no OpenAPI document.")
        lines = list(comparison.differences(generator.read(), generator.areas_of(document)))
        for line in lines:
            self.stdout.write(line)
        if options["compare"]:
            self.stdout.write(f"{len(lines)} differences from the stored catalogue")
        else:
            self.stdout.write(f"{generator.write(document)} operations written, {len(lines)} differences")
