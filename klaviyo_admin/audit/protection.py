"""What the database itself does for the audit log: it refuses to change or remove a line, and (PostgreSQL) adds one."""

from django.db.backends.base.base import BaseDatabaseWrapper

from klaviyo_admin.audit.placing import FUNCTION

_TABLES = {"audit_entry", "audit_head", "audit_checkpoint"}
_SQLITE = (
    """CREATE TRIGGER IF NOT EXISTS audit_entry_no_update BEFORE UPDATE ON audit_entry
       BEGIN SELECT RAISE(ABORT, 'The audit log is append-only.'); END""",
    """CREATE TRIGGER IF NOT EXISTS audit_entry_no_delete BEFORE DELETE ON audit_entry
       BEGIN SELECT RAISE(ABORT, 'The audit log is append-only.'); END""",
    # REPLACE removes the row that is in its way without asking the triggers of DELETE.
    """CREATE TRIGGER IF NOT EXISTS audit_entry_no_replace BEFORE INSERT ON audit_entry
       WHEN EXISTS (SELECT 1 FROM audit_entry WHERE id = NEW.id)
       BEGIN SELECT RAISE(ABORT, 'The audit log is append-only.'); END""",
    """CREATE TRIGGER IF NOT EXISTS audit_head_no_replace BEFORE INSERT ON audit_head
       WHEN EXISTS (SELECT 1 FROM audit_head WHERE id = NEW.id)
       BEGIN SELECT RAISE(ABORT, 'The audit log is append-only.'); END""",
    """CREATE TRIGGER IF NOT EXISTS audit_head_forward BEFORE UPDATE ON audit_head WHEN NEW.lines <> OLD.lines + 1
       BEGIN SELECT RAISE(ABORT, 'The head of the audit log moves one line at a time.'); END""",
    """CREATE TRIGGER IF NOT EXISTS audit_head_no_delete BEFORE DELETE ON audit_head
       BEGIN SELECT RAISE(ABORT, 'The audit log is append-only.'); END""",
    """CREATE TRIGGER IF NOT EXISTS audit_checkpoint_no_update BEFORE UPDATE ON audit_checkpoint
       BEGIN SELECT RAISE(ABORT, 'The audit log is append-only.'); END""",
    """CREATE TRIGGER IF NOT EXISTS audit_checkpoint_no_delete BEFORE DELETE ON audit_checkpoint
       BEGIN SELECT RAISE(ABORT, 'The audit log is append-only.'); END""",
)
_POSTGRESQL = (
    FUNCTION,
    """CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'The audit log is append-only.' USING ERRCODE = 'restrict_violation'; END $$""",
    """CREATE OR REPLACE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
       FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
    """CREATE OR REPLACE TRIGGER audit_head_no_delete BEFORE DELETE OR TRUNCATE ON audit_head
       FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
    """CREATE OR REPLACE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head
       FOR EACH ROW WHEN (NEW.lines <> OLD.lines + 1) EXECUTE FUNCTION audit_refuse()""",
    """CREATE OR REPLACE TRIGGER audit_checkpoint_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_checkpoint
       FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
)


def protect(connection: BaseDatabaseWrapper) -> None:
    """Puts the triggers in place; harmless where they are already there. SQLite and PostgreSQL only."""
    statements = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}[connection.vendor]
    with connection.cursor() as cursor:
        # In the midst of the migrations some tables may not be there yet; after them, protect() runs again.
        if not set(connection.introspection.table_names(cursor)) >= _TABLES:
            return
        for statement in statements:
            cursor.execute(statement)
