-- HQ's store on a PostgreSQL server: the tables of schema/hq as they are after its 14th migration, in the same order of columns, for
-- both are spoken to by the same SQL (hq/sql_store.h). What the tables and columns mean is said there.
--
-- They stand in a schema of their own, "paprsek", which holds besides: migration (how many of these files have run) and secret.
-- Texts compare by their bytes, as they do in SQLite. A text that facts bring may be longer than a B-tree takes (a third of a page):
-- such are kept apart by their hashes.

-- HQ's own key, which stands in a file beside hq.db where HQ is a folder: whoever restores the database has it too, and a server
-- has no folder that all machines of HQ see. A table of its own, so that who may read the others need not be let read this one.
CREATE TABLE secret (name TEXT PRIMARY KEY, value TEXT NOT NULL);

-- Rows are numbered without holes, as SQLite numbers them: a chain's number stands in its facts, and verify compares them. Only one
-- transaction writes at a time (state_version), so that no two get one number.
CREATE FUNCTION next_node() RETURNS BIGINT LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT coalesce(max(id), 0) + 1 FROM paprsek.node); END $$;
CREATE FUNCTION next_chain() RETURNS BIGINT LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT coalesce(max(id), 0) + 1 FROM paprsek.chain); END $$;
CREATE FUNCTION next_arrival() RETURNS BIGINT LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT coalesce(max(id), 0) + 1 FROM paprsek.arrival); END $$;
CREATE FUNCTION next_exception() RETURNS BIGINT LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT coalesce(max(id), 0) + 1 FROM paprsek.exception); END $$;
CREATE FUNCTION next_product() RETURNS BIGINT LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT coalesce(max(id), 0) + 1 FROM paprsek.product); END $$;
CREATE FUNCTION next_customer() RETURNS BIGINT LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT coalesce(max(row), 0) + 1 FROM paprsek.customer); END $$;
CREATE FUNCTION next_word() RETURNS BIGINT LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT coalesce(max(id), 0) + 1 FROM paprsek.word); END $$;

CREATE TABLE setting (
  name TEXT COLLATE "C" PRIMARY KEY,
  value TEXT COLLATE "C" NOT NULL
);

CREATE TABLE state_version (
  version BIGINT NOT NULL
);
INSERT INTO state_version VALUES (0);

CREATE TABLE node (
  id BIGINT PRIMARY KEY DEFAULT next_node(),
  branch BIGINT NOT NULL,
  till BIGINT NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  key BYTEA CHECK (length(key) = 32),
  last_seen BIGINT,
  newest BIGINT NOT NULL DEFAULT 0,
  state_epoch BIGINT NOT NULL DEFAULT 0,
  state_version BIGINT NOT NULL DEFAULT 0,
  rights_era TEXT COLLATE "C" NOT NULL DEFAULT '',
  UNIQUE (branch, till)
);

CREATE TABLE chain (
  id BIGINT PRIMARY KEY DEFAULT next_chain(),
  node BIGINT NOT NULL REFERENCES node (id),
  epoch BIGINT NOT NULL,
  base BIGINT NOT NULL,
  base_hash BYTEA NOT NULL CHECK (length(base_hash) = 32),
  held BIGINT NOT NULL,
  head BYTEA NOT NULL CHECK (length(head) = 32),
  head_at BIGINT,
  act_at BIGINT,
  UNIQUE (node, epoch)
);

CREATE TABLE fact (
  id BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  body TEXT COLLATE "C" NOT NULL,
  hash BYTEA NOT NULL
);
CREATE FUNCTION fact_stands() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'a fact is never changed or deleted'; END $$;
CREATE TRIGGER fact_no_change BEFORE UPDATE OR DELETE ON fact FOR EACH ROW EXECUTE FUNCTION fact_stands();
CREATE TRIGGER fact_no_truncate BEFORE TRUNCATE ON fact EXECUTE FUNCTION fact_stands();

CREATE TABLE arrival (
  id BIGINT PRIMARY KEY DEFAULT next_arrival(),
  at BIGINT NOT NULL,
  chain BIGINT NOT NULL,
  first BIGINT NOT NULL,
  last BIGINT NOT NULL
);

CREATE TABLE early_fact (
  chain BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  body TEXT COLLATE "C" NOT NULL,
  hash BYTEA NOT NULL,
  previous BYTEA NOT NULL,
  PRIMARY KEY (chain, seq)
);

CREATE TABLE unprojected (
  fact BIGINT PRIMARY KEY,
  kind TEXT COLLATE "C" NOT NULL
);

CREATE TABLE personal (
  digest TEXT COLLATE "C" PRIMARY KEY,
  body TEXT COLLATE "C" NOT NULL
);

CREATE TABLE invitation (
  node BIGINT PRIMARY KEY,
  secret TEXT COLLATE "C",
  made_at BIGINT NOT NULL,
  used_at BIGINT
);

