"""The table of what bulk jobs have to do, row by row; a job itself is a thing."""

TABLES = """
CREATE TABLE IF NOT EXISTS job_row (
  job INTEGER NOT NULL, place INTEGER NOT NULL, payload TEXT NOT NULL, PRIMARY KEY (job, place)) WITHOUT ROWID;
"""
