-- What was exchanged with HQ, by network and by file, and how it ended (sync/history.h): for people, no part of the ledger. The newest
-- 100 are kept.
CREATE TABLE exchange (
  id      INTEGER PRIMARY KEY,        -- grows
  since   INTEGER NOT NULL,           -- the first of several that ended alike
  at      INTEGER NOT NULL,           -- the last of them
  times   INTEGER NOT NULL DEFAULT 1,
  road    TEXT NOT NULL,              -- network, file
  way     TEXT NOT NULL,              -- both, out, in
  place   TEXT NOT NULL,              -- HQ's address, or the file's name
  ending  TEXT NOT NULL,              -- well, stopped, differs, failed
  sent    INTEGER NOT NULL,           -- facts
  confirmed INTEGER NOT NULL,         -- facts that HQ confirmed for the first time
  taken   INTEGER NOT NULL,           -- rows of state
  why     TEXT NOT NULL,              -- a sentence; empty where all went well
  hint    TEXT NOT NULL
) STRICT;
