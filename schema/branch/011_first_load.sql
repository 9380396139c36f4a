-- Only the first page of all products is listed by name, and a scan finds it in 20 ms among 200,000; to keep all names in order, in
-- no order of their own, was half of what a first load wrote.
DROP INDEX product_by_name;

-- Rows that the version before marked (version −1) while it read the state from the start: what HQ does not name at the end is gone.
INSERT OR REPLACE INTO setting (name, value) SELECT 'state_anew', '1' FROM (SELECT version FROM product UNION ALL SELECT version FROM product_group
  UNION ALL SELECT version FROM customer UNION ALL SELECT version FROM listed_card) WHERE version = -1 LIMIT 1;
