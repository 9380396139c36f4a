-- From when on a customer whom the chain describes stands as he is where a shop that joins knows him otherwise. Before, the later word
-- stood; what was taken over by then follows from its facts as it did.
INSERT INTO setting (name, value)
  SELECT 'customers_stand_since', CAST(since AS TEXT) FROM (SELECT max(at) + 1 AS since FROM arrival) WHERE since IS NOT NULL;
