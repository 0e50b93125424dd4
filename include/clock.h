/* Time that only moves forward, for deadlines and durations, and the wall clock for tokens. */
#ifndef TEPAI_CLOCK_H
#define TEPAI_CLOCK_H

#include <stdint.h>

int64_t clock_us(void);   /* monotonic microseconds */
int64_t clock_ms(void);   /* monotonic milliseconds */
int64_t clock_unix(void); /* seconds since 1970, UTC */

#endif
