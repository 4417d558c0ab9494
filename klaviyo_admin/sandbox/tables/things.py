"""The tables of resources that are a name, a status and a document: templates, campaigns, flows, catalogs and their like."""

# One table for all of them, told apart by `kind`: what differs lies in `data` (JSON). `parent` is the row number of what a
# thing belongs to and goes with; a bond joins two things that can do without each other.
TABLES = """
CREATE TABLE IF NOT EXISTS thing (
  n INTEGER PRIMARY KEY, account INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL,
  status TEXT NOT NULL, parent INTEGER, created INTEGER NOT NULL, updated INTEGER NOT NULL, data TEXT NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS thing_id ON thing (account, kind, id);
CREATE INDEX IF NOT EXISTS thing_created ON thing (account, kind, created);
CREATE INDEX IF NOT EXISTS thing_status ON thing (account, kind, status);
CREATE INDEX IF NOT EXISTS thing_parent ON thing (parent, kind) WHERE parent IS NOT NULL;

CREATE TABLE IF NOT EXISTS bond (
  kind TEXT NOT NULL, holder INTEGER NOT NULL, held INTEGER NOT NULL, PRIMARY KEY (kind, holder, held)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS bond_held ON bond (kind, held);

CREATE TABLE IF NOT EXISTS picture (image INTEGER PRIMARY KEY, content BLOB NOT NULL);
"""
