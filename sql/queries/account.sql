-- name: account_get_me
-- Who I am, what I may, and where I am signed in.
SELECT account, rights, sessions FROM me WHERE id = (SELECT app.fact('account')::uuid)

-- name: account_register
-- Opens an account of a firm or a person who has none, and shows it as its owner will see it.
SELECT * FROM app.account_register(:new_id::uuid, :login_name, :password_hash, :display_name, :phone::bytea,
                                   :phone_masked, :email, :role, :locale)
