/* Serving, from the first look at the surroundings to the last answer. */
#include "commands.h"
#include "config.h"
#include "contract.h"
#include "docs.h"
#include "files.h"
#include "hosts.h"
#include "keys.h"
#include "log.h"
#include "log_queue.h"
#include "metrics.h"
#include "migrate.h"
#include "pdf.h"
#include "road.h"
#include "selfcheck.h"
#include "server.h"
#include "work.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

/* Contract, keys and database as serving needs them. */
static bool surroundings_fit(void)
{
    const char *why;
    if (!check_database_url() || !contract_load() || !keys_load(config_text(SETTING_KEYS))) return false;
    if (!files_open(config_text(SETTING_FILES)) || !hosts_open(config_text(SETTING_DATABASE_URL))) return false;
    if (!migrate_current(&why)) {
        fprintf(stderr, "Not serving: %s.\n", why);
        return false;
    }
    return check_database() && check_statements();
}

int check_command(int argc, char **argv)
{
    (void)argc, (void)argv;
    bool fit = surroundings_fit() && pdf_has_fonts();
    keys_free();
    if (fit) puts("Everything fits.");
    return fit ? 0 : 1;
}

static size_t largest_body(void)
{
    int count;
    size_t largest = 0;
    const struct op *ops = contract_ops(&count);
    for (int i = 0; i < count; i++)
        if (ops[i].max_bytes > largest) largest = ops[i].max_bytes;
    return largest;
}

static struct server *listen_for_requests(void)
{
    const struct server_options options = {
        .address = config_text(SETTING_ADDRESS),
        .port = (int)config_int(SETTING_PORT),
        .threads = (int)config_int(SETTING_THREADS),
        .connection_limit = (int)config_int(SETTING_CONNECTIONS),
        .per_address_limit = (int)config_int(SETTING_CONNECTIONS_PER_ADDRESS),
        .header_deadline_ms = (int)config_int(SETTING_HEADER_DEADLINE_MS),
        .request_deadline_ms = (int)config_int(SETTING_REQUEST_DEADLINE_MS),
        .memory_budget = (size_t)config_int(SETTING_MEMORY_MIB) << 20,
        .body_limit = largest_body(),
        .handler = road,
        .answered = road_forget,
    };
    return server_start(&options);
}

/* Blocks the signals that stop us in this thread and thus in all that it starts; they are waited for, not handled. */
static sigset_t block_stop_signals(void)
{
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stop, NULL);
    return stop;
}

/* Requests and background work end at the same time, each with its own patience. */
static void serve_until(const sigset_t *stop, struct server *server, bool works)
{
    char port[8];
    int signal_number = 0;
    snprintf(port, sizeof port, "%d", server_port(server));
    log_line(LOG_INFO, "serving", "address", config_text(SETTING_ADDRESS), "port", port, "version", TEPAI_VERSION,
             NULL);
    sigwait(stop, &signal_number);
    log_line(LOG_INFO, "draining", NULL);
    server_begin_drain();
    if (works) work_begin_stop();
    server_stop(server, (int)config_int(SETTING_DRAIN_MS));
    log_line(LOG_INFO, "stopped", NULL);
}

int serve_command(int argc, char **argv)
{
    (void)argc, (void)argv;
    sigset_t stop = block_stop_signals();
    if (!surroundings_fit()) return 1;
    log_queue_start();
    docs_open(config_text(SETTING_DOCS));
    int metrics_port = (int)config_int(SETTING_METRICS_PORT);
    if (metrics_port != 0 && !metrics_listen(metrics_port)) return 1;
    struct server *server = listen_for_requests();
    bool works = server != NULL && config_is(SETTING_WORK, "on") && work_start();
    if (server != NULL) serve_until(&stop, server, works);
    if (works) work_stop();
    metrics_close();
    pdf_close();
    keys_free();
    return server != NULL ? 0 : 1;
}

int work_command(int argc, char **argv)
{
    (void)argc, (void)argv;
    int signal_number = 0;
    sigset_t stop = block_stop_signals();
    if (!surroundings_fit()) return 1;
    int metrics_port = (int)config_int(SETTING_METRICS_PORT);
    if (metrics_port != 0 && !metrics_listen(metrics_port)) return 1;
    bool works = work_start();
    if (works) sigwait(&stop, &signal_number);
    if (works) work_stop();
    metrics_close();
    keys_free();
    return works ? 0 : 1;
}
