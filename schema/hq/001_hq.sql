-- HQ's store: every node's facts exactly once, and what follows from them. Facts are the truth; what stands under
-- "Projections" is rebuilt from them (paprsek-hq verify); what stands under "Catalogue" came by import.
-- Money: minor units. Points: hundredths. Quantities: thousandths. Rates: millionths. Instants: ms since 1970 UTC.

CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- The one counter from which every state row takes its version. A single row: the highest version given.
CREATE TABLE state_version (version INTEGER NOT NULL) STRICT;
INSERT INTO state_version VALUES (0);

CREATE TABLE node (
  id            INTEGER PRIMARY KEY,
  branch        INTEGER NOT NULL,
  till          INTEGER NOT NULL,
  name          TEXT NOT NULL,
  key           BLOB CHECK (length(key) = 32), -- public; NULL until the node has enrolled
  last_seen     INTEGER,                 -- HQ's clock at the last merged bundle
  newest        INTEGER NOT NULL DEFAULT 0, -- seq of the newest fact that the node said it has
  state_epoch   INTEGER NOT NULL DEFAULT 0, -- how far the node said it has taken over HQ's state
  state_version INTEGER NOT NULL DEFAULT 0,
  UNIQUE (branch, till)
) STRICT;

-- A node's facts of one epoch: where they begin and how far HQ holds them without a hole.
CREATE TABLE chain (
  id        INTEGER PRIMARY KEY,
  node      INTEGER NOT NULL REFERENCES node (id),
  epoch     INTEGER NOT NULL,
  base      INTEGER NOT NULL,            -- seq before the first fact of this epoch
  base_hash BLOB NOT NULL CHECK (length(base_hash) = 32),
  held      INTEGER NOT NULL,            -- seq of the last fact held
  head      BLOB NOT NULL CHECK (length(head) = 32),
  head_at   INTEGER,
  UNIQUE (node, epoch)
) STRICT;

-- id = chain × 2^32 + seq: a node's facts lie together and a bundle is appended without a search.
CREATE TABLE fact (
  id   INTEGER PRIMARY KEY,
  at   INTEGER NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  hash BLOB NOT NULL
) STRICT;
CREATE TRIGGER fact_no_update BEFORE UPDATE ON fact BEGIN SELECT RAISE(ABORT, 'a fact is never changed'); END;
CREATE TRIGGER fact_no_delete BEFORE DELETE ON fact BEGIN SELECT RAISE(ABORT, 'a fact is never deleted'); END;

-- In which order facts came, a row a run: verify replays them in this order.
CREATE TABLE arrival (
  id    INTEGER PRIMARY KEY,
  at    INTEGER NOT NULL,                -- HQ's clock
  chain INTEGER NOT NULL,
  first INTEGER NOT NULL,
  last  INTEGER NOT NULL
) STRICT;

-- Facts that came before a gap closed. `previous` is the hash that their bundle claims for the fact before.
CREATE TABLE early_fact (
  chain    INTEGER NOT NULL,
  seq      INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  kind     TEXT NOT NULL,
  body     TEXT NOT NULL,
  hash     BLOB NOT NULL,
  previous BLOB NOT NULL,
  PRIMARY KEY (chain, seq)
) STRICT, WITHOUT ROWID;

-- Facts of kinds that this version does not know, to be projected by one that does.
CREATE TABLE unprojected (fact INTEGER PRIMARY KEY, kind TEXT NOT NULL) STRICT;

-- Personal texts stand beside the chain: a customer.set fact holds a salted hash of what stands here.
CREATE TABLE personal (
  digest TEXT PRIMARY KEY,
  body   TEXT NOT NULL                   -- canonical JSON {address,email,name,note,phone,salt}
) STRICT, WITHOUT ROWID;

