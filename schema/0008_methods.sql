-- Call PINs, calls to the registered number, recordings of calls.

-- `hash` is a slow, salted hash of the PIN under the site's key.
CREATE TABLE call_pin (
  subscriber BIGINT NOT NULL PRIMARY KEY,
  hash TEXT NOT NULL,
  chosen BIGINT NOT NULL,
  version BIGINT NOT NULL
);

CREATE TABLE call_back (
  id TEXT NOT NULL PRIMARY KEY,
  ticket BIGINT NOT NULL,
  subscriber BIGINT NOT NULL,
  owner TEXT NOT NULL,
  number_sealed TEXT NOT NULL,
  run TEXT NOT NULL,
  dialled BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  answered BIGINT,
  voided BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX call_back_of_ticket ON call_back (ticket, dialled);

-- The bytes of a file lie sealed in the evidence folder beside the database.
CREATE TABLE recording (
  id BIGINT NOT NULL PRIMARY KEY,
  ticket BIGINT NOT NULL,
  subscriber BIGINT NOT NULL,
  kind TEXT NOT NULL,
  owner TEXT NOT NULL,
  reference_sealed TEXT NOT NULL,
  file TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  milliseconds BIGINT NOT NULL,
  attached BIGINT NOT NULL,
  attached_by TEXT NOT NULL,
  of_this_call BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX recording_of_ticket ON recording (ticket, id);
CREATE INDEX recording_missing ON recording (ticket) WHERE kind = 'missing';

CREATE INDEX verification_by_method ON verification (method, granted);
CREATE INDEX action_run_done ON action_run (ended) WHERE outcome = 'done';
