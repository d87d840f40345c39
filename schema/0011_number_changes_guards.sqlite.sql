-- Guards of the table of 0010, in SQLite's dialect; see 0003.

CREATE TRIGGER number_change_insert BEFORE INSERT ON number_change
WHEN NEW.version IS NOT 1 OR EXISTS (SELECT 1 FROM number_change WHERE id = NEW.id)
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'number_change' AND row_id = CAST(NEW.id AS TEXT) AND version = 1)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER number_change_update BEFORE UPDATE ON number_change
WHEN NEW.version IS NOT OLD.version + 1 OR NEW.id IS NOT OLD.id
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'number_change' AND row_id = CAST(NEW.id AS TEXT) AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER number_change_delete BEFORE DELETE ON number_change
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
