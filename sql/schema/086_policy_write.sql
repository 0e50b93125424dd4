-- Policy versions are written here from now on: who decided on a draft and when, and which version took the place of
-- one. The author never decides on his own draft, whoever asks.

ALTER TABLE app.policy ADD COLUMN decided_by uuid, ADD COLUMN decided_at timestamptz, ADD COLUMN superseded_by uuid,
    ADD CONSTRAINT policy_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES app.account (id),
    ADD CONSTRAINT policy_superseded_by_fkey FOREIGN KEY (superseded_by) REFERENCES app.policy (id),
    ADD CONSTRAINT policy_author_decides CHECK (decided_by <> created_by),
    ALTER COLUMN status SET DEFAULT 'draft';
