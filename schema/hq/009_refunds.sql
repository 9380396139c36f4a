-- Refunds of receipts at whatever till of the chain (node/foreign_receipts.h, hq/refunds.h).

-- Projection: each refund, by the sale whose goods it gives back. The sale by name: it may come after its refund.
CREATE TABLE refund_of (
  branch INTEGER NOT NULL,               -- the sale: node, …
  till   INTEGER NOT NULL,
  epoch  INTEGER NOT NULL,
  seq    INTEGER NOT NULL,               -- … epoch and seq of its fact
  refund INTEGER NOT NULL,               -- fact
  early  INTEGER NOT NULL,               -- the sale was not here when it came
  PRIMARY KEY (branch, till, epoch, seq, refund)
) STRICT, WITHOUT ROWID;
CREATE INDEX refund_early ON refund_of (early) WHERE early;

-- Which nodes hear of which receipts: those that asked for one, and the one that sold it where another gave its goods back. No
-- projection: what was asked for is no fact.
CREATE TABLE receipt_held (
  node    INTEGER NOT NULL,
  branch  INTEGER NOT NULL,              -- the sale, as above
  till    INTEGER NOT NULL,
  epoch   INTEGER NOT NULL,
  seq     INTEGER NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (node, branch, till, epoch, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX receipt_held_by_version ON receipt_held (node, version);
CREATE INDEX receipt_held_by_sale ON receipt_held (branch, till, epoch, seq);

-- What a node asked for and HQ does not know; replaced by each bundle of the node.
CREATE TABLE receipt_wanted (
  node    INTEGER NOT NULL,
  receipt TEXT NOT NULL,                 -- "3.1-000017"
  PRIMARY KEY (node, receipt)
) STRICT, WITHOUT ROWID;
