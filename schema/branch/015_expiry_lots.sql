-- Where a customer's points stand by age, after many movements: to go on from, instead of reading all of them at each log-in
-- (node/expiry.h). It follows from the movements up to `seq`, and is made anew where one of them changes what was before.
CREATE TABLE expiry_lots (
  customer TEXT PRIMARY KEY,
  months   INTEGER NOT NULL,             -- after which points expire, by the policy of then
  seq      INTEGER NOT NULL,             -- the newest movement in it
  at       INTEGER NOT NULL,             -- the latest instant of a movement in it
  lots     TEXT NOT NULL
) STRICT, WITHOUT ROWID;
