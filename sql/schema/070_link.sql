-- Links for those who have no account or cannot sign in: each shows one document and takes one answer (articles 9.1,
-- 9.5), or opens one account. The token is never here, only its hash. Like a session a link is a means of the house and
-- writes no event; the answer it carried is an event of the document.

-- subject_version and content_sha256 say what was shown when the link was made; an account has no content. The foreign
-- key of institution_id comes with the institutions.
CREATE TABLE app.link (
    id              uuid,
    kind            text NOT NULL,
    subject_id      uuid NOT NULL,
    subject_version integer NOT NULL,
    content_sha256  text,
    institution_id  uuid,
    recipient_email text,
    token_hash      bytea NOT NULL,
    state           text NOT NULL DEFAULT 'issued',
    created_at      timestamptz NOT NULL,
    created_by      uuid DEFAULT app.fact('account')::uuid,
    expires_at      timestamptz NOT NULL,
    used_at         timestamptz,
    CONSTRAINT link_pkey PRIMARY KEY (id),
    CONSTRAINT link_created_by_fkey FOREIGN KEY (created_by) REFERENCES app.account (id),
    CONSTRAINT value_not_allowed CHECK (
        kind IN ('application_consent', 'agreement_signature', 'account_activation', 'password_reset')
        AND state IN ('issued', 'answered', 'expired', 'revoked') AND octet_length(token_hash) = 32
        AND (kind IN ('account_activation', 'password_reset') OR content_sha256 ~ '^[0-9a-f]{64}$')
        AND (state = 'answered') = (used_at IS NOT NULL) AND created_at < expires_at)
);
CREATE UNIQUE INDEX link_token_hash_key ON app.link (token_hash);
CREATE UNIQUE INDEX link_subject_key ON app.link (kind, subject_id) WHERE state = 'issued';
CREATE INDEX link_expires ON app.link (expires_at) WHERE state = 'issued';
