/* Files on the disk. Everything is written under a temporary name, brought to the disk and then renamed, so that a
 * crash at any moment leaves either the whole under its name or nothing that anybody would look for. */
#include "files.h"
#include "clock.h"
#include "files_folder.h"
#include "log.h"
#include "uuid.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define COPY_BYTES   65536
#define HOLD_MS      2000
#define HOLD_STEP_MS 10

static struct files_folder folder = {-1, -1, -1};

const struct files_folder *files_folder(void)
{
    return &folder;
}

static bool complain(const char *path, const char *what)
{
    fprintf(stderr, "%s: %s. TEPAI_FILES names a folder that belongs to this user alone (mode 0700).\n", path, what);
    return false;
}

/* The folder of this name, made when it is not there; -1 when it is no private folder of ours. */
static int open_folder(int under, const char *name)
{
    struct stat s;
    if (mkdirat(under, name, 0700) != 0 && errno != EEXIST) return -1;
    int opened = openat(under, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0) return -1;
    if (fstat(opened, &s) == 0 && s.st_uid == geteuid() && (s.st_mode & 077) == 0) return opened;
    close(opened);
    return -1;
}

static void temporary_name(char name[FILES_NAME_SIZE])
{
    char id[37];
    uuid_make(id);
    snprintf(name, FILES_NAME_SIZE, "%s%s", FILES_TEMPORARY, id);
}

static bool can_write(int under)
{
    char name[FILES_NAME_SIZE];
    temporary_name(name);
    int file = openat(under, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) return false;
    bool good = fsync(file) == 0;
    close(file);
    return unlinkat(under, name, 0) == 0 && good && fsync(under) == 0;
}

bool files_open(const char *path)
{
    folder.top = open_folder(AT_FDCWD, path);
    if (folder.top < 0) return complain(path, "not a private folder, and it cannot be made");
    folder.parts = open_folder(folder.top, "parts");
    folder.blobs = open_folder(folder.top, "blobs");
    if (folder.parts < 0 || folder.blobs < 0) return complain(path, "its folders parts and blobs are not private");
    if (!can_write(folder.parts) || !can_write(folder.blobs)) return complain(path, "it cannot be written");
    return true;
}

int files_part_count(size_t size)
{
    return (int)((size + FILE_PART_BYTES - 1) / FILE_PART_BYTES);
}

size_t files_part_size(size_t size, int part_no)
{
    size_t before = (size_t)(part_no - 1) * FILE_PART_BYTES;
    return size - before < FILE_PART_BYTES ? size - before : FILE_PART_BYTES;
}

static void part_name(char name[FILES_NAME_SIZE], const char *id, int part_no)
{
    snprintf(name, FILES_NAME_SIZE, "%.36s.%d", id, part_no);
}

void files_blob_name(char name[FILES_NAME_SIZE], const char *sha256)
{
    snprintf(name, FILES_NAME_SIZE, "%.2s/%.64s", sha256, sha256);
}

static bool write_all(int file, const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t put = write(file, bytes, size);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return false;
        bytes += put;
        size -= (size_t)put;
    }
    return true;
}

/* A file that is being made: it has its name only once it is on the disk. */
struct made {
    int under, file;
    char name[FILES_NAME_SIZE];
};