-- The one invitation of a node that still counts. Its answer is proven under the secret, which is forgotten with the use.
CREATE TABLE invitation (
  node    INTEGER PRIMARY KEY,
  secret  TEXT,                          -- NULL = used
  made_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;

-- What a person has to look at. One open exception a fact and kind.
CREATE TABLE exception (
  id       INTEGER PRIMARY KEY,
  kind     TEXT NOT NULL,                -- fork, rejected_fact, duplicate_customer …
  node     INTEGER NOT NULL,
  epoch    INTEGER NOT NULL,
  seq      INTEGER NOT NULL,
  at       INTEGER NOT NULL,             -- HQ's clock
  evidence TEXT NOT NULL,                -- JSON
  state    TEXT NOT NULL DEFAULT 'open'  -- open, resolved
) STRICT;
CREATE UNIQUE INDEX exception_open ON exception (node, epoch, seq, kind) WHERE state = 'open';

------------------------------------------------------------------------------------------------- Catalogue
CREATE TABLE product_group (
  key      TEXT PRIMARY KEY,             -- the name folded
  name     TEXT NOT NULL,
  parent   TEXT NOT NULL,
  excluded INTEGER NOT NULL,
  version  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX product_group_by_version ON product_group (version);

CREATE TABLE product (
  id      INTEGER PRIMARY KEY,
  key     TEXT NOT NULL UNIQUE,          -- the code under which the product was first known; its name in facts
  name    TEXT NOT NULL,
  grp     TEXT NOT NULL,
  price   INTEGER NOT NULL,
  vat     TEXT NOT NULL,
  cost    INTEGER,
  points  INTEGER,
  dealers TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX product_by_version ON product (version);
CREATE TABLE product_code (
  code    TEXT PRIMARY KEY,
  product INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX product_code_by_product ON product_code (product);

----------------------------------------------------------------------------------------------- Projections
CREATE TABLE policy (version INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;

-- Every customer that a fact names. One that was merged into another keeps its row; `main` says where its balances are.
CREATE TABLE customer (
  row      INTEGER PRIMARY KEY,
  id       TEXT NOT NULL UNIQUE,
  main     INTEGER,                      -- row of the customer that it was merged into; never an alias itself
  number   INTEGER UNIQUE,
  name     TEXT NOT NULL DEFAULT '',
  search   TEXT NOT NULL DEFAULT '',     -- name folded
  digest   TEXT NOT NULL DEFAULT '',     -- of the personal texts
  dealer   TEXT NOT NULL DEFAULT '',
  discount INTEGER NOT NULL DEFAULT 0,
  charge   INTEGER NOT NULL DEFAULT 0,
  credit   INTEGER NOT NULL DEFAULT 0,
  referrer TEXT NOT NULL DEFAULT '',     -- a customer's id
  set_at   INTEGER NOT NULL DEFAULT -1,  -- the customer.set fact that stands: the latest by (at, fact), in whatever order they came
  set_by   INTEGER NOT NULL DEFAULT 0,
  points   INTEGER NOT NULL DEFAULT 0,   -- sums of the movements of this row and of its aliases
  spend    INTEGER NOT NULL DEFAULT 0,
  debt     INTEGER NOT NULL DEFAULT 0,
  last     INTEGER,                      -- last purchase anywhere
  version  INTEGER                       -- NULL for an alias: it travels in its main row
) STRICT;
CREATE UNIQUE INDEX customer_by_version ON customer (version);
CREATE INDEX customer_by_main ON customer (main) WHERE main IS NOT NULL;
CREATE TABLE customer_card (
  code     TEXT PRIMARY KEY,
  customer INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX customer_card_by_customer ON customer_card (customer);

-- Every balance is the sum of these. `customer` is the row that the fact names, an alias or not.
CREATE TABLE movement (
  customer INTEGER NOT NULL,
  fact     INTEGER NOT NULL,
  kind     TEXT NOT NULL,                -- sale, redemption, refund, referral, opening, correction, deposit, settlement
  points   INTEGER NOT NULL,
  spend    INTEGER NOT NULL,
  debt     INTEGER NOT NULL,
  PRIMARY KEY (customer, fact, kind)
) STRICT, WITHOUT ROWID;

-- Texts that repeat in sales (product keys, names, cashiers, VAT groups), once each.
CREATE TABLE word (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;

-- Sales and refunds, for reports; amounts of a refund are negative.
CREATE TABLE sale (
  fact     INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL,
  number   INTEGER NOT NULL,
  refund   INTEGER NOT NULL,
  cashier  INTEGER NOT NULL,             -- word
  customer INTEGER,                      -- row of customer
  net      INTEGER NOT NULL,
  redeemed INTEGER NOT NULL,
  rounding INTEGER NOT NULL,
  cash     INTEGER NOT NULL,             -- kept in the drawer: less change and loan
  card     INTEGER NOT NULL,
  account  INTEGER NOT NULL,
  voucher  INTEGER NOT NULL,
  points   INTEGER NOT NULL,             -- awarded
  taken    INTEGER NOT NULL
) STRICT;
-- id = fact × 2^14 + line, lines from 1.
CREATE TABLE sale_line (
  id       INTEGER PRIMARY KEY,
  product  INTEGER,                      -- word: the product's key; NULL for a text or open line
  name     INTEGER NOT NULL,             -- word
  vat      INTEGER NOT NULL,             -- word
  quantity INTEGER NOT NULL,
  net      INTEGER NOT NULL,
  paid     INTEGER NOT NULL,             -- net less its share of the redemption
  cost     INTEGER NOT NULL
) STRICT;

-- Deposits, settlements, cash in and out, corrections, openings.
CREATE TABLE act (
  fact     INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL,
  kind     TEXT NOT NULL,
  cashier  INTEGER NOT NULL,             -- word
  customer INTEGER,
  amount   INTEGER NOT NULL,             -- paid by the customer; cash in (out is negative)
  cash     INTEGER NOT NULL,             -- of it into the drawer
  reason   TEXT NOT NULL
) STRICT;

-- Day closings (Z); what they say is read from the fact.
CREATE TABLE closing (fact INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT;
