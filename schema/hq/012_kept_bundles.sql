-- Bundles that came before what they are packed by, sealed as they came: read when the gap before them closes.
CREATE TABLE kept_bundle (
  chain INTEGER NOT NULL,
  first INTEGER NOT NULL,                -- seq of the facts in it
  last  INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (chain, first, last)
) STRICT;
