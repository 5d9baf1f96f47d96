-- What replicas tell each other of challenges. "changed" is when the transaction began, by the clock of this server: whoever reads what is new goes back further
-- than a transaction lasts.
ALTER TABLE challenges ADD COLUMN changed timestamptz NOT NULL DEFAULT now();
CREATE INDEX challenges_by_change ON challenges (changed);

-- Sessions that are to be challenged and who passed a challenge from where, as keyed hashes, for half a day.
CREATE TABLE challenge_notes (
    kind smallint NOT NULL,
    key uuid NOT NULL,
    at bigint NOT NULL,
    changed timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kind, key)
);
CREATE INDEX challenge_notes_by_change ON challenge_notes (changed);

-- When a unit of work was appended, so that it can be told for how long rows wait to be carried over.
ALTER TABLE journal ADD COLUMN at timestamptz NOT NULL DEFAULT now();

-- The machine and the process that hold it, for people.
ALTER TABLE leases ADD COLUMN who text NOT NULL DEFAULT '';
