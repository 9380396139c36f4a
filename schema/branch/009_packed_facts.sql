-- Old facts, packed (node/retention.h). They stay in the chain and are read through own_fact like all others; a fact leaves the
-- table `fact` only for the same fact here. Nothing is given up: what was packed is unpacked and compared before.
CREATE TABLE fact_dictionary (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
CREATE TABLE packed_fact (
  seq        INTEGER PRIMARY KEY,
  at         INTEGER NOT NULL,
  kind       TEXT NOT NULL,
  dictionary INTEGER NOT NULL REFERENCES fact_dictionary (id),
  body       BLOB NOT NULL,          -- SQL: unpacked(body, dictionary's bytes); node/base/packed_text.h
  hash       BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE TRIGGER packed_fact_no_update BEFORE UPDATE ON packed_fact BEGIN SELECT RAISE(ABORT, 'a fact is never changed'); END;
CREATE TRIGGER packed_fact_no_delete BEFORE DELETE ON packed_fact BEGIN SELECT RAISE(ABORT, 'a fact is never deleted'); END;
CREATE TRIGGER packed_fact_no_replace BEFORE INSERT ON packed_fact WHEN EXISTS (SELECT 1 FROM packed_fact WHERE seq = new.seq)
BEGIN SELECT RAISE(ABORT, 'a fact is never replaced'); END;
CREATE TRIGGER fact_dictionary_no_update BEFORE UPDATE ON fact_dictionary BEGIN SELECT RAISE(ABORT, 'facts are packed with it'); END;
CREATE TRIGGER fact_dictionary_no_delete BEFORE DELETE ON fact_dictionary BEGIN SELECT RAISE(ABORT, 'facts are packed with it'); END;

DROP TRIGGER fact_no_delete;
CREATE TRIGGER fact_no_delete BEFORE DELETE ON fact
WHEN NOT EXISTS (SELECT 1 FROM packed_fact WHERE seq = old.seq AND at = old.at AND kind = old.kind AND hash = old.hash)
BEGIN SELECT RAISE(ABORT, 'a fact is never deleted'); END;
DROP TRIGGER fact_no_replace;
CREATE TRIGGER fact_no_replace BEFORE INSERT ON fact
WHEN EXISTS (SELECT 1 FROM fact WHERE seq = new.seq) OR EXISTS (SELECT 1 FROM packed_fact WHERE seq = new.seq)
BEGIN SELECT RAISE(ABORT, 'a fact is never replaced'); END;

-- The facts of this ledger, packed or not.
CREATE VIEW own_fact AS
  SELECT seq, at, kind, body, hash FROM fact
  UNION ALL
  SELECT p.seq, p.at, p.kind, unpacked(p.body, (SELECT bytes FROM fact_dictionary WHERE id = p.dictionary)), p.hash FROM packed_fact p;
DROP VIEW any_fact;
-- Every fact of this node by the seq that the projections know it under.
CREATE VIEW any_fact AS
  SELECT seq, at, kind, body, hash FROM own_fact
  UNION ALL SELECT -place, at, kind, body, hash FROM recovered_fact;
