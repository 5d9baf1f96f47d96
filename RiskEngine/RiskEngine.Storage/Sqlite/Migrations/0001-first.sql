-- Addresses are in clear, subjects and ids as keyed hashes. 64 bits name a row; where 64 more tell rows apart they stand beside it.

CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;

-- Index rows start with the segment of 65,536 events that they belong to, so that writing touches a few pages however many events are stored.
CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    event_hash INTEGER NOT NULL,
    subject INTEGER NOT NULL,
    address INTEGER NOT NULL,
    occurred_at INTEGER NOT NULL,
    level INTEGER, -- NULL where the kind is not judged
    body BLOB NOT NULL
);
CREATE INDEX events_by_id ON events (seq >> 16, event_hash);
CREATE INDEX events_by_subject ON events (seq >> 16, subject);
CREATE INDEX events_by_address ON events (seq >> 16, address);
CREATE INDEX events_of_risk ON events (seq) WHERE level >= 2;

-- The first event after the watermark had reached a day: bounds searches by time, since no event is newer than the watermark it left.
CREATE TABLE days (day INTEGER PRIMARY KEY, first_seq INTEGER NOT NULL);

CREATE TABLE texts (number INTEGER PRIMARY KEY, text BLOB NOT NULL);

-- The low half of the key is the row's id, the high half is compared; "seen" is the day of the last change, in days since 1970.
CREATE TABLE profiles (id INTEGER PRIMARY KEY, high INTEGER NOT NULL, seen INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE pairs (id INTEGER PRIMARY KEY, high INTEGER NOT NULL, seen INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE reputation (high INTEGER NOT NULL, low INTEGER NOT NULL, seen INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (high, low)) WITHOUT ROWID;
CREATE TABLE names (cell INTEGER PRIMARY KEY, body BLOB NOT NULL);

CREATE TABLE blocks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    list INTEGER NOT NULL, -- 0 blocks, 1 allow list
    scope INTEGER NOT NULL,
    key BLOB NOT NULL,
    prefix_length INTEGER NOT NULL,
    value TEXT NOT NULL,
    tenant TEXT NOT NULL,
    reason TEXT NOT NULL,
    origin INTEGER NOT NULL,
    owner TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    until INTEGER, -- NULL for permanent
    enforced INTEGER NOT NULL,
    event_id TEXT NOT NULL
);
CREATE UNIQUE INDEX blocks_by_key ON blocks (list, scope, key, prefix_length);

CREATE TABLE feedback (
    id INTEGER PRIMARY KEY,
    tenant TEXT NOT NULL,
    event_id TEXT NOT NULL,
    label INTEGER NOT NULL,
    note TEXT NOT NULL,
    who TEXT NOT NULL,
    at INTEGER NOT NULL
);

CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    target TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE (ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_is_not_cut BEFORE DELETE ON audit BEGIN SELECT RAISE (ABORT, 'the audit log is append-only'); END;

CREATE TABLE keys (
    name TEXT PRIMARY KEY,
    sha256 BLOB NOT NULL,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    until INTEGER
) WITHOUT ROWID;

CREATE TABLE cursors (source TEXT PRIMARY KEY, cursor TEXT NOT NULL) WITHOUT ROWID;
