"""The tables of webhooks: what can be subscribed to, and every batch that was or was not delivered."""

TABLES = """
CREATE VIEW IF NOT EXISTS topic AS
  SELECT n, account, n AS metric, 'event:' || (integration ->> '$.key') || '.' || lower(replace(name, ' ', '_')) AS id
  FROM metric;

CREATE TABLE IF NOT EXISTS delivery (
  n INTEGER PRIMARY KEY, account INTEGER NOT NULL, webhook TEXT NOT NULL, endpoint TEXT NOT NULL, secret TEXT NOT NULL,
  at INTEGER NOT NULL, events INTEGER NOT NULL, body TEXT NOT NULL, outcome TEXT NOT NULL, status INTEGER);
CREATE INDEX IF NOT EXISTS delivery_waiting ON delivery (n) WHERE outcome = 'waiting';
"""
