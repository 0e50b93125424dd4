/* The one road: guard, route, identify, permit, validate, transaction, answer. */
#ifndef TEPAI_ROAD_H
#define TEPAI_ROAD_H

#include "wire.h"

#include <stdbool.h>

/* Fills `reply` for one request; never fails, for a failure is an answer too. Safe on any thread. The strings in
 * `reply` live until the next request of this thread. */
void road(const struct wire *wire, struct reply *reply);

/* Zeroes what this thread's last request left, when its reply was given on; the body is the reader's. */
void road_forget(void);

#endif
