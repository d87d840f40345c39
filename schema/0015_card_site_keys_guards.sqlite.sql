-- Guards of the table of 0014, in SQLite's dialect; see 0003.

CREATE TRIGGER card_site_key_insert BEFORE INSERT ON card_site_key
WHEN NEW.version IS NOT 1 OR EXISTS (SELECT 1 FROM card_site_key WHERE id = NEW.id)
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'card_site_key' AND row_id = CAST(NEW.id AS TEXT) AND version = 1)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER card_site_key_update BEFORE UPDATE ON card_site_key
WHEN NEW.version IS NOT OLD.version + 1 OR NEW.id IS NOT OLD.id
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'card_site_key' AND row_id = CAST(NEW.id AS TEXT) AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER card_site_key_delete BEFORE DELETE ON card_site_key
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
