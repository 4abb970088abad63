-- Only what engines that speak PostgreSQL's protocol have too: no sequences,
-- triggers, advisory locks, notifications, inheritance or deferred constraints.
-- A log's random id comes first in every key, so that an engine that splits
-- tables by ranges spreads the writes.

-- +goose Up
CREATE TABLE central (
  one int   PRIMARY KEY,  -- always 1
  key bytea NOT NULL      -- that central signs with
);

CREATE TABLE log (
  log_id    uuid   PRIMARY KEY,
  station   text   NOT NULL,
  first     bytea  NOT NULL,  -- the first entry, verbatim
  head_seq  bigint NOT NULL,
  head_leaf bytea  NOT NULL,
  taken     bigint NOT NULL,  -- totals after the head, in cents
  returned  bigint NOT NULL,
  receipts  bigint NOT NULL,
  enrolled  bigint NOT NULL,  -- times are microseconds since 1970 UTC
  received  bigint NOT NULL,
  evidence  bigint NOT NULL DEFAULT 0,
  trouble   text   NOT NULL DEFAULT ''
);

CREATE TABLE entry (
  log_id   uuid   NOT NULL,
  seq      bigint NOT NULL,
  command  uuid   NOT NULL,
  kind     text   NOT NULL,
  actor    text   NOT NULL,
  day      int    NOT NULL,  -- business date, yyyymmdd
  made     bigint NOT NULL,  -- by the station's clock
  received bigint NOT NULL,
  leaf     bytea  NOT NULL,
  raw      bytea  NOT NULL,  -- the entry, verbatim; all else here is read from it
  PRIMARY KEY (log_id, seq)
);

-- The names of accounts in the books. The id is made from the name, so that
-- nobody has to ask for it.
CREATE TABLE account (
  id   bigint PRIMARY KEY,
  name text   NOT NULL
);

-- Asked for by account. Without another index: it would cost a third of the speed
-- of taking entries in, and what belongs to an entry stands in its raw bytes too.
CREATE TABLE posting (
  account bigint   NOT NULL,
  sub     text     NOT NULL,
  log_id  uuid     NOT NULL,
  seq     bigint   NOT NULL,
  line    smallint NOT NULL,
  cents   bigint   NOT NULL,
  PRIMARY KEY (account, sub, log_id, seq, line)
);

CREATE TABLE evidence (
  log_id    uuid   NOT NULL,
  hash      bytea  NOT NULL,  -- of the batch's signature
  reason    text   NOT NULL,
  received  bigint NOT NULL,
  from_seq  bigint NOT NULL,
  prev      bytea  NOT NULL,
  count     int    NOT NULL,
  last      bytea  NOT NULL,
  signature bytea  NOT NULL,
  packed    bytea  NOT NULL,
  PRIMARY KEY (log_id, hash)
);

-- +goose Down
DROP TABLE evidence;
DROP TABLE posting;
DROP TABLE account;
DROP TABLE entry;
DROP TABLE log;
DROP TABLE central;
