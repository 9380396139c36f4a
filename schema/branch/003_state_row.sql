-- What of HQ's state stands here: every row that HQ has sent and not taken back, with the hash of it as it came. Their sum is the
-- digest by which branch and HQ prove that they hold the same state (node/state_digest.h); a row of a kind that this version does
-- not know counts like any other.
CREATE TABLE state_row (
  kind    TEXT NOT NULL,
  key     TEXT NOT NULL,
  version INTEGER NOT NULL,
  hash    BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;
