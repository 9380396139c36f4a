-- Users of this till, and its shifts.

-- Projection of user.set facts; name, badge and PIN come from the texts beside the chain. Names and badges are unique among those
-- who are not removed (the session sees to it).
CREATE TABLE user (
  id      TEXT PRIMARY KEY,          -- the fact that made the user: "3.1/1/17"
  name    TEXT NOT NULL,
  folded  TEXT NOT NULL,             -- names compare without case and marks
  role    TEXT NOT NULL,
  badge   TEXT,                      -- normalised code
  pin     TEXT NOT NULL,             -- Argon2id; empty = none
  removed INTEGER NOT NULL,
  digest  TEXT NOT NULL,             -- of the texts beside the chain
  set_at  INTEGER NOT NULL           -- of the fact: one that comes back from a lost epoch counts if it is later
) STRICT, WITHOUT ROWID;
CREATE INDEX user_by_badge ON user (badge) WHERE badge IS NOT NULL;

-- Keys as those of closings: number, of a lost epoch epoch and number.
CREATE TABLE shift (
  number  INTEGER PRIMARY KEY,
  seq     INTEGER NOT NULL,
  at      INTEGER NOT NULL,
  cashier TEXT NOT NULL,
  counted INTEGER NOT NULL           -- in the drawer when it began
) STRICT;
CREATE TABLE shift_report (
  number INTEGER PRIMARY KEY,
  seq    INTEGER NOT NULL,
  at     INTEGER NOT NULL,
  body   TEXT NOT NULL
) STRICT;

-- What lies in the drawer by the books: the sum of cash_movement, kept so that a closing does not add up years.
CREATE TABLE drawer (one INTEGER PRIMARY KEY CHECK (one = 1), amount INTEGER NOT NULL) STRICT;
INSERT INTO drawer (one, amount) SELECT 1, ifnull(sum(amount), 0) FROM cash_movement;
