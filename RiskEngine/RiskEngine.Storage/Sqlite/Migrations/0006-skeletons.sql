-- What names look like, as keyed hashes: the first account of each, so that a new one named like it is told.
CREATE TABLE skeletons (id INTEGER PRIMARY KEY, high INTEGER NOT NULL, seen INTEGER NOT NULL, body BLOB NOT NULL);
