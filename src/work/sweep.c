/* Takes away files that no row needs: parts of what was stored, purged or given up, wholes whose last row is purged,
 * and what a crash left half made. Only what has lain for a day is looked at, so that nothing under way is met; the row
 * is asked again while nobody can store, right before a whole is taken away. */
#include "files.h"
#include "jobs.h"
#include "log.h"
#include "office/files_folder.h"

#include "buffer.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define DAY_SECONDS (24L * 3600)

struct sweep {
    int under;             /* the folder that is swept */
    const char *statement; /* gives those of the names in $1 that no row needs */
    size_t name_size;      /* of the part of a name that the statement knows */
    void (*take)(int under, const char *name);
};

static bool has_lain(int under, const char *name)
{
    struct stat s;
    if (fstatat(under, name, &s, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(s.st_mode)) return false;
    return time(NULL) - s.st_mtime > DAY_SECONDS;
}

static void take_name(int under, const char *name)
{
    if (unlinkat(under, name, 0) == 0) log_line(LOG_INFO, "file_swept", "name", name, NULL);
}

/* The rows of a statement for one array of names. */
static PGresult *unused(const char *statement, const char *array)
{
    const char *const values[] = {array};
    return work_ask(statement, values);
}

/* While a sweep holds the lock alone, no upload is between its file and its row. */
static void take_blob(int under, const char *sha256)
{
    char array[FILES_NAME_SIZE];
    int lock = openat(files_folder()->top, FILES_LOCK, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0) {
        snprintf(array, sizeof array, "{%.64s}", sha256);
        PGresult *still = unused("work_blobs_unused", array);
        if (PQntuples(still) == 1 && has_lain(under, sha256)) take_name(under, sha256);
        PQclear(still);
    }
    if (lock >= 0) close(lock);
}

/* All parts of a file whose row waits for none. */
static void take_parts(int under, const char *id)
{
    char name[FILES_NAME_SIZE];
    for (int no = 1; no <= FILE_PARTS_MAX; no++) {
        snprintf(name, sizeof name, "%.36s.%d", id, no);
        if (has_lain(under, name)) take_name(under, name);
    }
}

/* Names that could be sent to the database as they are: hexadecimal digits and hyphens. */
static bool is_plain(const char *name, size_t size)
{
    return strspn(name, "0123456789abcdef-") >= size;
}

/* Gathers the names of a folder as an array, and removes what was never finished. */
static void gather(const struct sweep *s, DIR *folder, struct buffer *array)
{
    for (const struct dirent *entry; work_goes_on() && (entry = readdir(folder)) != NULL;) {
        if (!has_lain(s->under, entry->d_name)) continue;
        if (strncmp(entry->d_name, FILES_TEMPORARY, strlen(FILES_TEMPORARY)) == 0)
            take_name(s->under, entry->d_name);
        else if (strlen(entry->d_name) >= s->name_size && is_plain(entry->d_name, s->name_size)) {
            buffer_add_text(array, array->size == 0 ? "{" : ",");
            buffer_add(array, entry->d_name, s->name_size);
        }
    }
}

static void sweep_folder(const struct sweep *s)
{
    struct buffer array = {0};
    DIR *folder = fdopendir(openat(s->under, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder == NULL) return;
    gather(s, folder, &array);
    closedir(folder);
    if (array.size == 0) return;
    buffer_add(&array, "}", 2);
    PGresult *names = unused(s->statement, array.bytes);
    for (int i = 0; i < PQntuples(names) && work_goes_on(); i++) s->take(s->under, PQgetvalue(names, i, 0));
    PQclear(names);
    buffer_free(&array);
}

/* Wholes lie in 256 folders, by the first two digits of their names. */
static void sweep_blobs(int blobs)
{
    char name[3];
    for (unsigned first = 0; first < 256 && work_goes_on(); first++) {
        snprintf(name, sizeof name, "%02x", first);
        int under = openat(blobs, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (under < 0) continue;
        sweep_folder(&(struct sweep){under, "work_blobs_unused", 64, take_blob});
        close(under);
    }
}

void files_sweep(void)
{
    const struct files_folder *f = files_folder();
    if (f->blobs < 0) return;
    sweep_folder(&(struct sweep){f->parts, "work_parts_unused", 36, take_parts});
    sweep_folder(&(struct sweep){f->blobs, "work_blobs_unused", 64, take_blob});
    sweep_blobs(f->blobs);
}
