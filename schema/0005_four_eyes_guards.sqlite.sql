-- Guards of the tables of 0004, in SQLite's dialect; see 0003.

CREATE TRIGGER policy_version_insert BEFORE INSERT ON policy_version
WHEN NEW.version IS NOT 1 OR EXISTS (SELECT 1 FROM policy_version WHERE number = NEW.number)
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'policy_version' AND row_id = CAST(NEW.number AS TEXT) AND version = 1)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER policy_version_update BEFORE UPDATE ON policy_version
WHEN NEW.version IS NOT OLD.version + 1 OR NEW.number IS NOT OLD.number
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'policy_version' AND row_id = CAST(NEW.number AS TEXT) AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER policy_version_delete BEFORE DELETE ON policy_version
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;

CREATE TRIGGER approval_insert BEFORE INSERT ON approval
WHEN NEW.version IS NOT 1 OR EXISTS (SELECT 1 FROM approval WHERE number = NEW.number)
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'approval' AND row_id = CAST(NEW.number AS TEXT) AND version = 1)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER approval_update BEFORE UPDATE ON approval
WHEN NEW.version IS NOT OLD.version + 1 OR NEW.number IS NOT OLD.number
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'approval' AND row_id = CAST(NEW.number AS TEXT) AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER approval_delete BEFORE DELETE ON approval
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;

CREATE TRIGGER cooling_off_insert BEFORE INSERT ON cooling_off
WHEN NEW.version IS NOT 1 OR EXISTS (SELECT 1 FROM cooling_off WHERE subscriber = NEW.subscriber)
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'cooling_off' AND row_id = CAST(NEW.subscriber AS TEXT) AND version = 1)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER cooling_off_update BEFORE UPDATE ON cooling_off
WHEN NEW.version IS NOT OLD.version + 1 OR NEW.subscriber IS NOT OLD.subscriber
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'cooling_off' AND row_id = CAST(NEW.subscriber AS TEXT) AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER cooling_off_delete BEFORE DELETE ON cooling_off
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
