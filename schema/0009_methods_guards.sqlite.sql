-- Guards of the tables of 0008, in SQLite's dialect; see 0003.

CREATE TRIGGER call_pin_insert BEFORE INSERT ON call_pin
WHEN NEW.version IS NOT 1 OR EXISTS (SELECT 1 FROM call_pin WHERE subscriber = NEW.subscriber)
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'call_pin' AND row_id = CAST(NEW.subscriber AS TEXT) AND version = 1)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER call_pin_update BEFORE UPDATE ON call_pin
WHEN NEW.version IS NOT OLD.version + 1 OR NEW.subscriber IS NOT OLD.subscriber
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'call_pin' AND row_id = CAST(NEW.subscriber AS TEXT) AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER call_pin_delete BEFORE DELETE ON call_pin
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;

CREATE TRIGGER call_back_insert BEFORE INSERT ON call_back
WHEN NEW.version IS NOT 1 OR EXISTS (SELECT 1 FROM call_back WHERE id = NEW.id)
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'call_back' AND row_id = CAST(NEW.id AS TEXT) AND version = 1)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER call_back_update BEFORE UPDATE ON call_back
WHEN NEW.version IS NOT OLD.version + 1 OR NEW.id IS NOT OLD.id
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'call_back' AND row_id = CAST(NEW.id AS TEXT) AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER call_back_delete BEFORE DELETE ON call_back
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;

CREATE TRIGGER recording_insert BEFORE INSERT ON recording
WHEN NEW.version IS NOT 1 OR EXISTS (SELECT 1 FROM recording WHERE id = NEW.id)
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'recording' AND row_id = CAST(NEW.id AS TEXT) AND version = 1)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER recording_update BEFORE UPDATE ON recording
WHEN NEW.version IS NOT OLD.version + 1 OR NEW.id IS NOT OLD.id
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'recording' AND row_id = CAST(NEW.id AS TEXT) AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER recording_delete BEFORE DELETE ON recording
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
