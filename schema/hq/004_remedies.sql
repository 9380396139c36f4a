-- Exceptions are about a subject: a fact, a node, a customer, a product, two customers. While one of a kind is open or accepted
-- about a subject, the same is not told again.
ALTER TABLE exception ADD COLUMN subject TEXT NOT NULL DEFAULT '';
ALTER TABLE exception ADD COLUMN remedy TEXT NOT NULL DEFAULT '';
ALTER TABLE exception ADD COLUMN closed_at INTEGER;
-- state: open; accepted (somebody lives with it); settled (went away by itself); resolved (by a remedy)
DROP INDEX exception_open;
UPDATE exception SET subject = (SELECT branch || '.' || till FROM node WHERE id = exception.node) || '/' || epoch || '/' || seq;
CREATE UNIQUE INDEX exception_live ON exception (kind, subject) WHERE state IN ('open', 'accepted');

-- One about each pair of customers, where there was one about each fact.
WITH clash (id, other) AS (
  SELECT e.id, json_extract(c.value, '$.held_by') FROM exception e, json_each(e.evidence, '$.cards') c WHERE e.kind = 'duplicate_customer'
  UNION
  SELECT id, json_extract(evidence, '$.number.held_by') FROM exception
  WHERE kind = 'duplicate_customer' AND json_extract(evidence, '$.number.held_by') IS NOT NULL)
INSERT OR IGNORE INTO exception (kind, node, epoch, seq, at, evidence, state, subject)
SELECT e.kind, e.node, e.epoch, e.seq, e.at, json_set(e.evidence, '$.other', clash.other), e.state,
       min(json_extract(e.evidence, '$.customer'), clash.other) || ' ' || max(json_extract(e.evidence, '$.customer'), clash.other)
FROM clash JOIN exception e ON e.id = clash.id ORDER BY e.id;
DELETE FROM exception WHERE kind = 'duplicate_customer' AND json_extract(evidence, '$.other') IS NULL;

-- The node's clock at the last act of its till: what a clock that went back is measured against.
ALTER TABLE chain ADD COLUMN act_at INTEGER;

-- Customers merged by hand (fact customer.merged), with what passed to the one that stays: an undoing takes it back.
CREATE TABLE merged (
  customer INTEGER PRIMARY KEY,
  cards    TEXT NOT NULL,                -- JSON arrays: codes; rows of aliases
  aliases  TEXT NOT NULL,
  number   INTEGER,                      -- NULL: it had none, or the other kept its own
  digest   TEXT NOT NULL                 -- of the personal texts; empty: the other kept its own
) STRICT;

-- Cards of programmes by list (paprsek-hq cards import). A card taken off every list stays, so that branches hear of it.
CREATE TABLE listed_card (
  code       TEXT PRIMARY KEY,
  programmes TEXT NOT NULL,              -- JSON array of names, in order
  version    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX listed_card_by_version ON listed_card (version);
