/* The log: whatever the text, one write makes one line of valid JSON. */
#include "check.h"
#include "log.h"

#include <jansson.h>
#include <stdlib.h>
#include <unistd.h>

static char written[65536];
static int real_stderr;
static FILE *kept;

static void begin(void)
{
    kept = tmpfile();
    real_stderr = dup(STDERR_FILENO);
    dup2(fileno(kept), STDERR_FILENO);
}

/* The one line that was logged, parsed; NULL when it was none, several, or no JSON. */
static json_t *end(void)
{
    dup2(real_stderr, STDERR_FILENO);
    close(real_stderr);
    rewind(kept);
    size_t size = fread(written, 1, sizeof written - 1, kept);
    fclose(kept);
    written[size] = '\0';
    if (size == 0 || strchr(written, '\n') != written + size - 1) return NULL;
    return json_loads(written, JSON_REJECT_DUPLICATES, NULL);
}

static json_t *logged(const char *text)
{
    begin();
    log_line(LOG_WARN, "tried", "text", text, NULL);
    return end();
}

static void expect(const char *text, const char *want)
{
    json_t *line = logged(text);
    CHECK(line != NULL);
    CHECK_TEXT(json_string_value(json_object_get(line, "text")), want);
    CHECK_TEXT(json_string_value(json_object_get(line, "level")), "warn");
    json_decref(line);
}

static void text_is_data(void)
{
    expect("plain", "plain");
    expect("%s%n%25s", "%s%n%25s");
    expect("a\r\n{\"event\":\"forged\"}", "a\r\n{\"event\":\"forged\"}");
    expect("quote \" slash \\ tab \t del \x7f", "quote \" slash \\ tab \t del \x7f");
    expect("壶关 😀", "壶关 😀");
}

static void broken_utf8_is_replaced(void)
{
    expect("\xff", "\xef\xbf\xbd");
    expect("a\xc3", "a\xef\xbf\xbd");
    expect("\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    expect("\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd");
    expect("\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

static void missing_text_is_left_out(void)
{
    begin();
    log_line(LOG_ERROR, "tried", "absent", NULL, "present", "x", NULL);
    json_t *line = end();
    CHECK(json_object_get(line, "absent") == NULL);
    CHECK_TEXT(json_string_value(json_object_get(line, "present")), "x");
    json_decref(line);
}

static void long_text_is_bounded(void)
{
    static char text[20000];
    memset(text, 1, sizeof text - 1);
    begin();
    log_line(LOG_WARN, "tried", "a", text, "b", text, "c", text, "d", text, NULL);
    json_t *line = end();
    CHECK(line != NULL);
    CHECK(strlen(written) <= 16384);
    CHECK(json_string_length(json_object_get(line, "a")) == 1024);
    json_decref(line);
}

static void level_is_obeyed(void)
{
    begin();
    log_open(LOG_ERROR);
    log_line(LOG_WARN, "tried", NULL);
    log_request(&(struct log_request){.method = "GET"});
    log_open(LOG_INFO);
    json_decref(end());
    CHECK_TEXT(written, "");
}

static void request_line_has_its_members(void)
{
    begin();
    log_request(&(struct log_request){.operation = "demand_get", .method = "GET", .status = 200, .duration_us = 5});
    json_t *line = end();
    CHECK_TEXT(json_string_value(json_object_get(line, "operation")), "demand_get");
    CHECK(json_integer_value(json_object_get(line, "status")) == 200);
    CHECK(json_object_get(line, "account") == NULL);
    CHECK(strlen(json_string_value(json_object_get(line, "time"))) == strlen("2026-07-01T02:15:00.000Z"));
    json_decref(line);
}

int main(void)
{
    RUN(text_is_data);
    RUN(broken_utf8_is_replaced);
    RUN(missing_text_is_left_out);
    RUN(long_text_is_bounded);
    RUN(level_is_obeyed);
    RUN(request_line_has_its_members);
    return REPORT();
}
