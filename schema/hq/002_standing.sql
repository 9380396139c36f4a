-- How each node's ledger stands to the facts held here, as its last bundle showed: from it follows what goes back to the node.
CREATE TABLE standing (
  node     INTEGER PRIMARY KEY,
  chain    INTEGER NOT NULL,         -- its ledger is on this chain's line …
  agreed   INTEGER NOT NULL,         -- … and the same as here up to this seq
  complete INTEGER NOT NULL,         -- it has told of all that it holds: a longer line here is news to it
  fork     BLOB,                     -- hash of its fact agreed + 1, where that is another one than ours
  aside    TEXT NOT NULL             -- [[epoch, seq] …]: facts of other epochs that it keeps beside its ledger
) STRICT;
