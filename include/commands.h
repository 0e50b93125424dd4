/* Commands of tepaid that are more than a call. argv[0] is the command's name; each returns the exit status, having
 * said what went wrong. Settings are loaded and the log is open. */
#ifndef TEPAI_COMMANDS_H
#define TEPAI_COMMANDS_H

int serve_command(int argc, char **argv);
int work_command(int argc, char **argv);
int check_command(int argc, char **argv);
int reseal_command(void); /* `tepaid keys reseal`; the keys are loaded */
int account_command(int argc, char **argv);
int audit_command(int argc, char **argv);
int routes_command(int argc, char **argv);
int lifecycle_command(int argc, char **argv);

#endif
