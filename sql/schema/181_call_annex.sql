-- The annexes of a call, read with it. Which file is asked for matters to who may read it, so the old function goes with
-- the policy that asks it.
DROP VIEW IF EXISTS api.call;
DROP POLICY IF EXISTS subject ON app.attachment;
DROP FUNCTION IF EXISTS app.attachment_visible(text, uuid);
ALTER TABLE app.call ADD COLUMN attachments uuid[] NOT NULL DEFAULT '{}';
