"""The tables of metrics beside events: which metric stands for which figure of the shop."""

TABLES = """
CREATE TABLE IF NOT EXISTS mapped_metric (
  n INTEGER PRIMARY KEY, account INTEGER NOT NULL, id TEXT NOT NULL, metric INTEGER, custom INTEGER,
  updated INTEGER NOT NULL, day INTEGER NOT NULL DEFAULT 0, changes INTEGER NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX IF NOT EXISTS mapped_metric_id ON mapped_metric (account, id);
"""
