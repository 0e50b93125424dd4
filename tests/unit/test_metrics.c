/* Metrics: what was counted stands in the text, series stay bounded, and the listener answers on loopback. */
#include "check.h"
#include "metrics.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

static bool shows(const char *wanted)
{
    struct buffer out = {0};
    metrics_write(&out);
    buffer_add(&out, "", 1);
    bool found = strstr(out.bytes, wanted) != NULL;
    buffer_free(&out);
    return found;
}

#define LABELS(method, route) "http_request_method=\"" method "\",http_route=\"" route "\",http_response_status_code"

static void requests_fill_buckets(void)
{
    metrics_request("GET", "/v1/demands", 200, 5000);
    metrics_request("GET", "/v1/demands", 200, 5001);
    metrics_request("GET", "/v1/demands", 200, 20000000);
    CHECK(shows("_bucket{" LABELS("GET", "/v1/demands") "=\"200\",le=\"0.005\"} 1\n"));
    CHECK(shows("_bucket{" LABELS("GET", "/v1/demands") "=\"200\",le=\"0.01\"} 2\n"));
    CHECK(shows("_bucket{" LABELS("GET", "/v1/demands") "=\"200\",le=\"10\"} 2\n"));
    CHECK(shows("_bucket{" LABELS("GET", "/v1/demands") "=\"200\",le=\"+Inf\"} 3\n"));
    CHECK(shows("_sum{" LABELS("GET", "/v1/demands") "=\"200\"} 20.010001\n"));
    CHECK(shows("_count{" LABELS("GET", "/v1/demands") "=\"200\"} 3\n"));
}

static void invented_methods_share_a_series(void)
{
    metrics_request("BREW", NULL, 405, 1);
    metrics_request("X", NULL, 405, 1);
    CHECK(shows("_count{" LABELS("_OTHER", "") "=\"405\"} 2\n"));
}

static void counters_count(void)
{
    metrics_add(METRIC_REPLAYS);
    metrics_add(METRIC_REPLAYS);
    metrics_refusal("not_found");
    metrics_refusal("no_such_problem");
    CHECK(shows("\ntepai_replays_total 2\n"));
    CHECK(shows("tepai_refusals_total{code=\"not_found\"} 1\n"));
}

static void *many(void *unused)
{
    (void)unused;
    for (int i = 0; i < 10000; i++) {
        metrics_request("POST", "/v1/calls", 201, 1);
        metrics_add(METRIC_WATCHDOG_CUTS);
    }
    return NULL;
}

static void threads_lose_nothing(void)
{
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, many, NULL);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    CHECK(shows("_count{" LABELS("POST", "/v1/calls") "=\"201\"} 40000\n"));
    CHECK(shows("tepai_watchdog_cuts_total 40000\n"));
}

/* The first bytes of the answer to one request on the listener. */
static void ask(int port, const char *request, char *answer, size_t size)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    memset(answer, 0, size);
    bool sent = connect(fd, (struct sockaddr *)&to, sizeof to) == 0 && send(fd, request, strlen(request), 0) > 0;
    CHECK(sent && recv(fd, answer, size - 1, 0) > 0);
    close(fd);
}

/* A port that was free a moment ago. */
static int free_port(void)
{
    struct sockaddr_in any = {.sin_family = AF_INET};
    socklen_t size = sizeof any;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bool bound = bind(fd, (struct sockaddr *)&any, size) == 0 && getsockname(fd, (struct sockaddr *)&any, &size) == 0;
    close(fd);
    return bound ? ntohs(any.sin_port) : -1;
}

static void listener_answers(void)
{
    char answer[256];
    int port = free_port();
    CHECK(metrics_listen(port));
    ask(port, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", answer, sizeof answer);
    CHECK(strstr(answer, "200 OK") != NULL);
    ask(port, "GET /v1/demands HTTP/1.1\r\nHost: x\r\n\r\n", answer, sizeof answer);
    CHECK(strstr(answer, "404") != NULL);
    metrics_close();
}

int main(void)
{
    RUN(requests_fill_buckets);
    RUN(invented_methods_share_a_series);
    RUN(counters_count);
    RUN(threads_lose_nothing);
    RUN(listener_answers);
    return REPORT();
}
