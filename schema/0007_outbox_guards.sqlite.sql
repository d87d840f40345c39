-- Guards of the tables of 0006, in SQLite's dialect; see 0003.

CREATE TRIGGER outbox_insert BEFORE INSERT ON outbox
WHEN NEW.version IS NOT 1 OR EXISTS (SELECT 1 FROM outbox WHERE id = NEW.id)
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'outbox' AND row_id = NEW.id AND version = 1)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER outbox_update BEFORE UPDATE ON outbox
WHEN NEW.version IS NOT OLD.version + 1 OR NEW.id IS NOT OLD.id
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'outbox' AND row_id = NEW.id AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER outbox_delete BEFORE DELETE ON outbox
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;

CREATE TRIGGER outbox_content_insert BEFORE INSERT ON outbox_content
WHEN NEW.version IS NOT 1 OR EXISTS (SELECT 1 FROM outbox_content WHERE message = NEW.message)
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'outbox_content' AND row_id = NEW.message AND version = 1)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER outbox_content_update BEFORE UPDATE ON outbox_content
WHEN NEW.version IS NOT OLD.version + 1 OR NEW.message IS NOT OLD.message
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'outbox_content' AND row_id = NEW.message AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER outbox_content_delete BEFORE DELETE ON outbox_content
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
