-- Users whom headquarters keep for this branch (node/hq_users.h): state, with the PIN's hash, as HQ's last reply said.
CREATE TABLE hq_user (
  id     TEXT PRIMARY KEY,           -- the fact of HQ's that made the user: "0.0/1/17"
  name   TEXT NOT NULL,
  folded TEXT NOT NULL,
  role   TEXT NOT NULL,
  badge  TEXT,                       -- normalised code
  pin    TEXT NOT NULL,              -- Argon2id; empty = none
  named  INTEGER NOT NULL DEFAULT 1  -- 0: the state is read from the start, and HQ has not named the user yet
) STRICT, WITHOUT ROWID;

-- Who may log in here. A user of headquarters hides one of the branch's with the same name, and a badge is that of headquarters' user.
CREATE VIEW known_user (id, name, folded, role, badge, pin) AS
  SELECT id, name, folded, role, badge, pin FROM hq_user
  UNION ALL
  SELECT id, name, folded, role, iif(badge IN (SELECT badge FROM hq_user), NULL, badge), pin FROM user
  WHERE NOT removed AND folded NOT IN (SELECT folded FROM hq_user);
