/* The demo programme: fictitious people and firms, for trying things out and for tests. */
#ifndef TEPAI_DEMO_H
#define TEPAI_DEMO_H

#include <libpq-fe.h>
#include <stdbool.h>

/* Runs sql/demo in one transaction of `c`; a database that has accounts already is left as it is. Needs the key file to
 * be loaded and the folder of files to be open: personal data is sealed on the way in, signatures are proven, and the
 * rows of files have their bytes. */
bool demo_load(PGconn *c);

#endif
