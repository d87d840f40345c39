-- Guards of the log and of the rows that it vouches for, in SQLite's dialect. The log only grows: no UPDATE, no DELETE,
-- and no INSERT of an existing key, because INSERT OR REPLACE slips past the other two. A row changes by one version at
-- a time, and only when the log already names that version.

CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_entry_no_replace BEFORE INSERT ON audit_entry
WHEN EXISTS (SELECT 1 FROM audit_entry WHERE device = NEW.device AND incarnation = NEW.incarnation AND seq = NEW.seq)
  OR EXISTS (SELECT 1 FROM audit_entry WHERE place = NEW.place)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TRIGGER audit_tile_no_update BEFORE UPDATE ON audit_tile
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_tile_no_delete BEFORE DELETE ON audit_tile
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_tile_no_replace BEFORE INSERT ON audit_tile
WHEN EXISTS (SELECT 1 FROM audit_tile WHERE device = NEW.device AND incarnation = NEW.incarnation AND level = NEW.level AND position = NEW.position)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TRIGGER audit_change_no_update BEFORE UPDATE ON audit_change
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_change_no_delete BEFORE DELETE ON audit_change
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_change_no_replace BEFORE INSERT ON audit_change
WHEN EXISTS (SELECT 1 FROM audit_change WHERE table_name = NEW.table_name AND row_id = NEW.row_id AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head
WHEN NEW.device <> OLD.device OR NEW.incarnation <> OLD.incarnation OR NEW.size <= OLD.size
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_head_no_replace BEFORE INSERT ON audit_head
WHEN EXISTS (SELECT 1 FROM audit_head WHERE device = NEW.device AND incarnation = NEW.incarnation)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TRIGGER site_insert BEFORE INSERT ON site
WHEN NEW.version IS NOT 1 OR EXISTS (SELECT 1 FROM site WHERE id = NEW.id)
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'site' AND row_id = CAST(NEW.id AS TEXT) AND version = 1)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER site_update BEFORE UPDATE ON site
WHEN NEW.version IS NOT OLD.version + 1 OR NEW.id IS NOT OLD.id
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'site' AND row_id = CAST(NEW.id AS TEXT) AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER site_delete BEFORE DELETE ON site
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;

CREATE TRIGGER device_insert BEFORE INSERT ON device
WHEN NEW.version IS NOT 1 OR EXISTS (SELECT 1 FROM device WHERE id = NEW.id)
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'device' AND row_id = CAST(NEW.id AS TEXT) AND version = 1)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER device_update BEFORE UPDATE ON device
WHEN NEW.version IS NOT OLD.version + 1 OR NEW.id IS NOT OLD.id
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'device' AND row_id = CAST(NEW.id AS TEXT) AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER device_delete BEFORE DELETE ON device
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;

CREATE TRIGGER operator_insert BEFORE INSERT ON operator
WHEN NEW.version IS NOT 1 OR EXISTS (SELECT 1 FROM operator WHERE id = NEW.id)
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'operator' AND row_id = CAST(NEW.id AS TEXT) AND version = 1)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER operator_update BEFORE UPDATE ON operator
WHEN NEW.version IS NOT OLD.version + 1 OR NEW.id IS NOT OLD.id
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'operator' AND row_id = CAST(NEW.id AS TEXT) AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER operator_delete BEFORE DELETE ON operator
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;

CREATE TRIGGER sealing_key_insert BEFORE INSERT ON sealing_key
WHEN NEW.version IS NOT 1 OR EXISTS (SELECT 1 FROM sealing_key WHERE owner = NEW.owner)
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'sealing_key' AND row_id = CAST(NEW.owner AS TEXT) AND version = 1)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER sealing_key_update BEFORE UPDATE ON sealing_key
WHEN NEW.version IS NOT OLD.version + 1 OR NEW.owner IS NOT OLD.owner
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'sealing_key' AND row_id = CAST(NEW.owner AS TEXT) AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER sealing_key_delete BEFORE DELETE ON sealing_key
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;

CREATE TRIGGER subscriber_insert BEFORE INSERT ON subscriber
WHEN NEW.version IS NOT 1 OR EXISTS (SELECT 1 FROM subscriber WHERE id = NEW.id)
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'subscriber' AND row_id = CAST(NEW.id AS TEXT) AND version = 1)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER subscriber_update BEFORE UPDATE ON subscriber
WHEN NEW.version IS NOT OLD.version + 1 OR NEW.id IS NOT OLD.id
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'subscriber' AND row_id = CAST(NEW.id AS TEXT) AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER subscriber_delete BEFORE DELETE ON subscriber
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;

CREATE TRIGGER portal_account_insert BEFORE INSERT ON portal_account
WHEN NEW.version IS NOT 1 OR EXISTS (SELECT 1 FROM portal_account WHERE subscriber = NEW.subscriber)
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'portal_account' AND row_id = CAST(NEW.subscriber AS TEXT) AND version = 1)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER portal_account_update BEFORE UPDATE ON portal_account
WHEN NEW.version IS NOT OLD.version + 1 OR NEW.subscriber IS NOT OLD.subscriber
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'portal_account' AND row_id = CAST(NEW.subscriber AS TEXT) AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER portal_account_delete BEFORE DELETE ON portal_account
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;

