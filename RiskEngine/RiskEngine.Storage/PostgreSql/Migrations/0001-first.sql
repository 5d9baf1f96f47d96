-- What replicas share and must not lose. Addresses are in clear, subjects and ids as keyed hashes. Every change locks the one row of "head" first, so that
-- changes have an order and no two of them wait for each other; nothing here needs a session, so that a pooler may stand in between.

CREATE TABLE meta (name text PRIMARY KEY, value bytea NOT NULL);

CREATE TABLE head (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    number bigint NOT NULL, -- of the newest change; rows of state carry the one that wrote them as their version
    watermark bigint NOT NULL, -- the newest event time ever accepted, in Unix milliseconds
    seq bigint NOT NULL, -- of the newest event
    day integer NOT NULL, -- the newest partition of events; -1 before the first
    lists bigint NOT NULL, -- the change that blocks or the allow list were changed by last
    last_block bigint NOT NULL, -- the highest id given out
    epoch bigint NOT NULL, -- which copies of rows in Redis count
    carried bigint NOT NULL, -- rows of every change up to this one are in "state_rows"
    forgotten bigint NOT NULL, -- changes up to this one are no longer in the journal; never above "carried"
    profiles bigint NOT NULL, -- how many there are
    reputation bigint NOT NULL
);
INSERT INTO head VALUES (true, 0, 0, 0, -1, 0, 0, 1, 0, 0, 0, 0);

-- Rows of state as a change wrote them, all of them in one value: kind, key, length and row, one after the other; an empty one is a row that went. They come into
-- "state_rows" later, many at a time. Rows are packed already, so the server need not try to.
CREATE TABLE journal (number bigint PRIMARY KEY, seen integer NOT NULL, body bytea NOT NULL);
ALTER TABLE journal ALTER body SET STORAGE EXTERNAL;

-- Every row of state, but for what the journal has newer. Redis holds copies. "seen" is the day of the last change, in days since 1970.
CREATE TABLE state_rows (
    kind smallint NOT NULL,
    key uuid NOT NULL,
    version bigint NOT NULL,
    seen integer NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (kind, key)
) WITH (fillfactor = 80);

-- By the day, in days since 1970, that the watermark had reached when the event was stored: days rise with the numbers, and a day goes as a whole.
CREATE TABLE events (
    day integer NOT NULL,
    seq bigint NOT NULL,
    event_key uuid NOT NULL,
    subject bigint NOT NULL,
    address bigint NOT NULL,
    occurred_at bigint NOT NULL,
    level smallint, -- NULL where the kind is not judged
    body bytea NOT NULL
) PARTITION BY RANGE (day);
CREATE INDEX events_by_seq ON events (seq);
CREATE INDEX events_by_key ON events (event_key);
CREATE INDEX events_by_subject ON events (subject, seq);
CREATE INDEX events_by_address ON events (address, seq);
CREATE INDEX events_of_risk ON events (seq) WHERE level >= 2;

CREATE TABLE blocks (
    id bigint PRIMARY KEY,
    list smallint NOT NULL, -- 0 blocks, 1 allow list
    scope smallint NOT NULL,
    key uuid NOT NULL,
    prefix_length smallint NOT NULL,
    value text NOT NULL,
    tenant text NOT NULL,
    reason text NOT NULL,
    origin smallint NOT NULL,
    owner text NOT NULL,
    created_at bigint NOT NULL,
    until bigint, -- NULL for permanent
    flags smallint NOT NULL, -- 1 enforced, 2 made by a hint
    event_id text NOT NULL
);
CREATE UNIQUE INDEX blocks_by_key ON blocks (list, scope, key, prefix_length);

CREATE TABLE feedback (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant text NOT NULL,
    event_id text NOT NULL,
    label smallint NOT NULL,
    note text NOT NULL,
    who text NOT NULL,
    at bigint NOT NULL,
    subject uuid NOT NULL
);
CREATE INDEX feedback_by_event ON feedback (event_id);
CREATE INDEX feedback_by_subject ON feedback (subject);

-- A link of a chain of hashes; what names a subject in it is encrypted under a key of that subject. Its ends stand in "meta".
CREATE TABLE audit (
    number bigint PRIMARY KEY,
    at bigint NOT NULL,
    who text NOT NULL,
    what text NOT NULL,
    key_id bigint NOT NULL, -- 0 where it names nobody
    content bytea NOT NULL,
    hash bytea NOT NULL
);
CREATE INDEX audit_by_subject ON audit (key_id) WHERE key_id <> 0;
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE FUNCTION audit_is_not_cut() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.number > coalesce((SELECT convert_from(value, 'UTF8')::bigint FROM meta WHERE name = 'audit_removed'), 0) THEN RAISE EXCEPTION 'the audit log is append-only'; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER audit_is_not_cut BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_is_not_cut();

-- Keys of subjects whom the audit names. A key's number is never given out twice; erasing a subject removes its row.
CREATE TABLE subject_keys (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, subject uuid NOT NULL UNIQUE, key bytea NOT NULL);

CREATE TABLE api_keys (name text PRIMARY KEY, sha256 bytea NOT NULL, scopes text NOT NULL, created_at bigint NOT NULL, until bigint);

CREATE TABLE cursors (source text PRIMARY KEY, cursor text NOT NULL);

-- What is owed to responders, in the order it came. Waiting items of one responder and order key are done in the order of their ids; those that were given up
-- are dead letters. An id is never given out twice. The payload may tell of the subject whose key stands beside it. The trace is a header traceparent.
CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    responder text NOT NULL,
    order_key text NOT NULL,
    kind text NOT NULL,
    idempotency_key text NOT NULL,
    subject uuid,
    payload bytea NOT NULL,
    created_at bigint NOT NULL,
    due_at bigint NOT NULL,
    attempts integer NOT NULL,
    failure text NOT NULL,
    dead boolean NOT NULL,
    trace text
);
CREATE INDEX outbox_by_order ON outbox (responder, dead, order_key, id);
CREATE INDEX outbox_dead ON outbox (responder, id) WHERE dead;
CREATE INDEX outbox_by_subject ON outbox (subject) WHERE subject IS NOT NULL;

-- What is not to be told again for a while, by a keyed hash of responder and idempotency key.
CREATE TABLE outbox_once (key uuid PRIMARY KEY, until bigint NOT NULL, subject uuid);
CREATE INDEX outbox_once_by_end ON outbox_once (until);

-- Who was to be challenged, and what became of it: keyed hashes and an outcome. What an open one is found by goes when it is known; erasing a subject takes the
-- rest, and leaves a count.
CREATE TABLE challenges (
    id bigint PRIMARY KEY,
    issued_at bigint NOT NULL,
    origin smallint NOT NULL,
    outcome smallint NOT NULL,
    failed boolean NOT NULL,
    label smallint,
    subject uuid,
    request uuid,
    pair uuid,
    named_pair uuid,
    event uuid
);
CREATE INDEX challenges_by_time ON challenges (issued_at);
CREATE INDEX challenges_open ON challenges (outcome) WHERE outcome = 0;
CREATE INDEX challenges_by_event ON challenges (event) WHERE event IS NOT NULL;
CREATE INDEX challenges_by_subject ON challenges (subject) WHERE subject IS NOT NULL;

-- Successful logins of a day, in days since 1970, by event time.
CREATE TABLE login_days (day integer PRIMARY KEY, logins bigint NOT NULL);

-- Who does what only one replica may do, and until when by the clock of this server.
CREATE TABLE leases (name text PRIMARY KEY, holder uuid NOT NULL, until timestamptz NOT NULL);
