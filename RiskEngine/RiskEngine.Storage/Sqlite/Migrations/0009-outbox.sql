-- What is owed to responders, in the order it came. Waiting items of one responder and order key are done in the order of their ids; those that were given up
-- are dead letters. An id is never given out twice. The payload may tell of the subject whose key stands beside it.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    responder TEXT NOT NULL,
    order_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    subject BLOB,
    payload BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    failure TEXT NOT NULL,
    dead INTEGER NOT NULL
);
CREATE INDEX outbox_by_order ON outbox (responder, dead, order_key, id, due_at);
CREATE INDEX outbox_by_subject ON outbox (subject) WHERE subject IS NOT NULL;

-- What is not to be told again for a while, by a keyed hash of responder and idempotency key.
CREATE TABLE outbox_once (key BLOB PRIMARY KEY, until INTEGER NOT NULL, subject BLOB) WITHOUT ROWID;
CREATE INDEX outbox_once_by_end ON outbox_once (until);
