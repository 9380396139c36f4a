-- Receipts put aside, some of them at a table of the restaurant (T7). The one in hand stays in open_receipt, slot 0. No facts:
-- nothing has been sold yet; what is struck out of them leaves a fact.
CREATE TABLE parked_receipt (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice, so that nobody pays another's receipt
  revision INTEGER NOT NULL,                   -- one more with each change
  area     TEXT NOT NULL,
  name     TEXT NOT NULL,                      -- of the table; empty = nowhere
  folded   TEXT,                               -- "area/table" without case and marks: one receipt a table; NULL = nowhere
  parked   INTEGER NOT NULL,
  cashier  TEXT NOT NULL,                      -- who put it aside
  body     TEXT NOT NULL                       -- the draft (node/draft.h)
) STRICT;
CREATE UNIQUE INDEX parked_receipt_by_place ON parked_receipt (folded) WHERE folded IS NOT NULL;

-- Projection: what a cashier did to lines before they were paid (T5), for whoever looks after the money.
CREATE TABLE trace (
  seq      INTEGER NOT NULL,
  line     INTEGER NOT NULL,         -- of the fact, from 1
  kind     TEXT NOT NULL,            -- line_voided, receipt_voided, price_typed, discount_by_hand, refund_without_receipt
  at       INTEGER NOT NULL,
  cashier  TEXT NOT NULL,
  area     TEXT NOT NULL,
  place    TEXT NOT NULL,            -- table
  code     TEXT NOT NULL,
  name     TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  price    INTEGER NOT NULL,         -- unit price as it stood
  list     INTEGER,                  -- the catalogue's, where another was typed
  amount   INTEGER NOT NULL,         -- what the shop takes less by it
  entered  INTEGER,                  -- when the first line of what was struck out was rung up
  reason   TEXT NOT NULL,
  PRIMARY KEY (seq, line, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX trace_by_at ON trace (at);
