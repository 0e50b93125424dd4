/* The folder of files as its writers (files.c) and its sweeper (files_sweep.c) see it. */
#ifndef TEPAI_FILES_FOLDER_H
#define TEPAI_FILES_FOLDER_H

#define FILES_NAME_SIZE 80
#define FILES_TEMPORARY ".new-" /* how a name begins that is not its final one */
#define FILES_LOCK      "lock"  /* shared by those who store, taken alone by the sweep */

/* Open folders: parts holds <id>.<part number>, blobs holds <first two digits>/<SHA-256>. */
struct files_folder {
    int top, parts, blobs;
};

const struct files_folder *files_folder(void);

/* The name of a blob under blobs. */
void files_blob_name(char name[FILES_NAME_SIZE], const char *sha256);

#endif
