"""What people do with a file of profiles: upload it, say where its columns go, propose the import.

Each call checks the person's right and moves the upload by compare-and-set, in one transaction. All raise NotAllowed
for a missing right, and UploadRefused for what the state of the upload forbids.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import BinaryIO

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from klaviyo_admin import jobs
from klaviyo_admin.accounts.models import Account, Person
from klaviyo_admin.accounts.rights import demand
from klaviyo_admin.areas.profiles.importing import Origin, build_import
from klaviyo_admin.areas.sheets.likeness import LOOKED_AT, refuse_what_is_no_csv, refuse_what_is_too_large
from klaviyo_admin.audit.log import record
from klaviyo_admin.changes import review
from klaviyo_admin.changes.models import Change
from klaviyo_admin.changes.timing import Plan
from klaviyo_admin.imports import columns, mapping, storing
from klaviyo_admin.imports.mapping import Choice
from klaviyo_admin.imports.models import Piece, Upload
from klaviyo_admin.klaviyo.values import Kind

ANALYSE = "klaviyo_admin.imports.tasks.analyse"
CHECK = "klaviyo_admin.imports.tasks.check"
LONGEST_NAME = 255  # characters of a list's name that an upload keeps
_CAN_BE_MAPPED = ("analysed", "mapped", "checked")


class UploadRefused(Exception):
    """`sentence` says in plain words why the upload cannot go on like this."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def receive(person: Person, account: Account, name: str, size: int, stream: BinaryIO) -> Upload:
    """Stores a file sealed and has the worker read it. Raises NotCsv for what is surely no CSV, or too large."""
    demand(person, account, "propose")
    name = _shown(name)
    refuse_what_is_too_large(size, name)
    beginning = stream.read(LOOKED_AT)
    refuse_what_is_no_csv(beginning, name)
    with transaction.atomic():
        upload = Upload.objects.create(account=account, person=person, name=name, size=size)
        storing.keep_file(upload, chain([beginning], _blocks(stream)))
        said = f"Uploaded the file “{name}” with {size:,} bytes."
        record(
            "upload.received", sentence=said, person=person, account=account, object=("upload", str(upload.pk), name)
        )
        jobs.enqueue(ANALYSE, upload.pk)
    return upload


def choose(
    person: Person, upload: Upload, choices: Sequence[Choice], country: str, to: Kind | None, named: str
) -> None:
    """Says where each column goes, which country phone numbers without a code are of ("" for none), and which list the
    profiles join (`to`, called `named`; None for none). The worker checks the rows then."""
    demand(person, upload.account, "propose")
    if faults := mapping.faults(choices):
        raise UploadRefused(" ".join(faults))
    with transaction.atomic():
        # The new fence voids a check that still runs by the former choice.
        moved = Upload.objects.filter(pk=upload.pk, status__in=_CAN_BE_MAPPED, purged=False).update(
            status="mapped",
            choices=mapping.to_json(choices),
            country=country,
            list_id=to.id if to else "",
            list_name=named[:LONGEST_NAME] if to else "",
            fence=F("fence") + 1,
            attempts=0,
            lease_until=None,
            hinted_at=timezone.now(),
        )
        if not moved:
            raise UploadRefused("The columns of this file can no longer be changed. Upload it again to start anew.")
        jobs.enqueue(CHECK, upload.pk)


def propose(person: Person, upload: Upload, reason: str, plan: Plan = review.AT_ONCE) -> Change:
    """Proposes the import of the good rows. Also raises ReviewRefused (empty reason)."""
    demand(person, upload.account, "propose")
    if not upload.good:
        raise UploadRefused("No row of this file can be imported.")
    to = Kind("list", upload.list_id) if upload.list_id else None
    intent = build_import(storing.chunks(upload), Origin(upload.name, to, upload.list_name), _details(upload))
    with transaction.atomic():
        # By the fence, so that what is proposed is what this person saw checked. Locked before the audit is.
        ready = Upload.objects.select_for_update().filter(pk=upload.pk, status="checked", fence=upload.fence)
        if ready.only("pk").first() is None:
            raise UploadRefused("This file was proposed or changed a moment ago. Look at it again.")
        change = review.propose(person, upload.account, intent, reason, plan=plan)
        ready.update(status="proposed", change=change)
        Piece.objects.filter(upload=upload, kind="chunk").delete()
    return change


def choices_of(upload: Upload) -> tuple[Choice, ...]:
    """What was chosen for the columns, or else the guess."""
    if upload.choices is not None:
        return mapping.from_json(upload.choices)
    analysis = columns.from_json(upload.analysis)
    return mapping.guess(analysis.layout.headings, analysis.kinds, analysis.empty)


def _details(upload: Upload) -> list[tuple[str, object]]:
    return [
        ("File", upload.name),
        ("Rows to import", upload.good),
        ("Rows left out because of problems", upload.listed),
        ("Blank rows", upload.blank),
    ]


def _shown(name: str) -> str:
    """The last part of a file's name, without what cannot be seen, short enough for a sentence."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(c if c.isprintable() else " " for c in unicodedata.normalize("NFC", last))
    seen = " ".join(seen.split()) or "file.csv"
    return seen if len(seen) <= 100 else f"{seen[:80]}…{seen[-15:]}"


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    while block := stream.read(storing.PIECE):
        yield block
