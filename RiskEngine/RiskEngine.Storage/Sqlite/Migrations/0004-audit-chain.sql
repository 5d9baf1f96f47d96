-- A record of the audit is a link of a chain of hashes; what names a subject in it is encrypted under a key of that subject. The records of before are moved
-- over, and their table dropped, by the program: SQL knows no SHA-256.
DROP TRIGGER audit_is_not_changed;
DROP TRIGGER audit_is_not_cut;
ALTER TABLE audit RENAME TO audit_before;
CREATE TABLE audit (
    number INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    key_id INTEGER NOT NULL, -- 0 where it names nobody
    content BLOB NOT NULL,
    hash BLOB NOT NULL
);
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE (ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_is_not_cut BEFORE DELETE ON audit WHEN OLD.number > coalesce((SELECT value FROM meta WHERE name = 'audit_removed'), 0)
BEGIN SELECT RAISE (ABORT, 'the audit log is append-only'); END;

-- Keys of subjects whom the audit names. A key's number is never given out twice; erasing a subject removes its row.
CREATE TABLE subject_keys (id INTEGER PRIMARY KEY AUTOINCREMENT, subject BLOB NOT NULL UNIQUE, key BLOB NOT NULL);
