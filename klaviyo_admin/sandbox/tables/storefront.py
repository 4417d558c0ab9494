"""The tables of what a shop's visitors see and say: reviews, places, and how links are tagged."""

TABLES = """
CREATE TABLE IF NOT EXISTS review (
  n INTEGER PRIMARY KEY, account INTEGER NOT NULL, id TEXT NOT NULL, profile INTEGER NOT NULL, event INTEGER, item TEXT,
  type TEXT NOT NULL, status TEXT NOT NULL, rating INTEGER, verified INTEGER NOT NULL, incentive TEXT, content TEXT NOT NULL,
  created INTEGER NOT NULL, updated INTEGER NOT NULL, edited INTEGER NOT NULL DEFAULT 0, data TEXT NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS review_id ON review (account, id);
CREATE INDEX IF NOT EXISTS review_created ON review (account, created);
CREATE INDEX IF NOT EXISTS review_profile ON review (profile);

CREATE TABLE IF NOT EXISTS geofence (
  n INTEGER PRIMARY KEY, account INTEGER NOT NULL, id TEXT NOT NULL, latitude REAL NOT NULL, longitude REAL NOT NULL,
  radius REAL NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS geofence_id ON geofence (account, id);

CREATE TABLE IF NOT EXISTS tracking_setting (
  n INTEGER PRIMARY KEY, account INTEGER NOT NULL, id TEXT NOT NULL UNIQUE, data TEXT NOT NULL);
"""
