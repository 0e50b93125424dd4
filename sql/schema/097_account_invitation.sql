-- Who is invited, or may set a new password, gets a link from an administrator; the row keeps when, by real time.

ALTER TABLE app.account ADD COLUMN invited_at timestamptz;
