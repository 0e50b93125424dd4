/* `tepaid validate`: any schema against any documents, for whoever wants to try the engine by hand or by a suite. */
#ifndef TEPAI_VALIDATE_H
#define TEPAI_VALIDATE_H

/* argv[0] is the word "validate", argv[1] a schema file (2020-12), the rest are documents. Prints one line per fault:
 * file, pointer, code, sentence. Returns the exit status: 0 all valid, 1 not, 2 when the schema cannot be used or a
 * file cannot be read as JSON. */
int validate_command(int argc, char **argv);

#endif
