-- The size beside the signed head is the one that was signed: a note is text, its second line is the size.

DROP TRIGGER audit_head_forward;
CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head
WHEN NEW.device <> OLD.device OR NEW.incarnation <> OLD.incarnation OR NEW.size <= OLD.size
  OR instr(NEW.note, char(10) || NEW.size || char(10)) = 0
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_head_signed BEFORE INSERT ON audit_head
WHEN instr(NEW.note, char(10) || NEW.size || char(10)) = 0
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

-- What a subscriber is found by changes only in the unit that changes the subscriber: the newest change of the row is of an
-- entry that the signed head does not cover yet.

CREATE TRIGGER subscriber_index_insert BEFORE INSERT ON subscriber_index
WHEN NOT EXISTS (SELECT 1 FROM subscriber s JOIN audit_change c
                   ON c.table_name = 'subscriber' AND c.row_id = CAST(s.id AS TEXT) AND c.version = s.version
                 WHERE s.id = NEW.subscriber
                   AND c.seq >= coalesce((SELECT h.size FROM audit_head h
                                          WHERE h.device = c.device AND h.incarnation = c.incarnation), 0))
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER subscriber_index_delete BEFORE DELETE ON subscriber_index
WHEN NOT EXISTS (SELECT 1 FROM subscriber s JOIN audit_change c
                   ON c.table_name = 'subscriber' AND c.row_id = CAST(s.id AS TEXT) AND c.version = s.version
                 WHERE s.id = OLD.subscriber
                   AND c.seq >= coalesce((SELECT h.size FROM audit_head h
                                          WHERE h.device = c.device AND h.incarnation = c.incarnation), 0))
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
CREATE TRIGGER subscriber_index_update BEFORE UPDATE ON subscriber_index
BEGIN SELECT RAISE(ABORT, 'a row changes only together with its audit record'); END;
