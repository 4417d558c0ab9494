"""The table of what is tagged: by the kind and id of the resource, as ids are never given out twice."""

TABLES = """
CREATE TABLE IF NOT EXISTS tagging (
  tag INTEGER NOT NULL, kind TEXT NOT NULL, object TEXT NOT NULL, PRIMARY KEY (tag, kind, object)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS tagging_object ON tagging (kind, object);
"""
