/* Requests in and answers out, through ulfius over libmicrohttpd. This is the one place that starts them, for their
 * defaults are dangerous: a log line of theirs uses the client's text as a format, and slow clients have no end. */
#include "server.h"

#include "clock.h"
#include "listener.h"
#include "log.h"
#include "watchdog.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <ulfius.h>
#include <unistd.h>
#include <yder.h>

#define IDLE_SECONDS 15 /* a second line of defence behind the watchdog */
#define CONNECTION_MEMORY                                                                                              \
    36864                        /* head of a request: 8 KiB target, 16 KiB of lines, their table; see start_threads() \
                                  */
#define PIECE_SIZE         65536 /* of a file that is sent */
#define LOG_LINES_A_SECOND 10    /* of the libraries: a client can cause one for each connection */

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define THREAD_STACK (8 << 20)
#else
#define THREAD_STACK (2 << 20)
#endif

struct server {
    struct server_options options;
    struct listener *listener;
    struct watchdog *watchdog;
    struct _u_instance instance;
    int port;
    atomic_int arriving; /* accepted, but not yet begun by a request thread */
};

static atomic_bool is_draining;

bool server_draining(void)
{
    return atomic_load_explicit(&is_draining, memory_order_relaxed);
}

void server_begin_drain(void)
{
    atomic_store(&is_draining, true);
}

static bool may_log(void)
{
    static _Atomic int64_t second;
    static atomic_int lines;
    int64_t now = clock_ms() / 1000;
    if (atomic_exchange(&second, now) != now) atomic_store(&lines, 0);
    return atomic_fetch_add(&lines, 1) < LOG_LINES_A_SECOND;
}

static void log_library(char *text)
{
    if (!may_log()) return;
    for (char *p = text; *p != '\0'; p++)
        if (*p < ' ' || *p == 0x7F) *p = ' ';
    log_line(LOG_INFO, "http_library", "text", text, NULL);
}

#define LENGTH_REFUSAL(line, word, status, title)                                                                      \
    "HTTP/1.1 " line "\r\nConnection: close\r\nContent-Type: application/problem+json\r\n\r\n"                         \
    "{\"type\":\"/v1/problems/" word "\",\"title\":\"" title "\",\"status\":" status ",\"code\":\"" word "\"}"

/* libmicrohttpd judges a wrong Content-Length before any of our code and then sends the head of its answer twice. It
 * says so first, on the thread of that connection: an answer of ours is sent at that moment and the connection ended.
 * The end of the connection is the end of the body. */
static void refuse_length(struct server *s, const char *format)
{
    if (strstr(format, "`Content-Length'") != NULL)
        watchdog_refuse_fresh(s->watchdog,
                              LENGTH_REFUSAL("400 Bad Request", "malformed_request", "400", "请求报文不合法"));
    if (strstr(format, "'Content-Length'") != NULL)
        watchdog_refuse_fresh(s->watchdog,
                              LENGTH_REFUSAL("413 Content Too Large", "body_too_large", "413", "请求体过大"));
}

/* What libmicrohttpd says. "request for" begins its only lines that quote the client (the path): of those the log
 * gets the format itself, because no URL belongs into it. */
static void __attribute__((format(printf, 2, 0))) log_microhttpd(void *data, const char *format, va_list list)
{
    char text[300];
    refuse_length(data, format);
    if (strstr(format, "request for") != NULL)
        snprintf(text, sizeof text, "%s", format);
    else
        vsnprintf(text, sizeof text, format, list);
    log_library(text);
}

/* What ulfius says; yder hands it over as plain text. */
static void log_ulfius(void *data, const char *app, const time_t date, const unsigned long level, const char *message)
{
    char text[300];
    (void)data, (void)app, (void)date, (void)level;
    snprintf(text, sizeof text, "%s", message);
    log_library(text);
}

static struct watched *watched_of(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

static void connection_changed(void *data, struct MHD_Connection *connection, void **context,
                               enum MHD_ConnectionNotificationCode what)
{
    struct server *s = data;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        watchdog_leave(s->watchdog, *context);
        return;
    }
    *context = watchdog_enter(s->watchdog, connection);
    atomic_fetch_sub(&s->arriving, 1);
}

