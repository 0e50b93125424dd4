-- The lifecycles as data: who may move what from which state to which, by which step and article, with the sentence
-- people read. A trigger refuses every move that is not a row here; to-do lists, allowed steps and diagrams are made
-- of the same rows. duty: the row waits for those in who.

TRUNCATE app.lifecycle, app.allowed_step RESTART IDENTITY;

INSERT INTO app.lifecycle (resource, from_state, step, to_state, who, duty, article, zh, en) VALUES
    ('policy', '-', 'create', 'draft', 'city/st', false, '20', '起草一版政策参数', 'The city drafts a policy version'),
    ('policy', 'draft', 'adopt', 'adopted', 'city/st', true, '20', '另一名管理员核准施行', 'A second administrator adopts it'),
    ('policy', 'draft', 'adopt', 'discarded', 'city/st', true, '20', '另一名管理员不予核准', 'A second administrator turns it down'),
    ('policy', 'adopted', 'supersede', 'superseded', 'system', false, '20', '新版生效，旧版留存', 'A newer version takes effect; records keep the old one'),
    ('account', '-', 'create', 'invited', 'city, county, enterprise', false, 'infra', '管理员开户并发出邀请', 'An administrator opens an account and invites its owner'),
    ('account', '-', 'register', 'active', 'public', false, 'infra', '企业或科技人员自行注册', 'A firm or a researcher registers'),
    ('account', 'invited', 'activate', 'active', 'public', false, 'infra', '受邀人设置密码', 'The invited person sets a password'),
    ('account', 'invited', 'invite', 'invited', 'city, county, enterprise', false, 'infra', '重发邀请', 'The invitation is sent again'),
    ('account', 'active', 'invite', 'active', 'city, county, enterprise', false, 'infra', '发出密码重置链接', 'A password-reset link is sent'),
    ('account', 'active', 'disable', 'disabled', 'city, county, enterprise', false, 'infra', '停用账号并结束会话', 'The account is stopped and its sessions end'),
    ('account', 'disabled', 'invite', 'invited', 'city, county, enterprise', false, 'infra', '恢复账号须重新激活', 'A stopped account returns by a new invitation'),
    ('account', 'invited', 'close', 'closed', 'city, county, enterprise', false, 'infra', '撤销邀请', 'The invitation is taken back'),
    ('account', 'active', 'close', 'closed', 'city, county, enterprise, specialist', false, 'infra', '注销账号', 'The account is closed for good'),
    ('account', 'disabled', 'close', 'closed', 'city, county, enterprise', false, 'infra', '注销停用账号', 'A stopped account is closed for good'),
    ('enterprise', '-', 'create', 'draft', 'enterprise, county', false, '7', '登记企业信息', 'A firm''s record is begun'),
    ('enterprise', 'draft', 'submit', 'county_review', 'enterprise, county', false, '7', '提交属地确认', 'The firm asks its county for confirmation'),
    ('enterprise', 'draft', 'close', 'closed', 'county', false, '7', '撤销未提交的登记', 'An unfinished record is closed'),
    ('enterprise', 'county_review', 'confirm', 'active', 'county', true, '7', '确认在本地注册且具独立法人资格', 'The county confirms local registration and legal personality'),
    ('enterprise', 'county_review', 'confirm', 'returned', 'county', true, '7', '退回补正', 'The county returns it for correction'),
    ('enterprise', 'county_review', 'confirm', 'rejected', 'county', true, '7', '不符合条件，不予确认', 'The county refuses it with the reason'),
    ('enterprise', 'returned', 'submit', 'county_review', 'enterprise, county', true, '7', '补正后重新提交', 'The corrected record comes back'),
    ('enterprise', 'returned', 'close', 'closed', 'county', false, '7', '撤销未补正的登记', 'An uncorrected record is closed'),
    ('enterprise', 'active', 'close', 'closed', 'county', false, '7', '企业注销或迁出', 'The firm was dissolved or left the city'),
    ('enterprise', 'closed', 'submit', 'county_review', 'enterprise, county', false, '7', '申请恢复', 'The firm asks to be taken up again'),
    ('institution', '-', 'create', 'proposed', 'specialist', false, '2', '申请人提出新的派出单位', 'An applicant names a new institution'),
    ('institution', '-', 'create', 'active', 'city/st', false, '2', '市科技局登记派出单位', 'The S&T bureau enters an institution'),
    ('institution', 'proposed', 'confirm', 'active', 'city/st', true, '2', '核实并登记', 'The bureau confirms it'),
    ('institution', 'proposed', 'confirm', 'declined', 'city/st', true, '2', '不属于高校或科研院所', 'The bureau declines it'),
    ('call', '-', 'create', 'draft', 'city/st, county/st', false, '9.1', '起草征集通知', 'A call is drafted'),
    ('call', 'draft', 'publish', 'published', 'city/st, county/st', true, '9.1', '发布征集通知', 'The call is published'),
    ('call', 'draft', 'close', 'cancelled', 'city/st, county/st', false, '9.1', '放弃草稿', 'The draft is dropped'),
    ('call', 'published', 'close', 'closed', 'city/st, county/st, system', false, '9.1', '征集截止', 'The call closes, at its time or by decision'),
    ('call', 'published', 'close', 'cancelled', 'city/st, county/st', false, '9.1', '撤销征集通知', 'The call is cancelled; whoever answered it is told'),
    ('demand', '-', 'create', 'draft', 'enterprise, county', false, '9.2', '填写需求', 'A demand is begun'),
    ('demand', 'draft', 'submit', 'county_review', 'enterprise, county', false, '9.2', '提交县区初核', 'It is submitted to the county'),
    ('demand', 'draft', 'withdraw', 'withdrawn', 'enterprise, county', false, '9.2', '放弃草稿', 'The draft is dropped'),
    ('demand', 'county_review', 'first_review', 'city_review', 'county', true, '9.2', '初核通过，报市科技局', 'The county accepts it and reports it to the city'),
    ('demand', 'county_review', 'first_review', 'returned', 'county', true, '9.2', '初核退回补正', 'The county returns it for correction'),
    ('demand', 'county_review', 'first_review', 'rejected', 'county', true, '9.2', '初核不通过', 'The county rejects it with the reason'),
    ('demand', 'county_review', 'withdraw', 'withdrawn', 'enterprise, county', false, '9.2', '企业撤回', 'The enterprise withdraws it'),
    ('demand', 'city_review', 'review', 'open', 'city/st', true, '9.2', '审核通过，进入对接', 'The city accepts it; it is open for matching'),
    ('demand', 'city_review', 'review', 'county_review', 'city/st', true, '9.2', '退县区重新核实', 'The city sends it back to the county'),
    ('demand', 'city_review', 'review', 'returned', 'city/st', true, '9.2', '退企业补正', 'The city returns it to the enterprise'),
    ('demand', 'city_review', 'review', 'rejected', 'city/st', true, '9.2', '审核不通过', 'The city rejects it with the reason'),
    ('demand', 'city_review', 'withdraw', 'withdrawn', 'enterprise, county', false, '9.2', '企业撤回', 'The enterprise withdraws it'),
    ('demand', 'returned', 'submit', 'county_review', 'enterprise, county', true, '9.2', '补正后重新提交', 'The corrected demand comes back'),
    ('demand', 'returned', 'withdraw', 'withdrawn', 'enterprise, county', false, '9.2', '企业撤回', 'The enterprise withdraws it'),
    ('demand', 'returned', 'expire', 'expired', 'system', false, '9.2', '逾期未补正', 'The correction did not come in time'),
    ('demand', 'open', 'match', 'matched', 'system', false, '9.3', '列入已采用的匹配名单', 'An adopted match takes it up'),
    ('demand', 'open', 'withdraw', 'withdrawn', 'enterprise, county, system', false, '9.2', '企业撤回，或因处理决定关闭', 'It is withdrawn, or closed by a sanction'),
    ('demand', 'open', 'expire', 'expired', 'system', false, '9.2', '有效期届满', 'Its validity ends'),
    ('demand', 'expired', 'submit', 'county_review', 'enterprise, county', false, '9.2', '更新后重新提交', 'It is brought up to date and submitted again'),
    ('demand', 'matched', 'release', 'open', 'system', false, '9.4', '匹配落空或需求未满足，重新开放', 'The match failed or the need remains; it opens again'),
    ('demand', 'matched', 'withdraw', 'withdrawn', 'enterprise, county, system', false, '9.4', '派驻前撤回', 'It is withdrawn before the placement begins'),
    ('demand', 'matched', 'fulfil', 'fulfilled', 'system', false, '12', '派驻结束，企业确认需求满足', 'The placement ended and the enterprise says it was met');

-- A side without an office stands for all of its offices; steps of the system are nobody's to take.
INSERT INTO app.allowed_step (resource, status, actor, steps)
SELECT l.resource, l.from_state, a.actor, array_agg(DISTINCT l.step ORDER BY l.step)
FROM app.lifecycle l
CROSS JOIN (VALUES ('city/st'), ('city/talent'), ('city/industry'), ('city/finance'), ('county/st'), ('county/talent'),
                   ('enterprise'), ('specialist'), ('institution'), ('public')) AS a(actor)
WHERE l.from_state <> '-'
  AND string_to_array(l.who, ', ') && ARRAY[a.actor, split_part(a.actor, '/', 1)]
GROUP BY l.resource, l.from_state, a.actor;
