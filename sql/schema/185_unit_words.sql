-- What both counties say when a firm moves from one to the other.
ALTER TABLE app.review ADD COLUMN unit_words jsonb;
