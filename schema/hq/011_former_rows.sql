-- What products and groups were: a sale is computed again as they stood in the state that its branch had (hq/recompute.h).
CREATE TABLE former_row (
  kind    TEXT NOT NULL,                 -- product, group
  key     TEXT NOT NULL,
  version INTEGER NOT NULL,              -- of the row: it stood from here …
  until   INTEGER NOT NULL,              -- … to before this version, that of the row after it
  body    TEXT NOT NULL,                 -- as it went to branches
  PRIMARY KEY (kind, key, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX former_row_by_end ON former_row (until);

-- Older states are not known any more; nor are the sales of before computed again.
INSERT INTO setting SELECT 'former_from', version FROM state_version;
INSERT INTO setting SELECT 'recomputed/' || id, held FROM chain;
