"""The tables of accounts, profiles, lists, segments, metrics, events and bulk imports."""

# Every table that is paged through has an integer `n` as its row number: an index then ends with it by itself,
# so (sort key, n) is a total order and the next page is one seek however far down it lies.
TABLES = """
CREATE TABLE IF NOT EXISTS account (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, attributes TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS profile (
  n INTEGER PRIMARY KEY, account INTEGER NOT NULL, id TEXT NOT NULL, email TEXT, phone_number TEXT, external_id TEXT,
  first_name TEXT, last_name TEXT, organization TEXT, locale TEXT, title TEXT, image TEXT,
  created INTEGER NOT NULL, updated INTEGER NOT NULL, last_event INTEGER,
  location TEXT NOT NULL DEFAULT '{}', properties TEXT NOT NULL DEFAULT '{}',
  email_consent TEXT NOT NULL DEFAULT 'NEVER_SUBSCRIBED', email_consent_at INTEGER,
  sms_consent TEXT NOT NULL DEFAULT 'NEVER_SUBSCRIBED', sms_consent_at INTEGER,
  suppression TEXT, suppressed_at INTEGER);
CREATE UNIQUE INDEX IF NOT EXISTS profile_id ON profile (account, id);
CREATE INDEX IF NOT EXISTS profile_by_email ON profile (account, ifnull(email, ''));
CREATE UNIQUE INDEX IF NOT EXISTS profile_email ON profile (account, email) WHERE email IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS profile_phone ON profile (account, phone_number) WHERE phone_number IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS profile_external ON profile (account, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS profile_created ON profile (account, created);
CREATE INDEX IF NOT EXISTS profile_updated ON profile (account, updated);
CREATE INDEX IF NOT EXISTS profile_suppressed ON profile (account, ifnull(suppressed_at, 0));

CREATE TABLE IF NOT EXISTS list_suppression (
  profile INTEGER NOT NULL, circle INTEGER NOT NULL, reason TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (profile, circle)) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS circle (
  n INTEGER PRIMARY KEY, account INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL,
  created INTEGER NOT NULL, updated INTEGER NOT NULL, opt_in TEXT, definition TEXT,
  active INTEGER NOT NULL DEFAULT 1, starred INTEGER NOT NULL DEFAULT 0, counted_at INTEGER);
CREATE UNIQUE INDEX IF NOT EXISTS circle_id ON circle (account, kind, id);

CREATE TABLE IF NOT EXISTS member (
  circle INTEGER NOT NULL, profile INTEGER NOT NULL, joined INTEGER NOT NULL, PRIMARY KEY (circle, profile)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS member_joined ON member (circle, joined, profile);
CREATE INDEX IF NOT EXISTS member_profile ON member (profile);
CREATE TABLE IF NOT EXISTS touched (profile INTEGER PRIMARY KEY, account INTEGER NOT NULL);

CREATE TABLE IF NOT EXISTS metric (
  n INTEGER PRIMARY KEY, account INTEGER NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL,
  created INTEGER NOT NULL, updated INTEGER NOT NULL, integration TEXT NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS metric_id ON metric (account, id);

CREATE TABLE IF NOT EXISTS event (
  n INTEGER PRIMARY KEY, account INTEGER NOT NULL, id TEXT NOT NULL, metric INTEGER NOT NULL, profile INTEGER NOT NULL,
  at INTEGER NOT NULL, value REAL, unique_id TEXT NOT NULL, properties TEXT NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS event_id ON event (account, id);
CREATE INDEX IF NOT EXISTS event_at ON event (account, at);
CREATE INDEX IF NOT EXISTS event_metric ON event (metric, at);
CREATE INDEX IF NOT EXISTS event_profile ON event (profile, at);
CREATE UNIQUE INDEX IF NOT EXISTS event_once ON event (profile, metric, unique_id);

CREATE TABLE IF NOT EXISTS import_job (
  n INTEGER PRIMARY KEY, account INTEGER NOT NULL, id TEXT NOT NULL, circle INTEGER, created INTEGER NOT NULL,
  starts INTEGER NOT NULL, ends INTEGER NOT NULL, total INTEGER NOT NULL, done INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0, status TEXT NOT NULL DEFAULT 'queued');
CREATE UNIQUE INDEX IF NOT EXISTS import_job_id ON import_job (account, id);
CREATE INDEX IF NOT EXISTS import_job_open ON import_job (account) WHERE status <> 'complete';
CREATE TABLE IF NOT EXISTS import_row (
  job INTEGER NOT NULL, n INTEGER NOT NULL, payload TEXT NOT NULL, profile INTEGER, error TEXT, PRIMARY KEY (job, n))
  WITHOUT ROWID;
"""
