-- The keys from which an authority made the administration keys of its cards: sealed under the site's key. `version` is the
-- row's; the key's own is its id.

CREATE TABLE card_site_key (
  id BIGINT NOT NULL PRIMARY KEY,
  kcv TEXT NOT NULL,
  added BIGINT NOT NULL,
  added_by TEXT NOT NULL,
  owner TEXT NOT NULL,
  value_sealed TEXT NOT NULL,
  version BIGINT NOT NULL
);
