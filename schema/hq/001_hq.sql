-- HQ's store: every node's facts exactly once, and what follows from them.
CREATE TABLE fact (
  node  TEXT NOT NULL,               -- "3.1"; HQ's own facts are "0.0"
  epoch INTEGER NOT NULL,
  seq   INTEGER NOT NULL,
  at    INTEGER NOT NULL,
  kind  TEXT NOT NULL,
  body  TEXT NOT NULL,
  hash  BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (node, epoch, seq)
) STRICT, WITHOUT ROWID;
