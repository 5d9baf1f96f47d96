-- Events are found by id, subject and address through entries of 65,536 events at a time, written once, when the last of these is stored. An index of SQLite
-- changed a page for nearly every event and column; see decision 12. What is not indexed yet is looked through.
DROP INDEX events_by_id;
DROP INDEX events_by_subject;
DROP INDEX events_by_address;
CREATE TABLE event_index (place INTEGER PRIMARY KEY, entries BLOB NOT NULL);
