-- What the desk may use of a card for its holder: sealed under the holder's key, so it goes when they are erased.

CREATE TABLE card_secret (
  id BIGINT NOT NULL PRIMARY KEY,
  subscriber BIGINT NOT NULL,
  family TEXT NOT NULL,
  owner TEXT NOT NULL,
  card_serial_sealed TEXT NOT NULL,
  kind TEXT NOT NULL,
  key_version BIGINT NOT NULL,
  kcv TEXT NOT NULL,
  spent BIGINT NOT NULL,
  answers BIGINT NOT NULL,
  added BIGINT NOT NULL,
  value_sealed TEXT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX card_secret_of_subscriber ON card_secret (subscriber, id);
