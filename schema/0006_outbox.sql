-- Messages that leave after what they follow from is committed.

-- `device` is the one that sends it: whose process died in the state 'sending' is known then.
CREATE TABLE outbox (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  channel TEXT NOT NULL,
  subscriber BIGINT NOT NULL,
  ticket BIGINT NOT NULL,
  run TEXT NOT NULL,
  device TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  tries BIGINT NOT NULL,
  next_try BIGINT NOT NULL,
  deadline BIGINT NOT NULL,
  created BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX outbox_unsettled ON outbox (device, created, id) WHERE state in ('queued', 'sending');
CREATE INDEX outbox_of_ticket ON outbox (ticket, created, id);

-- What a message says; subject and body are empty once it is settled.
CREATE TABLE outbox_content (
  message TEXT NOT NULL PRIMARY KEY,
  subscriber BIGINT NOT NULL,
  owner TEXT NOT NULL,
  recipient_sealed TEXT NOT NULL,
  subject_sealed TEXT NOT NULL,
  body_sealed TEXT NOT NULL,
  version BIGINT NOT NULL
);
