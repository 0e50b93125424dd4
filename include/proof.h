/* Statements of the house as JWS (RFC 7515): who holds one can prove later what was said, by the public JWK set. */
#ifndef TEPAI_PROOF_H
#define TEPAI_PROOF_H

#include "arena.h"

#define AGREEMENT_PROOF "agreement-signature+jws" /* of a party's signature under an agreement */

/* The payload, JSON text, signed (ES256) by the key that signs heads of the feed, which is published for good. `typ`
 * keeps statements of different kinds apart. NULL when OpenSSL gives no signature. */
const char *proof_sign(struct arena *a, const char *typ, const char *payload);

#endif
