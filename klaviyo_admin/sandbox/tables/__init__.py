"""The tables of all rooms: a family of rooms keeps its own in a module here."""

import re

from klaviyo_admin.sandbox.tables import core, figures, jobs, mail, people, storefront, tags, things, webhooks

SCHEMA = "\n".join(family.TABLES for family in (core, storefront, tags, figures, people, things, jobs, mail, webhooks))
# What a new seed replaces: everything but the sandbox's own facts and its request log.
DATA_TABLES = tuple(re.findall(r"CREATE TABLE IF NOT EXISTS (\w+)", SCHEMA))
