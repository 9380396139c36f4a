-- Users whom headquarters keep, and in which branches they work (hq/users.h). Projection of HQ's own user.set facts; name, badge and the
-- PIN's hash come from the texts beside the chain.
CREATE TABLE user (
  id       TEXT PRIMARY KEY,             -- "0.0/1/17"
  name     TEXT NOT NULL,
  folded   TEXT NOT NULL,                -- names compare without case and marks
  role     TEXT NOT NULL,
  badge    TEXT NOT NULL,                -- normalised code; empty = none
  pin      TEXT NOT NULL,                -- Argon2id; empty = none
  digest   TEXT NOT NULL,
  removed  INTEGER NOT NULL,
  branches TEXT NOT NULL,                -- JSON array of numbers; empty = every branch
  version  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX user_by_version ON user (version);
