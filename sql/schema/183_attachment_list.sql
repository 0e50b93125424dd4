-- Files are listed by their organisation and by the record that names them.
CREATE INDEX attachment_owner ON app.attachment (owner, created_at, id);
CREATE INDEX attachment_of ON app.attachment (subject_id) WHERE subject_id IS NOT NULL;
