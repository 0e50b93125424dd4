-- Who spoke for a side that has no account.
ALTER TABLE app.review ADD COLUMN signatory text;
