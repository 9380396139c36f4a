-- Cards of programmes by list; those by range stand in the policy.
CREATE TABLE listed_card (
  code       TEXT PRIMARY KEY,
  programmes TEXT NOT NULL,              -- JSON array of names
  version    INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- A settlement names receipt and line; whose account they stand on follows from who is merged with whom.
CREATE INDEX account_item_by_receipt ON account_item (receipt, line);

-- Who is one with a customer: asked with every row of a customer that comes.
CREATE INDEX customer_alias_by_customer ON customer_alias (customer);
