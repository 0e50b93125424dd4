-- Files: scans, photos, documents. A file is announced as a row and its bytes follow in parts; they lie outside of the
-- database under their SHA-256. owner is the organisation whose file it is, in a word of seen_by. The first record that
-- names a file binds it for good: from then on whoever may read that record may read the file.

CREATE TABLE app.attachment (
    id           uuid,
    version      integer NOT NULL,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    created_by   uuid,
    owner        text NOT NULL,
    file_name    text NOT NULL,
    media_type   text NOT NULL,
    size_bytes   integer NOT NULL,
    sha256       text NOT NULL,
    purpose      text NOT NULL,
    subject_type text,
    subject_id   uuid,
    state        text NOT NULL,
    CONSTRAINT attachment_pkey PRIMARY KEY (id),
    CONSTRAINT attachment_created_by_fkey FOREIGN KEY (created_by) REFERENCES app.account (id),
    -- A program is chosen by the ending of a name, so a document may not pass for another kind.
    CONSTRAINT attachment_name_fits_type CHECK (
        CASE media_type
            WHEN 'application/pdf' THEN file_name ~* '[.]pdf$'
            WHEN 'application/ofd' THEN file_name ~* '[.]ofd$'
            WHEN 'image/jpeg' THEN file_name ~* '[.]jpe?g$'
            WHEN 'image/png' THEN file_name ~* '[.]png$'
            WHEN 'application/vnd.openxmlformats-officedocument.wordprocessingml.document' THEN file_name ~* '[.]docx$'
            WHEN 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' THEN file_name ~* '[.]xlsx$'
            ELSE false
        END),
    CONSTRAINT value_not_allowed CHECK (
        size_bytes BETWEEN 1 AND 20971520 AND sha256 ~ '^[0-9a-f]{64}$'
        AND purpose IN ('evidence', 'consent_scan', 'signature_scan', 'voucher', 'receipt', 'minutes', 'notice',
                        'certificate', 'other')
        AND state IN ('pending', 'stored', 'purged') AND (subject_type IS NULL) = (subject_id IS NULL))
);
CREATE INDEX attachment_sha256 ON app.attachment (sha256) WHERE state = 'stored';
CREATE INDEX attachment_subject ON app.attachment (subject_type, subject_id) WHERE subject_id IS NOT NULL;
-- What no record names yet: counted against its uploader, and purged in time.
CREATE INDEX attachment_waiting ON app.attachment (created_by) WHERE subject_id IS NULL AND state <> 'purged';
CREATE INDEX attachment_waiting_since ON app.attachment (created_at) WHERE subject_id IS NULL AND state <> 'purged';

-- The parts of a pending file that have arrived.
CREATE TABLE app.attachment_part (
    attachment_id uuid NOT NULL,
    part_no       integer NOT NULL,
    CONSTRAINT attachment_part_pkey PRIMARY KEY (attachment_id, part_no),
    CONSTRAINT attachment_part_attachment_id_fkey FOREIGN KEY (attachment_id) REFERENCES app.attachment (id)
);

CREATE TRIGGER attachment_c_stamp BEFORE INSERT OR UPDATE ON app.attachment
    FOR EACH ROW EXECUTE FUNCTION app.stamp();
CREATE TRIGGER attachment_event AFTER INSERT OR UPDATE OR DELETE ON app.attachment
    FOR EACH ROW EXECUTE FUNCTION app.event_write('attachment', 'file_name');
