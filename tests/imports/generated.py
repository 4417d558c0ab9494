"""A difficult file of 10,000 rows, and what has to become of each of them."""

import csv
import io
from dataclasses import dataclass, field

HEADINGS = ["Email", "Phone Number", "First Name", "Last Name", "City", "Zip Code", "Klaviyo ID", "Plan", "Note", "Fax"]
ROWS = 10_000


@dataclass
class Difficult:
    """`good`, `listed`, `refused` (by Klaviyo, because of an unknown Klaviyo ID) and `blank` hold lines of the file."""

    text: str = ""
    good: dict[int, str] = field(default_factory=dict)  # line -> e-mail address
    listed: dict[int, str] = field(default_factory=dict)  # line -> a part of what is said
    refused: set[int] = field(default_factory=set)
    blank: set[int] = field(default_factory=set)


def difficult() -> Difficult:
    """The file as text with CRLF; physical lines are counted on the way."""
    made, held = Difficult(), io.StringIO(newline="")
    writer = csv.writer(held)
    writer.writerow(HEADINGS)
    line, first = 2, {}
    for n in range(ROWS):
        email, phone, note = f"import{n}@example.com", f"+1646555{n:04d}", "plain"
        klaviyo_id, says, more = "", "", []
        match n % 50:
            case 1:
                note = 'quoted, "twice", with commas'
            case 2:
                note = f"a note{chr(10)}over two lines"
            case 3:
                note = f"three{chr(13)}{chr(10)}lines,{chr(10)}with a comma"
            case 4:
                phone = f"(646) 555-{n:04d}"
            case 5:
                phone = f"646555{n:04d}"
            case 6:
                email, says = f"import{n}.example.com", "no @"
            case 7:
                email, says = f"import{n}@@example.com", "more than one @"
            case 8:
                email, phone, says = f"import{n - 8}@example.com", "", f"Same e-mail address as line {first.get(n - 8)}"
            case 9:
                email, says = f"other{n}@example.com", f"Same phone number as line {first.get(n - 9)}"
                phone = f"+1646555{n - 9:04d}"
            case 10:
                email = f"{email}; {email}"
            case 11:
                email, says = f"{email} / second{n}@example.com", "Two different e-mail addresses"
            case 12:
                phone, says = "12345", "too short or too long"
            case 13:
                email, phone, says = "", "", "does not say who"
            case 14:
                more, says = ["one cell too many"], "11 cells"
            case 15:
                phone, email = "", f"  IMPORT{n}@Example.com "
            case 16 if n < 1_000:
                klaviyo_id = f"01UNKNOWN{n:05d}"
            case 17 if n < 2_000:
                held.write("\r\n")
                made.blank.add(line)
                line += 1
                continue
            case 18 if n < 2_000:
                held.write(",,, ,,,,,,\r\n")
                made.blank.add(line)
                line += 1
                continue
        row = [email, phone, "Zoë", "O'Hara" if n % 2 else "Müller", "Köln", f"{n:05d}", klaviyo_id, "gold", note, ""]
        writer.writerow(row + more)
        first[n] = line
        if says:
            made.listed[line] = says
        elif klaviyo_id:
            made.refused.add(line)
        else:
            made.good[line] = email.split(";")[0].strip().lower()
        line += 1 + note.replace("\r\n", "\n").count("\n")
    made.text = held.getvalue()
    return made
