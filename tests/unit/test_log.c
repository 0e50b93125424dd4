/* The log: whatever the text, one write makes one line of valid JSON. */
#include "check.h"
#include "log.h"
#include "log_queue.h"

#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
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

/* A process whose log goes through the queue into a pipe, until `end_it` ends it; what it wrote is in `written`. */
static int ended_by(void (*end_it)(void))
{
    int ends[2], status = -1;
    size_t size = 0;
    CHECK(pipe(ends) == 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        close(ends[1]);
        log_queue_start();
        for (int i = 0; i < 50; i++) log_request(&(struct log_request){.method = "GET", .status = 200});
        end_it();
    }
    close(ends[1]);
    for (ssize_t got; (got = read(ends[0], written + size, sizeof written - 1 - size)) > 0;) size += (size_t)got;
    written[size] = '\0';
    close(ends[0]);
    waitpid(child, &status, 0);
    return status;
}

static int lines_with(const char *words)
{
    int count = 0;
    for (const char *at = written; (at = strstr(at, words)) != NULL; at++) count++;
    return count;
}

static void exit_normally(void)
{
    exit(0);
}

static void what_waits_is_written_before_the_end(void)
{
    int status = ended_by(exit_normally);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    CHECK(lines_with("\"event\":\"request\"") == 50);
    status = ended_by(abort);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    CHECK(lines_with("\"event\":\"request\"") == 50);
}

struct told {
    long requests, lost;
    bool has_error;
};

/* Reads a full pipe until nothing has come for two seconds. */
static struct told read_told(int from)
{
    struct told told = {0};
    struct pollfd p = {.fd = from, .events = POLLIN};
    char *line = NULL;
    size_t room = 0;
    FILE *in = fdopen(from, "r");
    setvbuf(in, NULL, _IONBF, 0);
    while (poll(&p, 1, 2000) == 1 && getline(&line, &room, in) > 0) {
        json_t *entry = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
        const char *event = json_string_value(json_object_get(entry, "event"));
        const char *lost = json_string_value(json_object_get(entry, "lines"));
        CHECK(event != NULL);
        if (event == NULL) break;
        told.requests += strcmp(event, "request") == 0;
        told.has_error |= strcmp(event, "still_told") == 0;
        if (strcmp(event, "log_lines_lost") == 0) told.lost += strtol(lost, NULL, 10);
        json_decref(entry);
    }
    free(line);
    fclose(in);
    return told;
}

/* Comes last: the queue stays for the rest of the program. */
static void a_pipe_that_nobody_reads_holds_up_nobody(void)
{
    const long lines = 20000;
    int ends[2];
    CHECK(pipe(ends) == 0);
    real_stderr = dup(STDERR_FILENO);
    dup2(ends[1], STDERR_FILENO);
    close(ends[1]);
    log_queue_start();
    for (long i = 0; i < lines; i++) log_request(&(struct log_request){.method = "GET", .route = "/v1/demands"});
    log_line(LOG_ERROR, "still_told", NULL);
    struct told told = read_told(ends[0]);
    dup2(real_stderr, STDERR_FILENO);
    CHECK(told.requests > 0 && told.lost > 0);
    CHECK(told.requests + told.lost == lines);
    CHECK(told.has_error);
}

int main(void)
{
    RUN(text_is_data);
    RUN(broken_utf8_is_replaced);
    RUN(missing_text_is_left_out);
    RUN(long_text_is_bounded);
    RUN(level_is_obeyed);
    RUN(request_line_has_its_members);
    RUN(what_waits_is_written_before_the_end);
    RUN(a_pipe_that_nobody_reads_holds_up_nobody);
    return REPORT();
}
