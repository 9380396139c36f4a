-- Stock of the branches (node/stock_fact.h), from their sales, refunds and facts of stock.

INSERT OR IGNORE INTO word (text) VALUES ('');

----------------------------------------------------------------------------------------------- Projections
-- A level is the sum of what the branch's nodes moved; the first one, what was sold before this table was.
CREATE TABLE stock_level (
  branch   INTEGER NOT NULL,
  stock    INTEGER NOT NULL,             -- word; of '' for the main one
  product  INTEGER NOT NULL,             -- word: the product's key
  quantity INTEGER NOT NULL,
  PRIMARY KEY (branch, stock, product)
) STRICT, WITHOUT ROWID;
INSERT INTO stock_level SELECT n.branch, (SELECT id FROM word WHERE text = ''), l.product, -sum(l.quantity)
  FROM sale_line l JOIN chain h ON h.id = (l.id >> 14) >> 32 JOIN node n ON n.id = h.node WHERE l.product IS NOT NULL GROUP BY n.branch, l.product;

-- Sales and refunds of another stock than the main one.
CREATE TABLE sale_stock (fact INTEGER PRIMARY KEY, stock INTEGER NOT NULL) STRICT;

CREATE TABLE stock_act (
  fact        INTEGER PRIMARY KEY,
  at          INTEGER NOT NULL,
  kind        TEXT NOT NULL,             -- stock.received, stock.adjusted, stock.counted, stock.sent, stock.arrived
  stock       INTEGER NOT NULL,          -- word
  cashier     INTEGER NOT NULL,          -- word
  reason      TEXT NOT NULL,
  document    TEXT NOT NULL,
  branch      INTEGER,                   -- sent: to which
  from_branch INTEGER,                   -- arrived: the fact that sent it, by node …
  from_till   INTEGER,
  from_seq    INTEGER                    -- … and seq
) STRICT;
CREATE INDEX stock_act_by_source ON stock_act (from_branch, from_till, from_seq) WHERE from_seq IS NOT NULL;
-- id = fact × 2^14 + line, lines from 1.
CREATE TABLE stock_line (
  id       INTEGER PRIMARY KEY,
  product  INTEGER NOT NULL,             -- word
  name     INTEGER NOT NULL,             -- word
  quantity INTEGER NOT NULL,             -- moved, signed
  cost     INTEGER                       -- of a piece, millionths of the major unit
) STRICT;
