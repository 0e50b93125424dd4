-- Four calls: two closed ones for specialists, the one that is open now, and a call of 沁源县 for demands.

CREATE TEMPORARY TABLE demo_call (
    n integer PRIMARY KEY, kind text, doc_no text, title text, year integer, batch_no integer, body text,
    opens_at timestamptz, closes_at timestamptz
);
INSERT INTO demo_call VALUES
    (1, 'specialist', '长科函〔2024〕31号', '关于征集2025年度企业科技特派员的通知', 2025, 1, '面向国内高等院校、科研院所征集2025年度企业科技特派员。申请人应具有博士学位、在读博士或中级以上专业技术职称，经所在单位同意后在线提交申请。', '2024-10-08 00:00+08', '2024-11-30 18:00+08'),
    (2, 'specialist', '长科函〔2025〕42号', '关于征集2026年度企业科技特派员的通知', 2026, 1, '继续面向国内高等院校、科研院所征集企业科技特派员，重点支持煤机装备、半导体光电、光伏、特钢、现代医药等产业链。', '2025-11-03 00:00+08', '2026-01-16 18:00+08'),
    (3, 'specialist', '长科函〔2026〕37号', '关于征集2027年度企业科技特派员的通知', 2027, 1, '征集2027年度企业科技特派员，请申请人在截止时间前提交，并由派出单位通过链接确认。', '2026-10-08 00:00+08', '2026-12-15 18:00+08'),
    (4, 'demand', '沁科字〔2026〕12号', '沁源县关于征集企业技术和人才需求的通知', 2026, 1, '请县域内具有独立法人资格的企业围绕煤层气、连翘等产业提出技术需求和人才需求，可由县工业和科技部门协助填报。', '2026-06-01 00:00+08', '2026-11-30 18:00+08');
