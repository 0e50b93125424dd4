-- The system of 襄垣县, asked for by the county and approved by the bureau. Its secret is as public as the demo password:
-- cs_Tepai-Demo-2026_county-system-of-Xiangyuan0

DO $$
DECLARE
    demo CONSTANT uuid := '0197f0d0-0423-7000-8000-c11e00000001';
BEGIN
    PERFORM pg_temp.demo_be('xiangyuan.kj', 'client_create');
    INSERT INTO app.client (id, status, unit_id, office, name, scopes, expires_on)
    VALUES (demo, 'requested', '140423', 'st', '襄垣县科技管理系统',
            '{agreement:read,attachment:read,attachment:write,bank_account:read,call:read,demand:read,demand:write,'
            'dispatch_list:read,dispatch_notice:read,enterprise:read,enterprise:write,event:read,institution:read,'
            'intention:read,intention:write,issue:read,issue:write,match:read,match_round:read,obligation:read,'
            'placement:read,service_offer:read,specialist:read,todo:read}', '2099-12-31');
    PERFORM pg_temp.demo_be('shi.kj', 'client_approve');
    UPDATE app.client SET status = 'active' WHERE id = demo;
    INSERT INTO app.client_secret (client_id, slot, hash, ends_at)
    VALUES (demo, 1, sha256('cs_Tepai-Demo-2026_county-system-of-Xiangyuan0'), now() + interval '1 year');
    PERFORM pg_temp.demo_be('-', 'migration');
END
$$;
