"""The tables of figures beside events: which metric stands for which figure of the shop, and who left a segment when."""

TABLES = """
CREATE TABLE IF NOT EXISTS mapped_metric (
  n INTEGER PRIMARY KEY, account INTEGER NOT NULL, id TEXT NOT NULL, metric INTEGER, custom INTEGER,
  updated INTEGER NOT NULL, day INTEGER NOT NULL DEFAULT 0, changes INTEGER NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX IF NOT EXISTS mapped_metric_id ON mapped_metric (account, id);

CREATE TABLE IF NOT EXISTS departure (
  n INTEGER PRIMARY KEY, circle INTEGER NOT NULL, joined INTEGER NOT NULL, gone INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS departure_circle ON departure (circle);
"""
