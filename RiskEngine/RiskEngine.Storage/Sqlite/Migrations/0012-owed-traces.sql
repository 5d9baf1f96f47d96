-- The trace in which an item came to be owed, as a header traceparent, so that its delivery leads there. What waited before this step has none.
ALTER TABLE outbox ADD COLUMN trace TEXT;
