-- Keys of devices that a node had before: what they signed is taken over still, for the last stick of a dead branch may come
-- after its successor. Revoking a node empties this as well.
CREATE TABLE former_key (
  key  BLOB PRIMARY KEY CHECK (length(key) = 32),
  node INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
