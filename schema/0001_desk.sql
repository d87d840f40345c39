-- The desk's own tables. Integers are BIGINT, times are UTC microseconds, bytes are base64 text; a column named
-- "…_sealed" holds AES-256-GCM under the key of the row's owner (table sealing_key). Every row carries `version`,
-- which counts its changes; see the guards.

CREATE TABLE site (
  id TEXT NOT NULL PRIMARY KEY,
  created BIGINT NOT NULL,
  version BIGINT NOT NULL
);

CREATE TABLE device (
  id TEXT NOT NULL PRIMARY KEY,
  incarnation BIGINT NOT NULL,
  public_key TEXT NOT NULL,
  wrapped_master TEXT NOT NULL,
  wrapped_index TEXT NOT NULL,
  enrolled BIGINT NOT NULL,
  version BIGINT NOT NULL
);

CREATE TABLE operator (
  id BIGINT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  person TEXT NOT NULL,
  role TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  must_change_password BIGINT NOT NULL,
  disabled BIGINT NOT NULL,
  failed_sign_ins BIGINT NOT NULL,
  locked_until BIGINT,
  created BIGINT NOT NULL,
  version BIGINT NOT NULL
);

-- One key per owner: a subscriber's pseudonym, a ticket's opaque id, or the site. An empty `wrapped` is a destroyed key.
CREATE TABLE sealing_key (
  owner TEXT NOT NULL PRIMARY KEY,
  wrapped TEXT NOT NULL,
  version BIGINT NOT NULL
);

CREATE TABLE subscriber (
  id BIGINT NOT NULL PRIMARY KEY,
  pseudonym TEXT NOT NULL UNIQUE,
  national_id_sealed TEXT NOT NULL,
  given_names_sealed TEXT NOT NULL,
  surname_sealed TEXT NOT NULL,
  mobile_sealed TEXT NOT NULL,
  email_sealed TEXT NOT NULL,
  birth_date_sealed TEXT NOT NULL,
  birth_place_sealed TEXT NOT NULL,
  mother_name_sealed TEXT NOT NULL,
  father_name_sealed TEXT NOT NULL,
  registry_province_sealed TEXT NOT NULL,
  registry_district_sealed TEXT NOT NULL,
  volume_number_sealed TEXT NOT NULL,
  family_number_sealed TEXT NOT NULL,
  order_number_sealed TEXT NOT NULL,
  document_serial_sealed TEXT NOT NULL,
  created BIGINT NOT NULL,
  version BIGINT NOT NULL
);

-- Blind index: token = HMAC(index key, kind and normalised value). What it finds is checked against the opened row.
-- The key is the whole row, so the table is its own index.
CREATE TABLE subscriber_index (
  kind TEXT NOT NULL,
  token TEXT NOT NULL,
  subscriber BIGINT NOT NULL,
  PRIMARY KEY (kind, token, subscriber)
) WITHOUT ROWID;

CREATE TABLE portal_account (
  subscriber BIGINT NOT NULL PRIMARY KEY,
  security_word_hash TEXT NOT NULL,
  failed_tries BIGINT NOT NULL,
  blocked BIGINT NOT NULL,
  blocked_at BIGINT,
  version BIGINT NOT NULL
);

CREATE TABLE card (
  id BIGINT NOT NULL PRIMARY KEY,
  subscriber BIGINT NOT NULL,
  serial TEXT NOT NULL,
  model TEXT NOT NULL,
  state TEXT NOT NULL,
  produced TEXT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX card_of_subscriber ON card (subscriber, id);

CREATE TABLE certificate (
  id BIGINT NOT NULL PRIMARY KEY,
  subscriber BIGINT NOT NULL,
  card_serial TEXT NOT NULL,
  serial TEXT NOT NULL,
  state TEXT NOT NULL,
  not_before TEXT NOT NULL,
  not_after TEXT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX certificate_of_subscriber ON certificate (subscriber, id);

CREATE TABLE ticket (
  number BIGINT NOT NULL PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  subscriber BIGINT,
  state TEXT NOT NULL,
  channel TEXT NOT NULL,
  priority TEXT NOT NULL,
  cause TEXT NOT NULL,
  assignee BIGINT,
  owner TEXT NOT NULL,
  call_number_sealed TEXT NOT NULL,
  call_proven BIGINT NOT NULL,
  caller_is_sealed TEXT NOT NULL,
  resolution_sealed TEXT NOT NULL,
  opened BIGINT NOT NULL,
  updated BIGINT NOT NULL,
  closed BIGINT,
  version BIGINT NOT NULL
);
CREATE INDEX ticket_queue ON ticket (number) WHERE state <> 'closed';
CREATE INDEX ticket_desk ON ticket (assignee, number) WHERE state <> 'closed';
CREATE INDEX ticket_by_state ON ticket (state, number);
CREATE INDEX ticket_of_subscriber ON ticket (subscriber, number);

CREATE TABLE ticket_note (
  id BIGINT NOT NULL PRIMARY KEY,
  ticket BIGINT NOT NULL,
  author TEXT NOT NULL,
  written BIGINT NOT NULL,
  owner TEXT NOT NULL,
  text_sealed TEXT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX ticket_note_of_ticket ON ticket_note (ticket, id);

CREATE TABLE verification (
  id BIGINT NOT NULL PRIMARY KEY,
  ticket BIGINT NOT NULL,
  subscriber BIGINT NOT NULL,
  method TEXT NOT NULL,
  level BIGINT NOT NULL,
  granted BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  voided BIGINT NOT NULL,
  granted_by TEXT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX verification_of_ticket ON verification (ticket, id);

-- id is "subscriber/method".
CREATE TABLE method_state (
  id TEXT NOT NULL PRIMARY KEY,
  subscriber BIGINT NOT NULL,
  method TEXT NOT NULL,
  failures BIGINT NOT NULL,
  codes_sent BIGINT NOT NULL,
  locked BIGINT NOT NULL,
  version BIGINT NOT NULL
);

CREATE TABLE code_challenge (
  id BIGINT NOT NULL PRIMARY KEY,
  ticket BIGINT NOT NULL,
  subscriber BIGINT NOT NULL,
  keyed_hash TEXT NOT NULL,
  sent BIGINT NOT NULL,
  expires BIGINT NOT NULL,
  tries_left BIGINT NOT NULL,
  voided BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX code_challenge_of_ticket ON code_challenge (ticket, id);

CREATE TABLE opening (
  id BIGINT NOT NULL PRIMARY KEY,
  ticket BIGINT NOT NULL,
  subscriber BIGINT NOT NULL,
  operator_id BIGINT NOT NULL,
  until BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX opening_of_ticket ON opening (ticket, operator_id, id);

CREATE TABLE action_run (
  id TEXT NOT NULL PRIMARY KEY,
  action TEXT NOT NULL,
  ticket BIGINT NOT NULL,
  operator_id BIGINT NOT NULL,
  started BIGINT NOT NULL,
  ended BIGINT,
  outcome TEXT NOT NULL,
  device TEXT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX action_run_open ON action_run (started, id) WHERE ended IS NULL;
