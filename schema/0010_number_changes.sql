-- Every change of a registered mobile, so that it can be undone and its age be told.

CREATE TABLE number_change (
  id BIGINT NOT NULL PRIMARY KEY,
  subscriber BIGINT NOT NULL,
  owner TEXT NOT NULL,
  restores_sealed TEXT NOT NULL,
  action TEXT NOT NULL,
  at BIGINT NOT NULL,
  until BIGINT NOT NULL,
  undone BIGINT,
  version BIGINT NOT NULL
);
CREATE INDEX number_change_of_subscriber ON number_change (subscriber, id);

-- For who asked, and for the history of a subscriber.
CREATE INDEX approval_decided ON approval (decided);
