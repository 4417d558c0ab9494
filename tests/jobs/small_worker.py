"""A worker that counts its seconds in a file: `python -m tests.jobs.small_worker`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "klaviyo_admin.settings")
django.setup()

from klaviyo_admin import jobs  # noqa: E402  the module needs Django to be set up
from tests.jobs.tasks import FOLDER  # noqa: E402


def count() -> None:
    seen = FOLDER / "seconds"
    seen.write_text(str(int(seen.read_text() or 0) + 1) if seen.exists() else "1")


if __name__ == "__main__":
    jobs.run_worker(count)
