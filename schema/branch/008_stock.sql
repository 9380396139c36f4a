-- Stock (node/stock.h). A level is the sum of what sales, refunds and the facts of stock moved; the first level of a ledger that
-- is older than this table is what it sold.

----------------------------------------------------------------------------------------------- Projections
CREATE TABLE stock_level (
  stock    TEXT NOT NULL,            -- '' = the main one
  product  TEXT NOT NULL,            -- the product's key
  quantity INTEGER NOT NULL,         -- may be negative
  average  INTEGER,                  -- cost of a piece, millionths of the major unit; NULL until goods of known cost came in
  PRIMARY KEY (stock, product)
) STRICT, WITHOUT ROWID;
INSERT INTO stock_level SELECT '', product, -sum(quantity), NULL FROM receipt_line WHERE product IS NOT NULL GROUP BY product;

-- Receipts of another stock than the main one.
CREATE TABLE receipt_stock (receipt INTEGER PRIMARY KEY, stock TEXT NOT NULL) STRICT;

-- Facts of stock, and what each of their lines moved.
CREATE TABLE stock_act (
  seq      INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL,
  kind     TEXT NOT NULL,
  stock    TEXT NOT NULL,
  cashier  TEXT NOT NULL,
  reason   TEXT NOT NULL,
  document TEXT NOT NULL,
  branch   INTEGER,                  -- to which goods were sent
  source   TEXT                      -- "3.1/57": the fact that sent what arrived
) STRICT;
CREATE INDEX stock_act_by_document ON stock_act (document) WHERE document <> '';
CREATE INDEX stock_act_by_source ON stock_act (source) WHERE source IS NOT NULL;
CREATE TABLE stock_movement (
  seq      INTEGER NOT NULL,
  line     INTEGER NOT NULL,         -- from 1
  product  TEXT NOT NULL,
  name     TEXT NOT NULL,
  quantity INTEGER NOT NULL,         -- signed
  cost     INTEGER,                  -- of a piece, millionths
  expected INTEGER,                  -- of a count: what the frozen list said
  PRIMARY KEY (seq, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX stock_movement_by_product ON stock_movement (product);

--------------------------------------------------------------------------------------------- Work in hand
-- A stocktake that is open, one a stock: like the open receipt no projection, gone in the transaction that books it.
CREATE TABLE stocktake (
  stock   TEXT PRIMARY KEY,
  at      INTEGER NOT NULL,
  cashier TEXT NOT NULL,
  grp     TEXT NOT NULL              -- '' = everything
) STRICT, WITHOUT ROWID;
CREATE TABLE stocktake_line (
  stock    TEXT NOT NULL,
  product  TEXT NOT NULL,
  name     TEXT NOT NULL,
  expected INTEGER NOT NULL,         -- frozen when it was opened
  counted  INTEGER,                  -- NULL = not yet
  PRIMARY KEY (stock, product)
) STRICT, WITHOUT ROWID;
