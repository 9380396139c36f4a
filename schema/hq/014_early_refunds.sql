-- The same condition as in queries, in the words that PostgreSQL knows too.
DROP INDEX refund_early;
CREATE INDEX refund_early ON refund_of (early) WHERE early <> 0;
