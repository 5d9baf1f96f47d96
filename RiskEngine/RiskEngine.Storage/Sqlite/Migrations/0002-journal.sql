-- Changed rows of state, those of one unit of work in a row: what a commit makes durable. They are carried over into their tables many units at a time, in
-- the order of the tables, and then removed; what stands here is newer than what stands there.
CREATE TABLE journal (number INTEGER PRIMARY KEY, body BLOB NOT NULL);

-- Rows of a table, those in the journal included.
INSERT INTO meta (name, value) SELECT 'profiles', count(*) FROM profiles;
INSERT INTO meta (name, value) SELECT 'reputation', count(*) FROM reputation;
