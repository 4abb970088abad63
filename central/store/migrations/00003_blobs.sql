-- Pieces of reference data, each under the hash of its bytes: chunks, manifests and
-- drafts of feeds. Which of them count is said by central's own log.

-- +goose Up
CREATE TABLE blob (
  hash    bytea  NOT NULL,  -- SHA-256 of the content
  feed    text   NOT NULL,
  put     bigint NOT NULL,  -- microseconds since 1970 UTC
  content bytea  NOT NULL,
  PRIMARY KEY (hash, feed)
);

-- +goose Down
DROP TABLE blob;
