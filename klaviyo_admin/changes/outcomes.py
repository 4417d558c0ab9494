"""What an answer of Klaviyo means for a step: its status, and a sentence about it that names no customer."""

from dataclasses import asdict
from typing import Any

from klaviyo_admin.changes.models import Step
from klaviyo_admin.klaviyo.errors import Forbidden, KlaviyoError, NotFound, Refused, Throttled, Unauthorised, Unclear
from klaviyo_admin.klaviyo.values import Receipt

# Bytes of an answer that are kept; nobody reads more, and a long one is a report, not a receipt.
KEPT_ANSWER = 256 * 1024
LONGEST_ID = 255  # characters of a job's id that its column holds
JOB_LOST = "Klaviyo accepted the request but names no job to follow. Look in Klaviyo whether it was done."
SAID = {"done": "done.", "accepted": "accepted; Klaviyo works on it.", "failed": "failed.", "unclear": "unclear."}
DIED = "The worker stopped while this request was on its way, so nobody knows whether Klaviyo carried it out."


def accepted(step: Step, receipt: Receipt) -> dict[str, Any]:
    """The columns of a step after a 2xx."""
    job = job_of(receipt) if step.follow else ""
    status = "done" if not step.follow else "accepted" if job else "unclear"
    return {
        "status": status,
        "remote_job": job,
        "response_status": receipt.status,
        "response": receipt.body[:KEPT_ANSWER],
        "problems": None,
        "error": JOB_LOST if status == "unclear" else "",
    }


def refused(error: Refused | Unclear) -> dict[str, Any]:
    """The columns of a step after a no, or after silence."""
    return {
        "status": "unclear" if isinstance(error, Unclear) else "failed",
        "response_status": error.status or None,
        "response": error.body[:KEPT_ANSWER],
        "problems": raw(error),
        "error": plainly(error),
    }


def raw(error: KlaviyoError) -> dict[str, Any]:
    """Everything that Klaviyo said, for a sealed column: it may repeat what a customer is called."""
    problems = error.problems if isinstance(error, Refused) else ()
    return {"summary": error.summary, "problems": [asdict(problem) for problem in problems]}


def plainly(error: KlaviyoError) -> str:
    """One sentence about an error, made of our own words, a status and Klaviyo's error codes only."""
    match error:
        case Unauthorised():
            return "Klaviyo does not accept the account's key (401)."
        case Forbidden():
            missing = f" It lacks {', '.join(error.scopes)}." if error.scopes else ""
            return f"The account's key may not do this (403).{missing}"
        case NotFound():
            return "Klaviyo does not have it (404): it was deleted or merged."
        case Refused():
            codes = ", ".join(dict.fromkeys(p.code for p in error.problems if p.code))
            return f"Klaviyo refused it ({error.status}{': ' + codes if codes else ''})."
        case Throttled():
            return "Klaviyo asked to wait."
        case Unclear():
            return "No trustworthy answer came back, so nobody knows whether Klaviyo carried it out."
        case _:
            return "Klaviyo could not be reached."


def made(receipt: Receipt) -> dict[str, Any]:
    """The type and id that an answer names, for the audit."""
    data = receipt.document.get("data") if isinstance(receipt.document, dict) else None
    return {"answer": [data.get("type"), data.get("id")]} if isinstance(data, dict) else {}


def job_of(receipt: Receipt) -> str:
    """The id of the remote job that an answer names, "" if it names none."""
    data = receipt.document.get("data") if isinstance(receipt.document, dict) else None
    ident = data.get("id") if isinstance(data, dict) else None
    return ident if isinstance(ident, str) and len(ident) <= LONGEST_ID else ""


def summary(steps: list[Step]) -> tuple[str, str]:
    """How a change ended: its status, and a sentence for people and for the audit."""
    count = {status: sum(1 for s in steps if s.status == status) for status in {s.status for s in steps}}
    done, total = count.get("done", 0), len(steps)
    status = "unclear" if count.get("unclear") else "failed" if count.get("failed") else "done"
    if status != "unclear" and any(step.resolution == "cancelled" for step in steps):
        status = "cancelled"
    if status == "done" and done == total:
        said = "Its request was carried out." if total == 1 else f"All {total:,} requests were carried out."
    else:
        said = f"{done:,} of {total:,} requests were carried out."
    words = {"failed": "failed", "unclear": "unclear", "skipped": "left out", "waiting": "not sent"}
    rest = [f"{count[key]:,} {word}" for key, word in words.items() if count.get(key)]
    said += f" {', '.join(rest).capitalize()}." if rest else ""
    rows = sum(s.failed_rows or 0 for s in steps)
    said += f" Klaviyo refused {rows:,} {'row' if rows == 1 else 'rows'}." if rows else ""
    return status, said
