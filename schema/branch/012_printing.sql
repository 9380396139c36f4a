-- Printing. From a device.set fact on, what has to go to the printer follows from facts alone: each receipt (with a fiscal device each
-- cash movement and closing, too) is due until a fact says what became of it. So a sale and its print are two facts, and nothing can
-- be lost between them.

-- Projection: the device in force.
CREATE TABLE print_device (
  one     INTEGER PRIMARY KEY CHECK (one = 1),
  seq     INTEGER NOT NULL,          -- of the fact
  profile TEXT NOT NULL,
  mode    TEXT NOT NULL,             -- asynchronous, synchronous, ecr
  fiscal  INTEGER NOT NULL
) STRICT;

-- Projection: facts that are not printed yet, and those that are.
CREATE TABLE print_due (seq INTEGER PRIMARY KEY) STRICT;
CREATE TABLE print_done (
  of       INTEGER PRIMARY KEY,      -- seq of what was printed
  seq      INTEGER NOT NULL,         -- of the fact that says so
  at       INTEGER NOT NULL,
  how      TEXT NOT NULL,            -- printed, collected, by_hand, given_up, nothing
  device   TEXT NOT NULL,            -- its serial number
  document INTEGER NOT NULL,         -- its number there; 0 = not known
  total    INTEGER NOT NULL          -- by which it raised the device's day
) STRICT;

-- Projection: closings of the device.
CREATE TABLE device_day (
  seq      INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL,
  of       INTEGER,                  -- seq of the till's closing; NULL = closed behind the till's back
  number   INTEGER NOT NULL,         -- the device's number of it
  total    INTEGER,                  -- by the device; NULL = not known
  expected INTEGER NOT NULL          -- by the ledger
) STRICT;

-- Not a projection: how far the printing of something has come, written before each step goes out (fiscal/queue.h).
CREATE TABLE print_job (
  seq    INTEGER PRIMARY KEY,        -- of the fact; 0 = the receipt in hand, printed line by line
  person INTEGER NOT NULL DEFAULT 0, -- a person has to say what became of it
  body   TEXT NOT NULL
) STRICT;
