-- Guards of the table of 0012, in SQLite's dialect; see 0003.

CREATE TRIGGER card_secret_insert BEFORE INSERT ON card_secret
WHEN NEW.version IS NOT 1 OR EXISTS (SELECT 1 FROM card_secret WHERE id = NEW.id)
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'card_secret' AND row_id = CAST(NEW.id AS TEXT) AND version = 1)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER card_secret_update BEFORE UPDATE ON card_secret
WHEN NEW.version IS NOT OLD.version + 1 OR NEW.id IS NOT OLD.id
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'card_secret' AND row_id = CAST(NEW.id AS TEXT) AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER card_secret_delete BEFORE DELETE ON card_secret
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
