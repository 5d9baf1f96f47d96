-- How often the secret of the hashes was turned: a replica that knows an earlier one finds it here before it changes anything.
ALTER TABLE head ADD COLUMN turned bigint NOT NULL DEFAULT 0;
