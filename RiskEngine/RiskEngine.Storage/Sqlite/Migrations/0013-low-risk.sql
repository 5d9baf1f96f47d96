-- Incidents are found again from events of at least low risk. With events_of_risk, which begins at medium, these are all: logins that are usual are in neither.
CREATE INDEX IF NOT EXISTS events_of_low_risk ON events (seq) WHERE level = 1;
