"""The tables of what belongs to a profile: consent beside e-mail and SMS marketing, devices, and jobs about consent."""

# By convention of all tables, a column named `profile` holds the row number of a profile: a merge moves such rows, a
# deletion removes them (or empties the column where it may be null).
TABLES = """
CREATE TABLE IF NOT EXISTS consent (
  profile INTEGER NOT NULL, channel TEXT NOT NULL, state TEXT NOT NULL, at INTEGER NOT NULL, method TEXT NOT NULL,
  detail TEXT NOT NULL, PRIMARY KEY (profile, channel)) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS consent_job (
  n INTEGER PRIMARY KEY, account INTEGER NOT NULL, verb TEXT NOT NULL, due INTEGER NOT NULL, circle INTEGER,
  payload TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS consent_job_due ON consent_job (account, due);

CREATE TABLE IF NOT EXISTS suppression_job (
  n INTEGER PRIMARY KEY, account INTEGER NOT NULL, id TEXT NOT NULL, verb TEXT NOT NULL, circle INTEGER,
  created INTEGER NOT NULL, due INTEGER NOT NULL, emails TEXT NOT NULL, total INTEGER NOT NULL DEFAULT 0,
  done INTEGER NOT NULL DEFAULT 0, skipped INTEGER NOT NULL DEFAULT 0, status TEXT NOT NULL DEFAULT 'processing');
CREATE UNIQUE INDEX IF NOT EXISTS suppression_job_id ON suppression_job (account, id);

CREATE TABLE IF NOT EXISTS push_token (
  n INTEGER PRIMARY KEY, account INTEGER NOT NULL, id TEXT NOT NULL, profile INTEGER NOT NULL, token TEXT NOT NULL,
  platform TEXT NOT NULL, vendor TEXT NOT NULL, enablement TEXT NOT NULL, background TEXT NOT NULL,
  created INTEGER NOT NULL, recorded INTEGER NOT NULL, device TEXT NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS push_token_id ON push_token (account, id);
CREATE UNIQUE INDEX IF NOT EXISTS push_token_once ON push_token (account, token, platform);
CREATE INDEX IF NOT EXISTS push_token_profile ON push_token (profile);

CREATE TABLE IF NOT EXISTS conversation (
  n INTEGER PRIMARY KEY, account INTEGER NOT NULL, id TEXT NOT NULL, profile INTEGER NOT NULL, channel TEXT NOT NULL,
  created INTEGER NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS conversation_id ON conversation (account, id);
CREATE INDEX IF NOT EXISTS conversation_profile ON conversation (profile);
CREATE TABLE IF NOT EXISTS conversation_message (
  n INTEGER PRIMARY KEY, profile INTEGER NOT NULL, conversation INTEGER NOT NULL, at INTEGER NOT NULL,
  inbound INTEGER NOT NULL, content TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS conversation_message_profile ON conversation_message (profile);
"""
