-- Four accounts of three firms: two that are paid to, and of the third one that was refused and its successor, which
-- waits. The numbers are of a bank that does not exist.

CREATE TEMPORARY TABLE demo_bank_account (n integer PRIMARY KEY, firm integer, bank_name text, branch text);
INSERT INTO demo_bank_account VALUES
    (1, 1, '太行示例银行', '长治潞州支行'),
    (2, 3, '太行示例银行', '襄垣支行'),
    (3, 4, '漳河示例银行', '壶关城关分理处'),
    (4, 4, '漳河示例银行', '壶关支行');

INSERT INTO demo_step (at, room, key, step, who, status, decision, opinion) VALUES
    ('2025-03-03 02:00+00', 'bank_account', '1', 'create', 'zhangling', 'proposed', NULL, NULL),
    ('2025-03-04 02:00+00', 'bank_account', '1', 'confirm', 'luzhou.rc', 'confirmed', 'pass', '与开户许可证一致'),
    ('2025-03-05 02:00+00', 'bank_account', '2', 'create', 'lishi', 'proposed', NULL, NULL),
    ('2025-03-06 02:00+00', 'bank_account', '2', 'confirm', 'xiangyuan.rc', 'confirmed', 'pass', NULL),
    ('2026-10-12 02:00+00', 'bank_account', '3', 'create', 'qingzhang', 'proposed', NULL, NULL),
    ('2026-10-13 02:00+00', 'bank_account', '3', 'confirm', 'huguan.rc', 'rejected', 'reject', '须为企业基本账户'),
    ('2026-10-16 02:00+00', 'bank_account', '4', 'create', 'qingzhang', 'proposed', NULL, NULL);
