"""The tables of campaigns on their way: who is still to get a message, and who is yet to open or click one."""

TABLES = """
CREATE TABLE IF NOT EXISTS recipient (
  message INTEGER NOT NULL, place INTEGER NOT NULL, profile INTEGER NOT NULL, PRIMARY KEY (message, place)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS recipient_profile ON recipient (profile);

CREATE TABLE IF NOT EXISTS reaction (
  n INTEGER PRIMARY KEY, account INTEGER NOT NULL, due INTEGER NOT NULL, message INTEGER NOT NULL, profile INTEGER NOT NULL,
  metric TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS reaction_due ON reaction (account, due);
CREATE INDEX IF NOT EXISTS reaction_profile ON reaction (profile);
"""
