-- The audit log. `bytes` is what is hashed and signed; the columns beside it are indexes, which the verifier checks
-- against the bytes. `place` counts the rows in the order in which they were committed, whichever device wrote them: it
-- orders lists, because clocks step back. SQLite keeps the rows of one index key in that order by itself.

CREATE TABLE audit_entry (
  place INTEGER NOT NULL PRIMARY KEY,
  device TEXT NOT NULL,
  incarnation BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  time BIGINT NOT NULL,
  type TEXT NOT NULL,
  actor TEXT NOT NULL,
  ticket TEXT NOT NULL,
  subject TEXT NOT NULL,
  leaf_hash TEXT NOT NULL,
  bytes TEXT NOT NULL,
  UNIQUE (device, incarnation, seq)
);
CREATE INDEX audit_entry_time ON audit_entry (time);
CREATE INDEX audit_entry_type ON audit_entry (type);
CREATE INDEX audit_entry_actor ON audit_entry (actor) WHERE actor <> '';
CREATE INDEX audit_entry_ticket ON audit_entry (ticket) WHERE ticket <> '';
CREATE INDEX audit_entry_subject ON audit_entry (subject) WHERE subject <> '';

-- Finished tiles of 256 hashes (8192 bytes); unfinished ones are computed from the leaves.
CREATE TABLE audit_tile (
  device TEXT NOT NULL,
  incarnation BIGINT NOT NULL,
  level BIGINT NOT NULL,
  position BIGINT NOT NULL,
  hashes TEXT NOT NULL,
  PRIMARY KEY (device, incarnation, level, position)
);

-- The newest signed head of each log, as a C2SP note.
CREATE TABLE audit_head (
  device TEXT NOT NULL,
  incarnation BIGINT NOT NULL,
  size BIGINT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (device, incarnation)
);

-- Which entry made which version of which row, and that row's digest; the entry holds the digest of its lines.
CREATE TABLE audit_change (
  table_name TEXT NOT NULL,
  row_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  digest TEXT NOT NULL,
  device TEXT NOT NULL,
  incarnation BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (table_name, row_id, version)
);
CREATE INDEX audit_change_of_entry ON audit_change (device, incarnation, seq);
