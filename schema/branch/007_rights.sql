-- Rights: what of a customer's points and credit this node may spend without asking HQ (DESIGN.md "Rights", node/rights.h).
-- right = granted since right.begun − returned since + own movements since.

-- State, from HQ: all that it granted since the right.begun that the row names.
CREATE TABLE right_granted (
  customer TEXT PRIMARY KEY,
  epoch    INTEGER NOT NULL,         -- rows of another epoch or beginning than the ledger's newest count for nothing
  begun    INTEGER NOT NULL,
  points   INTEGER NOT NULL,
  credit   INTEGER NOT NULL,
  home     INTEGER NOT NULL,         -- the customer asked or bought here last: a share stays here
  changed  INTEGER NOT NULL DEFAULT 1 -- since this node looked what it could give back
) STRICT, WITHOUT ROWID;
CREATE INDEX right_granted_changed ON right_granted (customer) WHERE changed = 1;

-- Projections.
CREATE TABLE right_begun (seq INTEGER PRIMARY KEY, era TEXT NOT NULL) STRICT;
CREATE TABLE right_returned (
  seq      INTEGER NOT NULL,
  place    INTEGER NOT NULL,         -- within the fact, from 1
  customer TEXT NOT NULL,
  points   INTEGER NOT NULL,
  credit   INTEGER NOT NULL,
  PRIMARY KEY (seq, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX right_returned_by_customer ON right_returned (customer, seq);

-- Neither: what a cashier wanted and the right did not reach. Asked of HQ with the next exchanges.
CREATE TABLE right_wish (
  customer TEXT PRIMARY KEY,
  points   INTEGER NOT NULL,         -- the right that it takes
  credit   INTEGER NOT NULL,
  at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
