-- Who was to be challenged, and what became of it: keyed hashes and an outcome. What an open one is found by goes when it is known; erasing a subject takes the
-- rest, and leaves a count.
CREATE TABLE challenges (
    id INTEGER PRIMARY KEY,
    issued_at INTEGER NOT NULL,
    origin INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    label INTEGER,
    subject BLOB,
    request BLOB,
    pair BLOB,
    named_pair BLOB,
    event BLOB
);
CREATE INDEX challenges_by_time ON challenges (issued_at);
CREATE INDEX challenges_open ON challenges (outcome) WHERE outcome = 0;
CREATE INDEX challenges_by_event ON challenges (event) WHERE event IS NOT NULL;
CREATE INDEX challenges_by_subject ON challenges (subject) WHERE subject IS NOT NULL;

-- Successful logins of a day, in days since 1970, by event time.
CREATE TABLE login_days (day INTEGER PRIMARY KEY, logins INTEGER NOT NULL);
