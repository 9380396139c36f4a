-- Facts of this node that its ledger lost, because an old backup was restored or a second machine went on under its name, and
-- that HQ gave back (DESIGN.md "Fork"). They are as much facts of this node as those in `fact`, only of another epoch.
-- In the projections fact `place` stands under the seq −place: before all own facts, for HQ holds every one of them.
CREATE TABLE recovered_fact (
  place    INTEGER PRIMARY KEY,      -- 1, 2, 3 … in the order in which they came back
  epoch    INTEGER NOT NULL,
  seq      INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  kind     TEXT NOT NULL,
  body     TEXT NOT NULL,
  hash     BLOB NOT NULL CHECK (length(hash) = 32),
  own_head INTEGER NOT NULL,         -- newest own fact at that time: verify replays in this order
  UNIQUE (epoch, seq)
) STRICT;
CREATE TRIGGER recovered_fact_no_update BEFORE UPDATE ON recovered_fact BEGIN SELECT RAISE(ABORT, 'a fact is never changed'); END;
CREATE TRIGGER recovered_fact_no_delete BEFORE DELETE ON recovered_fact BEGIN SELECT RAISE(ABORT, 'a fact is never deleted'); END;

-- Every fact of this node by the seq that the projections know it under.
CREATE VIEW any_fact AS
  SELECT seq, at, kind, body, hash FROM fact
  UNION ALL SELECT -place, at, kind, body, hash FROM recovered_fact;
