-- Prices of lists and of days to come, and what is sold along with a product (PRODUCT T15).
ALTER TABLE product ADD COLUMN prices TEXT NOT NULL DEFAULT '';  -- "LIST@2026-04-01:12.90|…" (node/price_list.h)
ALTER TABLE product ADD COLUMN linked TEXT NOT NULL DEFAULT '';  -- codes, "C1|C2": a bottle's deposit
