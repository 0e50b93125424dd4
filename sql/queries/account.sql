-- name: account_get_me
-- Who I am, what I may, and where I am signed in.
SELECT account, rights, sessions FROM me WHERE id = (SELECT app.fact('account')::uuid)

-- name: account_register
-- Opens an account of a firm or a person who has none, and shows it as its owner will see it.
SELECT * FROM app.account_register(:new_id::uuid, :login_name, :password_hash, :display_name, :phone::bytea,
                                   :phone_masked, :email, :role, :locale)

-- part: account_rows
SELECT a.id, a.version, a.created_at, a.updated_at, a.status, a.login_name, a.display_name, a.role, a.office, a.unit_id,
       a.enterprise_id, a.is_admin, a.last_login_at
FROM account a
WHERE coalesce((:status::text[] IS NULL OR a.status = ANY (:status::text[]))
      AND (:role::text[] IS NULL OR a.role = ANY (:role::text[]))
      AND (:unit_id::text[] IS NULL OR a.unit_id = ANY (:unit_id::text[]))
      AND (:enterprise_id::uuid[] IS NULL OR a.enterprise_id = ANY (:enterprise_id::uuid[]))
      AND (:updated_since::timestamptz IS NULL OR a.updated_at >= :updated_since::timestamptz), false)

-- name: account_list
-- Accounts that the caller administers, the latest changed first.
-- include: account_rows
  AND (a.updated_at, a.id) < (:after_1::timestamptz, :after_id::uuid)
ORDER BY a.updated_at DESC, a.id DESC
LIMIT :limit::integer

-- name: account_list_by_id
-- The same by id, for walks that must not miss a row.
-- include: account_rows
  AND a.id > :after_id::uuid
ORDER BY a.id
LIMIT :limit::integer

-- name: account_get
-- One account as its owner or administrator sees it.
SELECT * FROM account WHERE id = :account_id::uuid

-- name: account_lock
-- The account a step or change is about, held until the end of the transaction.
SELECT l.version, l.status, l.allowed_steps FROM app.account_lock(:account_id::uuid) l

-- name: account_create_blockers
-- Members that fit the role, and an account in the caller's reach.
SELECT f.rule, f.pointer, f.figures
FROM app.account_create_faults(:role, :office, :unit_id, :enterprise_id::uuid) f

-- name: account_create
-- Opens an account for somebody else.
SELECT app.account_create(:account_id::uuid, :login_name, :display_name, :phone::bytea, :phone_masked, :email, :role,
                          :office, :unit_id, :enterprise_id::uuid, :is_admin::boolean, :locale)

-- name: account_update_blockers
-- What was closed stays as it was.
SELECT 'not_editable' AS rule, NULL::text AS pointer, NULL::text AS figures
FROM account a WHERE a.id = :account_id::uuid AND a.status = 'closed'

-- name: account_update
-- Lays the patch over the account.
SELECT app.account_update(:account_id::uuid, :patch::jsonb)

-- name: account_disable
-- Stops an account; its sessions end.
SELECT app.account_move(:account_id::uuid, 'disabled')

-- name: account_close
-- Closes an account for good; its sessions end.
SELECT app.account_move(:account_id::uuid, 'closed')

-- name: account_invite
-- Makes the link by which the person behind an account comes in, or sets a new password.
SELECT app.account_invite(:account_id::uuid, :new_link_hash::bytea)

-- name: account_invitation_get
-- The link, which is shown this once.
SELECT a.id AS account_id, a.version, :new_link_url::text AS url,
       CASE a.status WHEN 'invited' THEN 'account_activation' ELSE 'password_reset' END AS kind,
       a.invited_at + CASE a.status WHEN 'invited' THEN interval '7 days' ELSE interval '1 day' END AS expires_at
FROM app.account a WHERE a.id = :account_id::uuid

-- name: account_invited
-- The login name that a live link to an account is for; null when the link is spent.
SELECT app.account_invited(:link_hash::bytea) AS login_name

-- name: account_activate
-- The holder of a link sets his password, and is shown the account.
SELECT * FROM app.account_activate(:link_hash::bytea, :password_hash, :name_key::bytea)

-- name: password_change
-- Puts a new password in the place of the one just proven; null when it has changed meanwhile.
SELECT app.password_change(:account_id::uuid, :checked_at::timestamptz, :session_id::uuid, :password_hash,
                           :name_key::bytea) AS changed

-- name: factor_begin
-- Keeps a new secret, which does not count yet; null when the account has a factor, or its session has ended.
SELECT app.factor_begin(:account_id::uuid, :session_id::uuid, :secret::bytea) AS begun

-- name: factor_of
-- The sealed secret of an account, and whether it counts.
SELECT f.secret, f.confirmed FROM app.factor_of(:account_id::uuid) f

-- name: factor_use
-- Uses up a code; null when it was used before, or is none of the recovery codes.
SELECT app.factor_use(:account_id::uuid, :step::bigint, :recovery_hash::bytea) AS used

-- name: factor_confirm
-- The secret counts from now on; null when it did already, or the session has ended.
SELECT app.factor_confirm(:account_id::uuid, :session_id::uuid, :step::bigint, :recovery::bytea[]) AS confirmed

-- name: account_remove_factor
-- Takes the caller's second factor away.
SELECT app.factor_remove()
