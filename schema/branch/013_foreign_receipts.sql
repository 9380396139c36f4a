-- Receipts of other tills that HQ handed down, because a customer brings the goods back here, and refunds that other tills made of
-- them or of this till's own (node/foreign_receipts.h). State, as HQ's last reply knew it.
CREATE TABLE foreign_receipt (
  fact   TEXT PRIMARY KEY,           -- "3.1/1/57"
  node   TEXT NOT NULL,              -- "3.1"
  epoch  INTEGER NOT NULL,
  number INTEGER NOT NULL,           -- of the receipt
  sold   TEXT,                       -- of a refund: the sale's fact; NULL for a sale
  at     INTEGER NOT NULL,
  body   TEXT NOT NULL,
  named  INTEGER NOT NULL DEFAULT 1  -- 0: the state is read from the start, and HQ has not named it yet
) STRICT, WITHOUT ROWID;
CREATE INDEX foreign_receipt_by_number ON foreign_receipt (node, number) WHERE sold IS NULL;
CREATE INDEX foreign_receipt_by_sale ON foreign_receipt (sold) WHERE sold IS NOT NULL;

-- Receipts that a cashier wanted and that are not here: HQ is asked for them with each exchange until it sends them.
CREATE TABLE receipt_wish (
  receipt TEXT PRIMARY KEY,          -- "3.1-000017"
  at      INTEGER NOT NULL,
  unknown INTEGER                    -- HQ's clock when it answered that it does not know the receipt
) STRICT, WITHOUT ROWID;
