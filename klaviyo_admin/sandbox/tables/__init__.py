"""The tables of all rooms: a family of rooms keeps its own in a module here."""

import re

from klaviyo_admin.sandbox.tables import core, figures, mail, people, storefront, tags, things

SCHEMA = "\n".join(
    (core.TABLES, storefront.TABLES, tags.TABLES, figures.TABLES, people.TABLES, things.TABLES, mail.TABLES)
)
# What a new seed replaces: everything but the sandbox's own facts and its request log.
DATA_TABLES = tuple(re.findall(r"CREATE TABLE IF NOT EXISTS (\w+)", SCHEMA))