/* The request line is here. ulfius hides the connection from the handler, so it travels in a number of the request
 * that ulfius uses for outgoing requests alone. */
static void *request_began(void *data, const char *target, struct MHD_Connection *connection)
{
    (void)data;
    _Static_assert(sizeof(((struct _u_request *)NULL)->timeout) == sizeof(uintptr_t), "holds a pointer");
    struct watched *watched = watched_of(connection);
    struct connection_info_struct *info = ulfius_uri_logger(NULL, target == NULL ? "" : target);
    if (info != NULL) info->request->timeout = (uintptr_t)watched;
    watchdog_receiving(watched, info == NULL ? NULL : &info->callback_first_iteration);
    return info;
}

static void request_ended(void *data, struct MHD_Connection *connection, void **context,
                          enum MHD_RequestTerminationCode how)
{
    mhd_request_completed(data, connection, context, how);
    watchdog_waiting(watched_of(connection));
}

/* Files one header line. The library has skipped the blanks before the value, which are lawful in any number: they are
 * counted as the one blank the guard expects, so that whatever else is missing shows. */
static enum MHD_Result file_header(void *data, enum MHD_ValueKind kind, const char *name, size_t name_size,
                                   const char *value, size_t value_size)
{
    (void)kind;
    struct wire *w = data;
    uintptr_t colon = (uintptr_t)name + name_size, blanks = (uintptr_t)value - colon - 1;
    if (blanks <= w->header_size) w->header_size = w->header_size + 1 - blanks;
    if (w->header_count < WIRE_HEADERS_MAX)
        w->headers[w->header_count] = (struct header){name, value == NULL ? "" : value, name_size, value_size};
    w->header_count++;
    return MHD_YES;
}

static void fill_wire(struct wire *w, const struct _u_request *request, const struct watched *watched)
{
    struct MHD_Connection *connection = watched_connection(watched);
    const union MHD_ConnectionInfo *head = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    w->method = request->http_verb;
    w->target = request->http_url;
    w->version = request->http_protocol;
    w->header_count = 0;
    w->header_size = head == NULL ? 0 : head->header_size;
    w->body = request->binary_body;
    w->body_size = request->binary_body_length;
    w->peer = watched_peer(watched);
    w->began_us = clock_us();
    MHD_get_connection_values_n(connection, MHD_HEADER_KIND, file_header, w);
}

/* Files go out in pieces, read as the client takes them, so that a large one costs no more memory than a small one. */
static ssize_t send_piece(void *data, uint64_t offset, char *out, size_t room)
{
    ssize_t got = pread((int)(intptr_t)data, out, room, (off_t)offset);
    return got > 0 ? got : got == 0 ? U_STREAM_END : U_STREAM_ERROR;
}

static void close_file(void *data)
{
    close((int)(intptr_t)data);
}

/* The body goes over to ulfius, which frees it. For HEAD the library sends its size and leaves it out. */
static void give_reply(const struct reply *reply, struct _u_response *response)
{
    response->status = reply->status;
    response->binary_body = reply->body;
    response->binary_body_length = reply->body_size;
    if (reply->file_size > 0)
        ulfius_set_stream_response(response, (unsigned)reply->status, send_piece, close_file, reply->file_size,
                                   PIECE_SIZE, (void *)(intptr_t)reply->file);
    for (int i = 0; i < reply->header_count; i++)
        u_map_put(response->map_header, reply->headers[i].name, reply->headers[i].value);
    if (reply->close || server_draining()) u_map_put(response->map_header, "Connection", "close");
}

static int answer(const struct _u_request *request, struct _u_response *response, void *data)
{
    struct server *s = data;
    struct watched *watched = (void *)(uintptr_t)request->timeout;
    struct wire wire;
    struct reply reply = {0};
    watchdog_running(watched);
    fill_wire(&wire, request, watched);
    s->options.handler(&wire, &reply);
    give_reply(&reply, response);
    if (s->options.answered != NULL) s->options.answered();
    watchdog_answering(watched, reply.file_size);
    return U_CALLBACK_COMPLETE;
}

