-- The units that implement the programme (article 3): twelve divisions and two zones. The zones have no GB/T 2260
-- code; their codes are ours. Statistics number the high-tech zone 140471, and no unit is ever read from the digits of
-- a credit code or an ID number.

INSERT INTO app.unit (code, gb2260_code, stat_code, name_zh, name_en, kind, st_office_name, talent_office_name,
                      valid_from) VALUES
    ('140403', '140403', '140403', '潞州区', 'Luzhou District', 'district', '潞州区科学技术局', '潞州区委人才工作领导组办公室', '2024-06-10'),
    ('140404', '140404', '140404', '上党区', 'Shangdang District', 'district', '上党区科学技术局', '上党区委人才工作领导组办公室', '2024-06-10'),
    ('140405', '140405', '140405', '屯留区', 'Tunliu District', 'district', '屯留区科学技术局', '屯留区委人才工作领导组办公室', '2024-06-10'),
    ('140406', '140406', '140406', '潞城区', 'Lucheng District', 'district', '潞城区科学技术局', '潞城区委人才工作领导组办公室', '2024-06-10'),
    ('140423', '140423', '140423', '襄垣县', 'Xiangyuan County', 'county', '襄垣县科学技术局', '襄垣县委人才工作领导组办公室', '2024-06-10'),
    ('140425', '140425', '140425', '平顺县', 'Pingshun County', 'county', '平顺县科学技术局', '平顺县委人才工作领导组办公室', '2024-06-10'),
    ('140426', '140426', '140426', '黎城县', 'Licheng County', 'county', '黎城县科学技术局', '黎城县委人才工作领导组办公室', '2024-06-10'),
    ('140427', '140427', '140427', '壶关县', 'Huguan County', 'county', '壶关县科学技术局', '壶关县委人才工作领导组办公室', '2024-06-10'),
    ('140428', '140428', '140428', '长子县', 'Zhangzi County', 'county', '长子县科学技术局', '长子县委人才工作领导组办公室', '2024-06-10'),
    ('140429', '140429', '140429', '武乡县', 'Wuxiang County', 'county', '武乡县科学技术局', '武乡县委人才工作领导组办公室', '2024-06-10'),
    ('140430', '140430', '140430', '沁县', 'Qinxian County', 'county', '沁县科学技术局', '沁县委人才工作领导组办公室', '2024-06-10'),
    ('140431', '140431', '140431', '沁源县', 'Qinyuan County', 'county', '沁源县科学技术局', '沁源县委人才工作领导组办公室', '2024-06-10'),
    ('CZGX01', NULL, '140471', '长治高新技术产业开发区', 'Changzhi High-tech Zone', 'high_tech_zone', '长治高新技术产业开发区科技部门', '长治高新技术产业开发区人才部门', '2024-06-10'),
    ('CZJK01', NULL, NULL, '长治经济技术开发区', 'Changzhi Economic Development Zone', 'economic_zone', '长治经济技术开发区科技部门', '长治经济技术开发区人才部门', '2024-06-10')
ON CONFLICT (code) DO UPDATE
    SET (gb2260_code, stat_code, name_zh, name_en, kind, st_office_name, talent_office_name, valid_from)
      = (excluded.gb2260_code, excluded.stat_code, excluded.name_zh, excluded.name_en, excluded.kind,
         excluded.st_office_name, excluded.talent_office_name, excluded.valid_from);
