-- The oldest dead letter of a responder, without walking all of them: a full outbox asks for it with every item that it has no room for.
CREATE INDEX outbox_dead ON outbox (responder, id) WHERE dead = 1;