static void accepted(void *data, int descriptor, const struct sockaddr *peer, socklen_t peer_size)
{
    struct server *s = data;
    atomic_fetch_add(&s->arriving, 1);
    if (MHD_add_connection(s->instance.mhd_daemon, descriptor, peer, peer_size) == MHD_YES) return;
    atomic_fetch_sub(&s->arriving, 1);
}

/* Starts the request threads. The logger is the first option, for reading the others may already log. The library's
 * own strictness stays off: it knows two rules of the guard and answers them worse (twice, or not at all). Memory of a
 * connection above 32 KiB is mapped for it alone, so that what was sent on it ends with it. */
static bool start_threads(struct server *s)
{
    const struct server_options *o = &s->options;
    struct MHD_OptionItem options[] = {
        {MHD_OPTION_EXTERNAL_LOGGER, (intptr_t)log_microhttpd, s},
        {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)request_ended, NULL},
        {MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)request_began, NULL},
        {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)connection_changed, s},
        {MHD_OPTION_THREAD_POOL_SIZE, o->threads, NULL},
        {MHD_OPTION_CONNECTION_LIMIT, o->connection_limit, NULL},
        {MHD_OPTION_PER_IP_CONNECTION_LIMIT, o->per_address_limit, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY, NULL},
        {MHD_OPTION_THREAD_STACK_SIZE, THREAD_STACK, NULL},
        {MHD_OPTION_STRICT_FOR_CLIENT, 0, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_USE_ERROR_LOG | MHD_USE_NO_LISTEN_SOCKET;
    if (ulfius_init_instance(&s->instance, (unsigned)s->port, NULL, NULL) != U_OK) return false;
    s->instance.max_post_body_size = o->body_limit + 1; /* longer ones are cut there, so that the cut shows */
    s->instance.check_utf8 = 0;
    s->instance.allowed_post_processor = U_POST_PROCESS_NONE;
    bool is_started = ulfius_set_default_endpoint(&s->instance, answer, s) == U_OK &&
                      ulfius_start_framework_with_mhd_options(&s->instance, flags, options) == U_OK;
    if (!is_started) ulfius_clean_instance(&s->instance);
    return is_started;
}

static void stop_threads(struct server *s)
{
    ulfius_stop_framework(&s->instance);
    ulfius_clean_instance(&s->instance);
}

static bool start_all(struct server *s)
{
    const struct server_options *o = &s->options;
    s->watchdog = watchdog_start(o->header_deadline_ms, o->request_deadline_ms, o->memory_budget);
    if (s->watchdog == NULL) return false;
    if (start_threads(s)) {
        if (listener_run(s->listener, accepted, s)) return true;
        stop_threads(s);
    }
    watchdog_stop(s->watchdog);
    return false;
}

struct server *server_start(const struct server_options *options)
{
    struct server *s = calloc(1, sizeof *s);
    if (s == NULL) abort();
    s->options = *options;
    atomic_store(&is_draining, false);
    y_init_logs("tepaid", Y_LOG_MODE_CALLBACK, Y_LOG_LEVEL_WARNING, NULL, NULL);
    y_set_logs_callback(log_ulfius, NULL, NULL);
    s->listener = listener_open(options->address, options->port);
    if (s->listener == NULL) {
        free(s);
        return NULL;
    }
    s->port = listener_port(s->listener);
    if (start_all(s)) return s;
    log_line(LOG_ERROR, "server_failed", "why", "the request threads did not start", NULL);
    listener_close(s->listener);
    free(s);
    return NULL;
}

int server_port(const struct server *s)
{
    return s->port;
}

static bool is_idle(const struct server *s)
{
    const union MHD_DaemonInfo *open = MHD_get_daemon_info(s->instance.mhd_daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);
    return atomic_load(&s->arriving) == 0 && open->num_connections == 0;
}

void server_stop(struct server *s, int drain_ms)
{
    const struct timespec pause = {.tv_nsec = 10000000};
    int64_t until = clock_ms() + drain_ms;
    server_begin_drain();
    listener_close(s->listener);
    while (!is_idle(s) && clock_ms() < until) nanosleep(&pause, NULL);
    stop_threads(s);
    watchdog_stop(s->watchdog);
    y_close_logs();
    free(s);
}