CREATE TABLE exception (
  id BIGINT PRIMARY KEY DEFAULT next_exception(),
  kind TEXT COLLATE "C" NOT NULL,
  node BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  evidence TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL DEFAULT 'open',
  subject TEXT COLLATE "C" NOT NULL DEFAULT '',
  remedy TEXT COLLATE "C" NOT NULL DEFAULT '',
  closed_at BIGINT,
  EXCLUDE USING hash ((kind || ' ' || subject) WITH =) WHERE (state IN ('open', 'accepted'))
);
CREATE INDEX exception_live ON exception (kind) WHERE state IN ('open', 'accepted');

CREATE TABLE product_group (
  key TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  parent TEXT COLLATE "C" NOT NULL,
  excluded BIGINT NOT NULL,
  version BIGINT NOT NULL,
  EXCLUDE USING hash (key WITH =)
);
CREATE UNIQUE INDEX product_group_by_version ON product_group (version);

CREATE TABLE product (
  id BIGINT PRIMARY KEY DEFAULT next_product(),
  key TEXT COLLATE "C" NOT NULL UNIQUE,
  name TEXT COLLATE "C" NOT NULL,
  grp TEXT COLLATE "C" NOT NULL,
  price BIGINT NOT NULL,
  vat TEXT COLLATE "C" NOT NULL,
  cost BIGINT,
  points BIGINT,
  dealers TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  prices TEXT COLLATE "C" NOT NULL DEFAULT '',
  linked TEXT COLLATE "C" NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX product_by_version ON product (version);

CREATE TABLE product_code (
  code TEXT COLLATE "C" PRIMARY KEY,
  product BIGINT NOT NULL
);
CREATE INDEX product_code_by_product ON product_code (product);

CREATE TABLE policy (
  version BIGINT PRIMARY KEY,
  body TEXT COLLATE "C" NOT NULL
);

CREATE TABLE customer (
  row BIGINT PRIMARY KEY DEFAULT next_customer(),
  id TEXT COLLATE "C" NOT NULL,
  main BIGINT,
  number BIGINT UNIQUE,
  name TEXT COLLATE "C" NOT NULL DEFAULT '',
  search TEXT COLLATE "C" NOT NULL DEFAULT '',
  digest TEXT COLLATE "C" NOT NULL DEFAULT '',
  dealer TEXT COLLATE "C" NOT NULL DEFAULT '',
  discount BIGINT NOT NULL DEFAULT 0,
  charge BIGINT NOT NULL DEFAULT 0,
  credit BIGINT NOT NULL DEFAULT 0,
  referrer TEXT COLLATE "C" NOT NULL DEFAULT '',
  set_at BIGINT NOT NULL DEFAULT -1,
  set_by BIGINT NOT NULL DEFAULT 0,
  points BIGINT NOT NULL DEFAULT 0,
  spend BIGINT NOT NULL DEFAULT 0,
  debt BIGINT NOT NULL DEFAULT 0,
  last BIGINT,
  version BIGINT,
  last_fact BIGINT NOT NULL DEFAULT 0,
  EXCLUDE USING hash (id WITH =)
);
CREATE UNIQUE INDEX customer_by_version ON customer (version);
CREATE INDEX customer_by_main ON customer (main) WHERE main IS NOT NULL;

CREATE TABLE customer_card (
  code TEXT COLLATE "C" NOT NULL,
  customer BIGINT NOT NULL,
  EXCLUDE USING hash (code WITH =)
);
CREATE INDEX customer_card_by_customer ON customer_card (customer);

CREATE TABLE movement (
  customer BIGINT NOT NULL,
  fact BIGINT NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  points BIGINT NOT NULL,
  spend BIGINT NOT NULL,
  debt BIGINT NOT NULL,
  PRIMARY KEY (customer, fact, kind)
);

CREATE TABLE word (
  id BIGINT PRIMARY KEY DEFAULT next_word(),
  text TEXT COLLATE "C" NOT NULL,
  EXCLUDE USING hash (text WITH =)
);

CREATE TABLE sale (
  fact BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  number BIGINT NOT NULL,
  refund BIGINT NOT NULL,
  cashier BIGINT NOT NULL,
  customer BIGINT,
  net BIGINT NOT NULL,
  redeemed BIGINT NOT NULL,
  rounding BIGINT NOT NULL,
  cash BIGINT NOT NULL,
  card BIGINT NOT NULL,
  account BIGINT NOT NULL,
  voucher BIGINT NOT NULL,
  points BIGINT NOT NULL,
  taken BIGINT NOT NULL
);

CREATE TABLE sale_line (
  id BIGINT PRIMARY KEY,
  product BIGINT,
  name BIGINT NOT NULL,
  vat BIGINT NOT NULL,
  quantity BIGINT NOT NULL,
  net BIGINT NOT NULL,
  paid BIGINT NOT NULL,
  cost BIGINT NOT NULL
);

CREATE TABLE act (
  fact BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  cashier BIGINT NOT NULL,
  customer BIGINT,
  amount BIGINT NOT NULL,
  cash BIGINT NOT NULL,
  reason TEXT COLLATE "C" NOT NULL
);

CREATE TABLE closing (
  fact BIGINT PRIMARY KEY,
  at BIGINT NOT NULL
);

CREATE TABLE standing (
  node BIGINT PRIMARY KEY,
  chain BIGINT NOT NULL,
  agreed BIGINT NOT NULL,
  complete BIGINT NOT NULL,
  fork BYTEA,
  aside TEXT COLLATE "C" NOT NULL,
  restored TEXT COLLATE "C" NOT NULL DEFAULT ''
);

CREATE TABLE former_key (
  key BYTEA PRIMARY KEY CHECK (length(key) = 32),
  node BIGINT NOT NULL
);

CREATE TABLE merged (
  customer BIGINT PRIMARY KEY,
  cards TEXT COLLATE "C" NOT NULL,
  aliases TEXT COLLATE "C" NOT NULL,
  number BIGINT,
  digest TEXT COLLATE "C" NOT NULL
);

CREATE TABLE listed_card (
  code TEXT COLLATE "C" PRIMARY KEY,
  programmes TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL
);
CREATE UNIQUE INDEX listed_card_by_version ON listed_card (version);

CREATE TABLE right_holder (
  node BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  begun BIGINT NOT NULL,
  era TEXT COLLATE "C" NOT NULL,
  written_off BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (node, epoch)
);

CREATE TABLE right_moved (
  customer BIGINT NOT NULL,
  node BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  begun BIGINT NOT NULL,
  points_granted BIGINT NOT NULL,
  credit_granted BIGINT NOT NULL,
  points_returned BIGINT NOT NULL,
  credit_returned BIGINT NOT NULL,
  PRIMARY KEY (customer, node, epoch, begun)
);

CREATE TABLE right_wanted (
  node BIGINT NOT NULL,
  customer BIGINT NOT NULL,
  points BIGINT NOT NULL,
  credit BIGINT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (node, customer)
);
CREATE INDEX right_wanted_by_customer ON right_wanted (customer);

CREATE TABLE stock_level (
  branch BIGINT NOT NULL,
  stock BIGINT NOT NULL,
  product BIGINT NOT NULL,
  quantity BIGINT NOT NULL,
  PRIMARY KEY (branch, stock, product)
);

CREATE TABLE sale_stock (
  fact BIGINT PRIMARY KEY,
  stock BIGINT NOT NULL
);

CREATE TABLE stock_act (
  fact BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  stock BIGINT NOT NULL,
  cashier BIGINT NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  document TEXT COLLATE "C" NOT NULL,
  branch BIGINT,
  from_branch BIGINT,
  from_till BIGINT,
  from_seq BIGINT
);
CREATE INDEX stock_act_by_source ON stock_act (from_branch, from_till, from_seq) WHERE from_seq IS NOT NULL;

CREATE TABLE stock_line (
  id BIGINT PRIMARY KEY,
  product BIGINT NOT NULL,
  name BIGINT NOT NULL,
  quantity BIGINT NOT NULL,
  cost BIGINT
);
CREATE INDEX fact_joined ON fact (id) WHERE kind = 'node.enrolled';

CREATE TABLE refund_of (
  branch BIGINT NOT NULL,
  till BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  refund BIGINT NOT NULL,
  early BIGINT NOT NULL,
  PRIMARY KEY (branch, till, epoch, seq, refund)
);

CREATE TABLE receipt_held (
  node BIGINT NOT NULL,
  branch BIGINT NOT NULL,
  till BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (node, branch, till, epoch, seq)
);
CREATE INDEX receipt_held_by_version ON receipt_held (node, version);
CREATE INDEX receipt_held_by_sale ON receipt_held (branch, till, epoch, seq);

CREATE TABLE receipt_wanted (
  node BIGINT NOT NULL,
  receipt TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (node, receipt)
);

CREATE TABLE "user" (
  id TEXT COLLATE "C" PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL,
  folded TEXT COLLATE "C" NOT NULL,
  role TEXT COLLATE "C" NOT NULL,
  badge TEXT COLLATE "C" NOT NULL,
  pin TEXT COLLATE "C" NOT NULL,
  digest TEXT COLLATE "C" NOT NULL,
  removed BIGINT NOT NULL,
  branches TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL
);
CREATE UNIQUE INDEX user_by_version ON "user" (version);

CREATE TABLE former_row (
  kind TEXT COLLATE "C" NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  version BIGINT PRIMARY KEY,
  until BIGINT NOT NULL,
  body TEXT COLLATE "C" NOT NULL
);
CREATE INDEX former_row_by_key ON former_row USING hash (key);
CREATE INDEX former_row_by_end ON former_row (until);

CREATE TABLE kept_bundle (
  chain BIGINT NOT NULL,
  first BIGINT NOT NULL,
  last BIGINT NOT NULL,
  bytes BYTEA NOT NULL,
  PRIMARY KEY (chain, first, last)
);
CREATE INDEX refund_early ON refund_of (early) WHERE early <> 0;

INSERT INTO word (text) VALUES ('');
INSERT INTO setting VALUES ('former_from', '0');