static bool make_begin(struct made *m, int under)
{
    m->under = under;
    temporary_name(m->name);
    m->file = openat(under, m->name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    return m->file >= 0;
}

static void make_give_up(const struct made *m)
{
    close(m->file);
    unlinkat(m->under, m->name, 0);
}

/* The name reaches the disk with its folder. */
static bool sync_folder_of(int under, const char *name)
{
    const char *slash = strchr(name, '/');
    if (slash == NULL) return fsync(under) == 0;
    char inner[FILES_NAME_SIZE];
    snprintf(inner, sizeof inner, "%.*s", (int)(slash - name), name);
    int opened = openat(under, inner, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = opened >= 0 && fsync(opened) == 0;
    if (opened >= 0) close(opened);
    return good;
}

static bool make_end(const struct made *m, const char *name)
{
    if (fsync(m->file) != 0 || renameat(m->under, m->name, m->under, name) != 0) {
        make_give_up(m);
        return false;
    }
    close(m->file);
    return sync_folder_of(m->under, name);
}

/* A full disk is no fault of the client, who may try again. */
static fail_t refused_by_disk(const char *step)
{
    char number[12];
    snprintf(number, sizeof number, "%d", errno);
    log_line(LOG_ERROR, "file_not_kept", "step", step, "errno", number, NULL);
    return UNAVAILABLE;
}

fail_t files_keep_part(const char *id, int part_no, const char *bytes, size_t size)
{
    struct made m;
    char name[FILES_NAME_SIZE];
    part_name(name, id, part_no);
    if (!make_begin(&m, folder.parts)) return refused_by_disk("begin");
    if (!write_all(m.file, bytes, size)) {
        make_give_up(&m);
        return refused_by_disk("write");
    }
    return make_end(&m, name) ? OK : refused_by_disk("keep");
}

static bool all_parts_there(const struct announced *a)
{
    char name[FILES_NAME_SIZE];
    struct stat s;
    for (int no = 1; no <= files_part_count(a->size); no++) {
        part_name(name, a->id, no);
        if (fstatat(folder.parts, name, &s, AT_SYMLINK_NOFOLLOW) != 0) return false;
        if ((size_t)s.st_size != files_part_size(a->size, no)) return false;
    }
    return true;
}

/* Copies an open part to the end of the whole and into its hash; the number of its bytes, or -1. */
static ssize_t copy_part(int part, int whole, crypto_hash_sha256_state *hash)
{
    char *bytes = malloc(COPY_BYTES);
    ssize_t total = 0, got = -1;
    while (bytes != NULL && (got = read(part, bytes, COPY_BYTES)) > 0) {
        crypto_hash_sha256_update(hash, (const unsigned char *)bytes, (size_t)got);
        if (!write_all(whole, bytes, (size_t)got)) got = -1;
        if (got < 0) break;
        total += got;
    }
    free(bytes);
    return got < 0 ? -1 : total;
}

/* All parts one after the other; the hash of what was written. */
static bool copy_parts(const struct announced *a, int whole, unsigned char digest[crypto_hash_sha256_BYTES])
{
    crypto_hash_sha256_state hash;
    char name[FILES_NAME_SIZE];
    crypto_hash_sha256_init(&hash);
    for (int no = 1; no <= files_part_count(a->size); no++) {
        part_name(name, a->id, no);
        int part = openat(folder.parts, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
        if (part < 0) return false;
        ssize_t copied = copy_part(part, whole, &hash);
        close(part);
        if (copied < 0) return false;
    }
    crypto_hash_sha256_final(&hash, digest);
    return true;
}

/* How files of a type begin. OFD, DOCX and XLSX are ZIP archives, which are never opened here. */
static bool begins_as(int file, const char *media_type)
{
    static const struct {
        const char *type, *bytes;
        size_t size;
    } beginnings[] = {{"application/pdf", "%PDF-", 5},
                      {"image/jpeg", "\xFF\xD8\xFF", 3},
                      {"image/png", "\x89PNG\r\n\x1A\n", 8},
                      {"application/", "PK\x03\x04", 4}};
    char got[8];
    ssize_t size = pread(file, got, sizeof got, 0);
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
        if (strncmp(beginnings[i].type, media_type, strlen(beginnings[i].type)) != 0) continue;
        return size >= (ssize_t)beginnings[i].size && memcmp(got, beginnings[i].bytes, beginnings[i].size) == 0;
    }
    return false;
}

static bool is_announced(const struct announced *a, int file, const unsigned char digest[crypto_hash_sha256_BYTES])
{
    char hex[crypto_hash_sha256_BYTES * 2 + 1];
    struct stat s;
    sodium_bin2hex(hex, sizeof hex, digest, crypto_hash_sha256_BYTES);
    return strcmp(hex, a->sha256) == 0 && fstat(file, &s) == 0 && (size_t)s.st_size == a->size &&
           begins_as(file, a->media_type);
}

/* The folder of a blob's first two digits is on the disk before the blob is. */
static bool make_blob_folder(const char *sha256)
{
    char name[FILES_NAME_SIZE];
    snprintf(name, sizeof name, "%.2s", sha256);
    return mkdirat(folder.blobs, name, 0700) == 0 ? fsync(folder.blobs) == 0 : errno == EEXIST;
}

fail_t files_assemble(const struct announced *a, enum whole *found)
{
    struct made m;
    char name[FILES_NAME_SIZE];
    unsigned char digest[crypto_hash_sha256_BYTES];
    *found = WHOLE_NOT_YET;
    if (!all_parts_there(a)) return OK;
    if (!make_begin(&m, folder.blobs)) return refused_by_disk("begin");
    if (!copy_parts(a, m.file, digest)) {
        make_give_up(&m);
        return refused_by_disk("assemble");
    }
    *found = is_announced(a, m.file, digest) ? WHOLE_GOOD : WHOLE_WRONG;
    if (*found == WHOLE_WRONG) {
        make_give_up(&m);
        return OK;
    }
    files_blob_name(name, a->sha256);
    if (make_blob_folder(a->sha256)) return make_end(&m, name) ? OK : refused_by_disk("keep");
    make_give_up(&m);
    return refused_by_disk("folder");
}

void files_drop_parts(const char *id)
{
    char name[FILES_NAME_SIZE];
    for (int no = 1; no <= FILE_PARTS_MAX; no++) {
        part_name(name, id, no);
        unlinkat(folder.parts, name, 0);
    }
}

int files_read(const char *sha256, size_t size)
{
    char name[FILES_NAME_SIZE];
    struct stat s;
    files_blob_name(name, sha256);
    int file = openat(folder.blobs, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (file >= 0 && fstat(file, &s) == 0 && (size_t)s.st_size == size) return file;
    if (file >= 0) close(file);
    log_line(LOG_ERROR, "file_lost", "sha256", sha256, NULL);
    return -1;
}

int files_hold(void)
{
    const struct timespec pause = {.tv_nsec = HOLD_STEP_MS * 1000000L};
    int64_t until = clock_ms() + HOLD_MS;
    int hold = openat(folder.top, FILES_LOCK, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    while (hold >= 0 && flock(hold, LOCK_SH | LOCK_NB) != 0) {
        if (clock_ms() >= until) {
            close(hold);
            return -1;
        }
        nanosleep(&pause, NULL);
    }
    return hold;
}

void files_release(int hold)
{
    close(hold);
}
