/* The list of what a request has wrong. */
#include "faults.h"

#include <string.h>

void faults_add(struct faults *f, enum place place, enum fault_kind kind, const char *where, const char *want)
{
    if (f->count >= FAULTS_MAX) return;
    if (want == NULL) want = "";
    f->list[f->count++] = (struct fault){
        .place = place,
        .kind = kind,
        .where = arena_copy(f->arena, where, strlen(where)),
        .want = arena_copy(f->arena, want, strlen(want)),
    };
}
