/* The formats of the contract, by tables of what fits and what does not. */
#include "check.h"
#include "format.h"

static void fits(format_check *format, const char *const *texts, bool strict, bool want)
{
    for (; *texts != NULL; texts++) {
        bool fit = format(*texts, strlen(*texts), strict);
        CHECK(fit == want);
        if (fit != want) printf("    %s\n", *texts);
    }
}

#define FIT(format, ...)    fits(format, (const char *const[]){__VA_ARGS__, NULL}, true, true)
#define MISFIT(format, ...) fits(format, (const char *const[]){__VA_ARGS__, NULL}, true, false)

static void uuids(void)
{
    FIT(format_uuid, "0192d0f0-7c4e-7a31-8c52-1a2b3c4d5e6f");
    MISFIT(format_uuid, "", "0192D0F0-7C4E-7A31-8C52-1A2B3C4D5E6F", "0192d0f07c4e7a318c521a2b3c4d5e6f",
           "0192d0f0-7c4e-7a31-8c52-1a2b3c4d5e6", "0192d0f0-7c4e-7a31-8c52-1a2b3c4d5e6g",
           "{192d0f0-7c4e-7a31-8c52-1a2b3c4d5e6}");
    fits(format_uuid, (const char *const[]){"0192D0F0-7C4E-7A31-8C52-1A2B3C4D5E6F", NULL}, false, true);
}

static void dates(void)
{
    FIT(format_date, "2026-10-20", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31");
    MISFIT(format_date, "", "2023-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-04-31", "2026-4-30",
           "2026/04/30", "20260430", "0000-01-01", "2026-10-20T00:00:00Z", " 2026-10-2");
    fits(format_date, (const char *const[]){"0000-01-01", NULL}, false, true);
}

static void instants(void)
{
    FIT(format_date_time, "2026-10-20T01:00:00Z", "2026-10-20t01:00:00.123456789z", "2026-10-20T09:00:00+08:00",
        "2026-10-20T01:00:00-00:00", "2016-12-31T23:59:60Z", "2017-01-01T07:59:60+08:00", "2012-06-30T15:59:60-08:00",
        "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z");
    MISFIT(format_date_time, "", "2026-10-20", "2026-10-20 01:00:00Z", "2026-10-20T01:00:00", "2026-10-20T24:00:00Z",
           "2026-10-20T01:60:00Z", "2026-10-20T01:00:61Z", "2026-10-20T01:00:00.Z", "2026-10-20T01:00:00+0800",
           "2026-10-20T01:00:00+24:00", "2026-10-20T01:00:00Zz", "2016-12-30T23:59:60Z", "2016-12-31T22:59:60Z",
           "2017-01-01T07:59:60+07:00", "2026-02-30T01:00:00Z", "0001-01-01T00:00:00+00:01",
           "9999-12-31T23:59:59-00:01");
}

static void mailboxes(void)
{
    FIT(format_email, "kjj@changzhi.gov.cn", "a.b+c@d-e.cn", "\"a b\"@c.cn", "\"a\\\"b\"@c.cn", "a@[192.0.2.1]",
        "a@[IPv6:2001:db8::1]");
    MISFIT(format_email, "", "a", "@b.cn", "a@", ".a@b.cn", "a.@b.cn", "a..b@c.cn", "a@b..cn", "a@-b.cn", "a@b-.cn",
           "a@b_c.cn", "a b@c.cn", "\"a\"b\"@c.cn", "\"a\\\"@c.cn", "a@[192.0.2.256]", "a@[IPv6:1::2::3]", "企@b.cn",
           "a@b.cn\n", "a,b@c.cn", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b.cn");
}

static void ipv6_addresses(void)
{
    FIT(format_email, "a@[IPv6:::]", "a@[IPv6:::1]", "a@[IPv6:1::]", "a@[IPv6:1:2:3:4:5:6:7:8]", "a@[IPv6:::1.2.3.4]",
        "a@[IPv6:1:2:3:4:5:6:1.2.3.4]");
    MISFIT(format_email, "a@[IPv6:]", "a@[IPv6::1]", "a@[IPv6:1:]", "a@[IPv6:1:::2]", "a@[IPv6:1:2:3:4:5:6:7]",
           "a@[IPv6:1:2:3:4:5:6:7:8:9]", "a@[IPv6:12345::]", "a@[IPv6:1:2:3:4:5:6:7:1.2.3.4]", "a@[IPv6:::1.2.3]",
           "a@[IPv6:::01.2.3.4]");
}

static void references(void)
{
    FIT(format_uri_reference, "", "/v1/demands?limit=2#x", "https://u:p@tepai.cn:8443/a;b/%E4%BC%81?q=/?#f?", "a/b:c",
        "//[2001:db8::1]:80/", "urn:uuid:0192d0f0-7c4e-7a31-8c52-1a2b3c4d5e6f", "?", "#", "../x", "http://");
    MISFIT(format_uri_reference, "/a b", "/%zz", "/%2", "1a:b", "/a\\b", "#a#b", "//[::1", "//[v1.x]/", "/企业", "a\"b",
           "//a[b]/");
}

static void credit_codes(void)
{
    FIT(format_uscc, "91140491MAK2TX345N", "91140802MAK1UQKG7W", "91350100M000100Y43", "91110000101623741K",
        "911101066976941872", "91140499MADM001740");
    MISFIT(format_uscc, "91310115MA1H8R7C6D", "9114049IMAK2TX345N", "91140491MAK2TX345n", "91140491MAK2TX345", "",
           "91350211M0000XUF46", "91140491MAK2TX345NN");
}

static void resident_ids(void)
{
    FIT(format_cn_id, "11010519491231002X", "149999198001010013", "149999199602290043");
    MISFIT(format_cn_id, "110105194912310021", "149999197802290057", "110105194902310026", "11010519491231002x",
           "110105491231002", "", "149999299901010015");
}

static void resident_ids_end_with_today(void)
{
    char id[19] = "14999999990101001";
    static const char check[] = "10X98765432";
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < 17; i++) sum += weights[i] * (id[i] - '0');
    id[17] = check[sum % 11];
    MISFIT(format_cn_id, id);
}

static void mobiles(void)
{
    FIT(format_cn_mobile, "13800138000", "19912345678");
    MISFIT(format_cn_mobile, "", "12800138000", "1380013800", "138001380000", "+8613800138000", "1380013800x",
           "23800138000");
}

static void names(void)
{
    CHECK(format_find("uscc") == format_uscc);
    CHECK(format_find("date-time") == format_date_time);
    CHECK(format_find("ipv4") == NULL);
    CHECK(!format_date("2026-10-2\0", 10, true));
}

int main(void)
{
    RUN(uuids);
    RUN(dates);
    RUN(instants);
    RUN(mailboxes);
    RUN(ipv6_addresses);
    RUN(references);
    RUN(credit_codes);
    RUN(resident_ids);
    RUN(resident_ids_end_with_today);
    RUN(mobiles);
    RUN(names);
    return REPORT();
}
