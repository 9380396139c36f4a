-- The branch ledger. Facts are the truth; what stands under "Projections" is rebuilt from them at any time
-- (paprsek verify), what stands under "State" came from HQ, or from the imports of a branch that stands alone.
-- Money: minor units. Points: hundredths. Quantities: thousandths. Instants: ms since 1970 UTC.

CREATE TABLE fact (
  seq  INTEGER PRIMARY KEY,
  at   INTEGER NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE TRIGGER fact_no_update BEFORE UPDATE ON fact BEGIN SELECT RAISE(ABORT, 'a fact is never changed'); END;
CREATE TRIGGER fact_no_delete BEFORE DELETE ON fact BEGIN SELECT RAISE(ABORT, 'a fact is never deleted'); END;
-- INSERT OR REPLACE deletes without firing the trigger above.
CREATE TRIGGER fact_no_replace BEFORE INSERT ON fact WHEN EXISTS (SELECT 1 FROM fact WHERE seq = new.seq)
BEGIN SELECT RAISE(ABORT, 'a fact is never replaced'); END;

CREATE INDEX fact_enrolled ON fact (seq) WHERE kind = 'node.enrolled';

-- From which seq on facts belong to which epoch.
CREATE TABLE epoch (number INTEGER PRIMARY KEY, first_seq INTEGER NOT NULL) STRICT;

-- Settings of this node that are no facts (the exchange's cursor, window size …).
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- Personal texts stand beside the chain: a customer.set fact holds a salted hash of what stands here.
CREATE TABLE personal (
  digest TEXT PRIMARY KEY,           -- hexadecimal BLAKE2b-256 of the body, which begins with the salt
  body   TEXT NOT NULL               -- canonical JSON {address,email,name,note,phone,salt}
) STRICT, WITHOUT ROWID;

-- The receipt being rung up, one per till; gone in the transaction that books the sale.
CREATE TABLE open_receipt (slot INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;

------------------------------------------------------------------------------------------------------ State
CREATE TABLE product_group (
  folded   TEXT PRIMARY KEY,         -- names compare without case and marks
  name     TEXT NOT NULL,
  parent   TEXT NOT NULL DEFAULT '',
  excluded INTEGER NOT NULL DEFAULT 0,
  version  INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE product (
  id       INTEGER PRIMARY KEY,
  key      TEXT NOT NULL UNIQUE,     -- the code under which the product was first known; its name in facts
  name     TEXT NOT NULL,
  search   TEXT NOT NULL,            -- name folded, for product_search
  grp      TEXT NOT NULL DEFAULT '',
  price    INTEGER NOT NULL,
  vat      TEXT NOT NULL,
  cost     INTEGER,
  points   INTEGER,                  -- per piece, set by hand; NULL = by policy
  dealers  TEXT NOT NULL DEFAULT '', -- "DEA:20|VIP:30"
  version  INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX product_by_group ON product (grp);
CREATE INDEX product_by_name ON product (search);

CREATE TABLE product_code (
  code    TEXT PRIMARY KEY,          -- raised; UPC-A as EAN-13
  product INTEGER NOT NULL REFERENCES product (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX product_code_by_product ON product_code (product);

CREATE VIRTUAL TABLE product_search USING fts5 (search, content='product', content_rowid='id', prefix='1 2 3', detail=column, columnsize=0);

CREATE TABLE policy (version INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;

CREATE TABLE customer (
  id        TEXT PRIMARY KEY,
  number    INTEGER UNIQUE,
  name      TEXT NOT NULL DEFAULT '',
  search    TEXT NOT NULL DEFAULT '',
  dealer    TEXT NOT NULL DEFAULT '',
  discount  INTEGER NOT NULL DEFAULT 0,   -- percent, millionths
  charge    INTEGER NOT NULL DEFAULT 0,   -- may charge to account
  credit    INTEGER NOT NULL DEFAULT 0,   -- account limit, 0 = none
  referrer  TEXT,                         -- a customer's id
  phone     TEXT NOT NULL DEFAULT '',
  email     TEXT NOT NULL DEFAULT '',
  address   TEXT NOT NULL DEFAULT '',
  note      TEXT NOT NULL DEFAULT '',
  -- HQ's balances, and the place in this node's own facts up to which they include them.
  hq_points INTEGER NOT NULL DEFAULT 0,
  hq_spend  INTEGER NOT NULL DEFAULT 0,
  hq_debt   INTEGER NOT NULL DEFAULT 0,
  hq_last   INTEGER,                      -- last purchase anywhere, by HQ's knowledge
  hq_seq    INTEGER NOT NULL DEFAULT 0,
  -- Own movements up to hq_seq, kept so that a balance is read without summing: balance = hq + own − included.
  included_points INTEGER NOT NULL DEFAULT 0,
  included_spend  INTEGER NOT NULL DEFAULT 0,
  included_debt   INTEGER NOT NULL DEFAULT 0,
  version   INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE TABLE customer_card (
  code     TEXT PRIMARY KEY,
  customer TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_card_by_customer ON customer_card (customer);
-- A customer that was merged into another: facts name the alias, balances go to the customer.
CREATE TABLE customer_alias (alias TEXT PRIMARY KEY, customer TEXT NOT NULL) STRICT, WITHOUT ROWID;

------------------------------------------------------------------------------------------------ Projections
CREATE TABLE receipt (
  number    INTEGER PRIMARY KEY,
  seq       INTEGER NOT NULL,
  at        INTEGER NOT NULL,
  refund_of TEXT,                    -- "3.1-000017"; NULL for a sale
  cashier   TEXT NOT NULL,
  customer  TEXT,
  net       INTEGER NOT NULL,
  redeemed  INTEGER NOT NULL,
  rounding  INTEGER NOT NULL,
  total     INTEGER NOT NULL,
  points    INTEGER NOT NULL,        -- awarded
  taken     INTEGER NOT NULL
) STRICT;
CREATE INDEX receipt_refunds ON receipt (refund_of) WHERE refund_of IS NOT NULL;
CREATE UNIQUE INDEX receipt_by_seq ON receipt (seq);
CREATE INDEX receipt_by_at ON receipt (at);

CREATE TABLE receipt_line (
  receipt  INTEGER NOT NULL,
  line     INTEGER NOT NULL,         -- from 1
  product  TEXT,                     -- NULL for a text or open line
  code     TEXT NOT NULL,
  name     TEXT NOT NULL,
  quantity INTEGER NOT NULL,         -- negative in a refund
  gross    INTEGER NOT NULL,
  net      INTEGER NOT NULL,
  cost     INTEGER NOT NULL,
  vat      TEXT NOT NULL,
  PRIMARY KEY (receipt, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE payment (
  seq    INTEGER NOT NULL,
  tender TEXT NOT NULL,              -- cash (less change), card, account, voucher
  amount INTEGER NOT NULL,
  PRIMARY KEY (seq, tender)
) STRICT, WITHOUT ROWID;

-- Why a customer's balance is what it is: every balance is the sum of these.
CREATE TABLE movement (
  customer TEXT NOT NULL,
  seq      INTEGER NOT NULL,
  kind     TEXT NOT NULL,            -- sale, redemption, refund, referral, opening, correction, deposit, settlement
  points   INTEGER NOT NULL,
  spend    INTEGER NOT NULL,
  debt     INTEGER NOT NULL,
  PRIMARY KEY (customer, seq, kind)
) STRICT, WITHOUT ROWID;
CREATE TABLE own_balance (
  customer TEXT PRIMARY KEY,
  points   INTEGER NOT NULL,
  spend    INTEGER NOT NULL,
  debt     INTEGER NOT NULL,
  last     INTEGER                   -- last purchase here
) STRICT, WITHOUT ROWID;

-- What was charged to an account and is not settled yet, by line.
CREATE TABLE account_item (
  customer TEXT NOT NULL,
  receipt  INTEGER NOT NULL,
  line     INTEGER NOT NULL,
  name     TEXT NOT NULL,
  at       INTEGER NOT NULL,
  cashier  TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  amount   INTEGER NOT NULL,
  settled_quantity INTEGER NOT NULL DEFAULT 0,
  settled  INTEGER NOT NULL DEFAULT 0,   -- paid or given back
  PRIMARY KEY (customer, receipt, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE cash_movement (
  seq    INTEGER PRIMARY KEY,
  at     INTEGER NOT NULL,
  amount INTEGER NOT NULL,           -- in is positive
  kind   TEXT NOT NULL,              -- sale, refund, in, out, deposit, settlement, loan, count
  reason TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE z_report (
  number INTEGER PRIMARY KEY,
  seq    INTEGER NOT NULL,
  at     INTEGER NOT NULL,
  body   TEXT NOT NULL
) STRICT;

-- Facts booked while the clock stood before the fact that came before them.
CREATE TABLE clock_step (
  seq     INTEGER PRIMARY KEY,
  at      INTEGER NOT NULL,
  back_ms INTEGER NOT NULL
) STRICT;
