-- Policy as data, requests that wait for four eyes, and the time after a change of number.

-- The newest number is in force. `text` is the file as the administrator gave it.
CREATE TABLE policy_version (
  number BIGINT NOT NULL PRIMARY KEY,
  sha256 TEXT NOT NULL,
  text TEXT NOT NULL,
  applied BIGINT NOT NULL,
  applied_by TEXT NOT NULL,
  version BIGINT NOT NULL
);

CREATE TABLE approval (
  number BIGINT NOT NULL PRIMARY KEY,
  action TEXT NOT NULL,
  ticket BIGINT NOT NULL,
  subscriber BIGINT NOT NULL,
  run TEXT NOT NULL,
  verification BIGINT NOT NULL,
  requested_by BIGINT NOT NULL,
  person TEXT NOT NULL,
  role TEXT NOT NULL,
  requested BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  state TEXT NOT NULL,
  decided BIGINT,
  decided_by TEXT NOT NULL,
  execution TEXT NOT NULL,
  owner TEXT NOT NULL,
  change_sealed TEXT NOT NULL,
  sentence_sealed TEXT NOT NULL,
  reason_sealed TEXT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX approval_waiting ON approval (number) WHERE state = 'waiting';

CREATE TABLE cooling_off (
  subscriber BIGINT NOT NULL PRIMARY KEY,
  since BIGINT NOT NULL,
  until BIGINT NOT NULL,
  action TEXT NOT NULL,
  run TEXT NOT NULL,
  version BIGINT NOT NULL
);

-- For rate limits.
CREATE INDEX action_run_of_operator ON action_run (operator_id, action, started);
CREATE INDEX action_run_of_ticket ON action_run (ticket, action, started);