CREATE TRIGGER card_insert BEFORE INSERT ON card
WHEN NEW.version IS NOT 1 OR EXISTS (SELECT 1 FROM card WHERE id = NEW.id)
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'card' AND row_id = CAST(NEW.id AS TEXT) AND version = 1)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER card_update BEFORE UPDATE ON card
WHEN NEW.version IS NOT OLD.version + 1 OR NEW.id IS NOT OLD.id
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'card' AND row_id = CAST(NEW.id AS TEXT) AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER card_delete BEFORE DELETE ON card
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;

CREATE TRIGGER certificate_insert BEFORE INSERT ON certificate
WHEN NEW.version IS NOT 1 OR EXISTS (SELECT 1 FROM certificate WHERE id = NEW.id)
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'certificate' AND row_id = CAST(NEW.id AS TEXT) AND version = 1)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER certificate_update BEFORE UPDATE ON certificate
WHEN NEW.version IS NOT OLD.version + 1 OR NEW.id IS NOT OLD.id
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'certificate' AND row_id = CAST(NEW.id AS TEXT) AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER certificate_delete BEFORE DELETE ON certificate
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;

CREATE TRIGGER ticket_insert BEFORE INSERT ON ticket
WHEN NEW.version IS NOT 1 OR EXISTS (SELECT 1 FROM ticket WHERE number = NEW.number)
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'ticket' AND row_id = CAST(NEW.number AS TEXT) AND version = 1)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER ticket_update BEFORE UPDATE ON ticket
WHEN NEW.version IS NOT OLD.version + 1 OR NEW.number IS NOT OLD.number
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'ticket' AND row_id = CAST(NEW.number AS TEXT) AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER ticket_delete BEFORE DELETE ON ticket
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;

CREATE TRIGGER ticket_note_insert BEFORE INSERT ON ticket_note
WHEN NEW.version IS NOT 1 OR EXISTS (SELECT 1 FROM ticket_note WHERE id = NEW.id)
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'ticket_note' AND row_id = CAST(NEW.id AS TEXT) AND version = 1)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER ticket_note_update BEFORE UPDATE ON ticket_note
WHEN NEW.version IS NOT OLD.version + 1 OR NEW.id IS NOT OLD.id
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'ticket_note' AND row_id = CAST(NEW.id AS TEXT) AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER ticket_note_delete BEFORE DELETE ON ticket_note
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;

CREATE TRIGGER verification_insert BEFORE INSERT ON verification
WHEN NEW.version IS NOT 1 OR EXISTS (SELECT 1 FROM verification WHERE id = NEW.id)
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'verification' AND row_id = CAST(NEW.id AS TEXT) AND version = 1)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER verification_update BEFORE UPDATE ON verification
WHEN NEW.version IS NOT OLD.version + 1 OR NEW.id IS NOT OLD.id
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'verification' AND row_id = CAST(NEW.id AS TEXT) AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER verification_delete BEFORE DELETE ON verification
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;

CREATE TRIGGER method_state_insert BEFORE INSERT ON method_state
WHEN NEW.version IS NOT 1 OR EXISTS (SELECT 1 FROM method_state WHERE id = NEW.id)
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'method_state' AND row_id = CAST(NEW.id AS TEXT) AND version = 1)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER method_state_update BEFORE UPDATE ON method_state
WHEN NEW.version IS NOT OLD.version + 1 OR NEW.id IS NOT OLD.id
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'method_state' AND row_id = CAST(NEW.id AS TEXT) AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER method_state_delete BEFORE DELETE ON method_state
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;

CREATE TRIGGER code_challenge_insert BEFORE INSERT ON code_challenge
WHEN NEW.version IS NOT 1 OR EXISTS (SELECT 1 FROM code_challenge WHERE id = NEW.id)
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'code_challenge' AND row_id = CAST(NEW.id AS TEXT) AND version = 1)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER code_challenge_update BEFORE UPDATE ON code_challenge
WHEN NEW.version IS NOT OLD.version + 1 OR NEW.id IS NOT OLD.id
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'code_challenge' AND row_id = CAST(NEW.id AS TEXT) AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER code_challenge_delete BEFORE DELETE ON code_challenge
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;

CREATE TRIGGER opening_insert BEFORE INSERT ON opening
WHEN NEW.version IS NOT 1 OR EXISTS (SELECT 1 FROM opening WHERE id = NEW.id)
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'opening' AND row_id = CAST(NEW.id AS TEXT) AND version = 1)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER opening_update BEFORE UPDATE ON opening
WHEN NEW.version IS NOT OLD.version + 1 OR NEW.id IS NOT OLD.id
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'opening' AND row_id = CAST(NEW.id AS TEXT) AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER opening_delete BEFORE DELETE ON opening
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;

CREATE TRIGGER action_run_insert BEFORE INSERT ON action_run
WHEN NEW.version IS NOT 1 OR EXISTS (SELECT 1 FROM action_run WHERE id = NEW.id)
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'action_run' AND row_id = CAST(NEW.id AS TEXT) AND version = 1)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER action_run_update BEFORE UPDATE ON action_run
WHEN NEW.version IS NOT OLD.version + 1 OR NEW.id IS NOT OLD.id
  OR NOT EXISTS (SELECT 1 FROM audit_change
                 WHERE table_name = 'action_run' AND row_id = CAST(NEW.id AS TEXT) AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER action_run_delete BEFORE DELETE ON action_run
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
