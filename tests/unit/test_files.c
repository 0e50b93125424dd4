/* The folder of files: whose it has to be, and what stands in it after each step. */
#include "check.h"
#include "files.h"

#include <fcntl.h>
#include <ftw.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char top[] = "/tmp/tepai-files-XXXXXX";

static const char *in_top(const char *name)
{
    static char path[200];
    snprintf(path, sizeof path, "%s/%s", top, name);
    return path;
}

static int remove_one(const char *path, const struct stat *s, int kind, struct FTW *at)
{
    (void)s, (void)kind, (void)at;
    return remove(path);
}

static void folder_is_private(void)
{
    CHECK(!files_open(in_top("no/such")));
    CHECK(mkdir(in_top("open"), 0755) == 0);
    CHECK(!files_open(in_top("open")));
    int file = open(in_top("file"), O_CREAT | O_WRONLY, 0600);
    CHECK(file >= 0 && close(file) == 0 && !files_open(in_top("file")));
    CHECK(symlink("open", in_top("link")) == 0 && !files_open(in_top("link")));
    CHECK(files_open(in_top("files")));
    struct stat s;
    CHECK(stat(in_top("files"), &s) == 0 && (s.st_mode & 0777) == 0700);
    CHECK(files_open(in_top("files")));
}

static void parts_have_sizes(void)
{
    CHECK(files_part_count(1) == 1 && files_part_count(FILE_PART_BYTES) == 1);
    CHECK(files_part_count(FILE_PART_BYTES + 1) == 2 && files_part_count(5 * FILE_PART_BYTES) == 5);
    CHECK(files_part_size(1, 1) == 1 && files_part_size(FILE_PART_BYTES, 1) == FILE_PART_BYTES);
    CHECK(files_part_size(FILE_PART_BYTES + 1, 1) == FILE_PART_BYTES && files_part_size(FILE_PART_BYTES + 1, 2) == 1);
}

#define ID    "0199aaaa-bbbb-7ccc-8ddd-eeeeffff0001"
#define BYTES "%PDF-1.4 x"

static struct announced announce(const char *bytes, size_t size)
{
    static char hex[65];
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)bytes, size);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    return (struct announced){.id = ID, .sha256 = hex, .media_type = "application/pdf", .size = size};
}

static void parts_become_a_file(void)
{
    enum whole found;
    char got[sizeof BYTES] = "";
    struct announced a = announce(BYTES, sizeof BYTES);
    CHECK(files_assemble(&a, &found) == OK && found == WHOLE_NOT_YET);
    CHECK(files_keep_part(ID, 1, BYTES, sizeof BYTES - 1) == OK);
    CHECK(files_assemble(&a, &found) == OK && found == WHOLE_NOT_YET);
    CHECK(files_read(a.sha256, a.size) < 0);
    CHECK(files_keep_part(ID, 1, BYTES, sizeof BYTES) == OK);
    CHECK(files_assemble(&a, &found) == OK && found == WHOLE_GOOD);
    int file = files_read(a.sha256, a.size);
    CHECK(file >= 0 && read(file, got, sizeof got) == sizeof got && memcmp(got, BYTES, sizeof got) == 0);
    close(file);
    CHECK(files_read(a.sha256, a.size + 1) < 0);
    files_drop_parts(ID);
    CHECK(files_assemble(&a, &found) == OK && found == WHOLE_NOT_YET);
}

static void wrong_wholes_are_none(void)
{
    enum whole found;
    struct announced a = announce("%PDF-1.4 y", sizeof BYTES), b = {0};
    CHECK(files_keep_part(ID, 1, BYTES, sizeof BYTES) == OK);
    CHECK(files_assemble(&a, &found) == OK && found == WHOLE_WRONG);
    CHECK(files_read(a.sha256, a.size) < 0);
    b = announce(BYTES, sizeof BYTES);
    b.media_type = "image/png";
    CHECK(files_assemble(&b, &found) == OK && found == WHOLE_WRONG);
    files_drop_parts(ID);
}

static void holds_are_shared(void)
{
    int first = files_hold(), second = files_hold();
    CHECK(first >= 0 && second >= 0);
    files_release(first);
    files_release(second);
}

int main(void)
{
    if (sodium_init() < 0 || mkdtemp(top) == NULL) return 1;
    RUN(folder_is_private);
    RUN(parts_have_sizes);
    RUN(parts_become_a_file);
    RUN(wrong_wholes_are_none);
    RUN(holds_are_shared);
    nftw(top, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    return REPORT();
}
