-- Rows that left the journal and are not in their tables yet: sorted, in runs, of which the one with the higher number is newer. What stands in the journal
-- is newer than any run, what stands in the tables is older. A run counts once its row in "runs" is there.
CREATE TABLE runs (number INTEGER PRIMARY KEY AUTOINCREMENT, directory BLOB NOT NULL);

-- The number of the run and, in the low 24 bits, that of the block within it.
CREATE TABLE run_blocks (place INTEGER PRIMARY KEY, rows BLOB NOT NULL);
