-- Rights of nodes to spend points and credit without asking (DESIGN.md "Rights", hq/rights.h).

-- Which fact made `last`: with it goes the branch where the customer bought last.
ALTER TABLE customer ADD COLUMN last_fact INTEGER NOT NULL DEFAULT 0;
UPDATE customer SET last_fact = ifnull((
  SELECT s.fact FROM customer a JOIN movement m ON m.customer = a.row AND m.kind = 'sale' JOIN sale s ON s.fact = m.fact
  WHERE a.row = customer.row OR a.main = customer.row ORDER BY s.at DESC, s.fact DESC LIMIT 1), 0)
WHERE last IS NOT NULL;

-- A node says that it was restored from a backup: its epoch ends (hq/recovery.h).
ALTER TABLE standing ADD COLUMN restored TEXT NOT NULL DEFAULT '';
-- The era of rights in which the node joined: it has never spent otherwise.
ALTER TABLE node ADD COLUMN rights_era TEXT NOT NULL DEFAULT '';

-- Projections: who holds rights since which fact of his, and what HQ granted him and he gave back since.
CREATE TABLE right_holder (
  node    INTEGER NOT NULL,
  epoch   INTEGER NOT NULL,
  begun   INTEGER NOT NULL,              -- seq of right.begun
  era     TEXT NOT NULL,
  written_off INTEGER NOT NULL DEFAULT 0, -- a person decided that he spends nothing of it any more
  PRIMARY KEY (node, epoch)
) STRICT, WITHOUT ROWID;
CREATE TABLE right_moved (
  customer INTEGER NOT NULL,             -- row that the fact names, an alias or not
  node     INTEGER NOT NULL,
  epoch    INTEGER NOT NULL,
  begun    INTEGER NOT NULL,
  points_granted  INTEGER NOT NULL,
  credit_granted  INTEGER NOT NULL,
  points_returned INTEGER NOT NULL,
  credit_returned INTEGER NOT NULL,
  PRIMARY KEY (customer, node, epoch, begun)
) STRICT, WITHOUT ROWID;

-- What nodes asked for and the reserve did not reach; replaced by each bundle of the node.
CREATE TABLE right_wanted (
  node     INTEGER NOT NULL,
  customer INTEGER NOT NULL,
  points   INTEGER NOT NULL,
  credit   INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  PRIMARY KEY (node, customer)
) STRICT, WITHOUT ROWID;
CREATE INDEX right_wanted_by_customer ON right_wanted (customer);
