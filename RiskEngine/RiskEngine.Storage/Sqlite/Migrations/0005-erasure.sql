-- Subjects that are being forgotten, by their keys: what a crash left half done is finished at the next start, and the row goes with the last of it.
CREATE TABLE erasures (number INTEGER PRIMARY KEY, keys BLOB NOT NULL, at INTEGER NOT NULL, who TEXT NOT NULL, receipt TEXT NOT NULL);

-- Zeros that take up free pages and so overwrite what stood there; empty but for that moment.
CREATE TABLE wiping (number INTEGER PRIMARY KEY, zeros BLOB NOT NULL);

-- Whose event it was, since words are kept longer than events; NULL in rows of before.
ALTER TABLE feedback ADD COLUMN subject BLOB;
CREATE INDEX feedback_by_event ON feedback (event_id);
