"""The words in which people choose the conditions of a segment, and what Klaviyo calls the same."""

Choices = tuple[tuple[str, str], ...]

KINDS: Choices = (
    ("", "Choose a condition …"),
    ("property", "What is known about them"),
    ("metric", "What they did, or did not do"),
    ("group", "Lists and segments that they are in"),
    ("consent", "What they agreed to"),
    ("region", "Where they live"),
    ("distance", "How near they live"),
    ("json", "Anything else (JSON)"),
)
NUMERIC: Choices = (
    ("greater-than-or-equal", "at least"),
    ("less-than-or-equal", "at most"),
    ("equals", "exactly"),
    ("not-equals", "any number but"),
    ("greater-than", "more than"),
    ("less-than", "less than"),
)
COMPARES: Choices = (
    ("string.equals", "is the text"),
    ("string.not-equals", "is not the text"),
    ("string.in", "is one of (with commas)"),
    ("string.not-in", "is none of (with commas)"),
    ("string.contains", "contains"),
    ("string.not-contains", "does not contain"),
    ("string.starts-with", "begins with"),
    ("string.ends-with", "ends with"),
    *((f"numeric.{key}", f"is the number: {label}") for key, label in NUMERIC),
    ("boolean.equals", "is (yes or no)"),
    ("list.contains", "is a list with"),
    ("list.not-contains", "is a list without"),
    ("date.in-the-last", "was in the last … days"),
    ("date.in-the-next", "is in the next … days"),
    ("date.at-least", "was at least … days ago"),
    ("date.after", "is a date after"),
    ("date.before", "is a date before"),
    ("existence.is-set", "has any value"),
    ("existence.not-set", "has no value"),
)
MEASURES: Choices = (("count", "How often"), ("sum", "Sum of its values"))
WHENS: Choices = (
    ("alltime", "ever"),
    ("in-the-last", "in the last …"),
    ("at-least", "longer ago than …"),
    ("after", "after the date …"),
    ("before", "before the date …"),
)
UNITS: Choices = (("day", "days"), ("week", "weeks"), ("hour", "hours"))
MEMBERS: Choices = (("yes", "is in"), ("no", "is not in"))
CONSENTS: Choices = (
    ("email.yes.any", "can be sent marketing by e-mail"),
    ("email.yes.subscribed", "subscribed to e-mail and can be sent it"),
    ("email.yes.never_subscribed", "never subscribed to e-mail but can be sent it"),
    ("email.no.any", "cannot be sent marketing by e-mail"),
    ("email.no.unsubscribed", "unsubscribed from e-mail"),
    ("sms.yes.subscribed", "can be sent marketing by SMS"),
    ("sms.no.any", "cannot be sent marketing by SMS"),
    ("sms.no.unsubscribed", "unsubscribed from SMS"),
    ("push.yes.any", "can be sent push messages"),
    ("push.no.any", "cannot be sent push messages"),
)
REGIONS: Choices = (
    ("yes.european_union", "in the European Union"),
    ("no.european_union", "outside the European Union"),
    ("yes.united_states", "in the United States"),
    ("no.united_states", "outside the United States"),
)
NEARS: Choices = (("less-than", "nearer than"), ("greater-than", "farther than"))
DISTANCES: Choices = (("kilometers", "kilometres"), ("miles", "miles"))

# Klaviyo knows these by their bare names; every other property is a custom one.
STANDARD = {
    "email": "E-mail",
    "phone_number": "Phone number",
    "first_name": "First name",
    "last_name": "Last name",
    "external_id": "External ID",
    "organization": "Organisation",
    "title": "Title",
    "locale": "Locale",
    "created": "Created",
    "location.city": "City",
    "location.region": "State or region",
    "location.country": "Country",
    "location.zip": "Postal code",
}
