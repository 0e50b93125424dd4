#!/usr/bin/env python3
"""Calls that must not be made: scans the sources, and the undefined symbols and libraries of the binary.

Each row of the tables says what is sought, where, and what is used in its place. The binary is named in TEPAI or as
the first argument; without one its checks count as failed, for nothing was looked at."""

import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Pattern, files, files excepted, what to do instead.
SOURCES = [
    (r"\bo_(?!malloc\b|free\b|set_alloc_funcs\b|get_alloc_funcs\b)\w+\s*\(", "src/**/*.[ch]", (),
     "orcania compares nothing with nothing as equal: strcmp, strlen, sodium_memcmp"),
    (r"\by_log_message\b", "src/**/*.[ch]", (), "it takes a format: log_line"),
    (r"\bulfius_(websocket|start_websocket|set_websocket|add_websocket)\w*", "src/**/*.[ch]", (),
     "websockets of this version corrupt memory"),
    (r"\bulfius_(send|stream)\w*_request\b|\bulfius_send_http\w*", "src/**/*.[ch]", (), "it reads file:// too"),
    (r"\bulfius_get_json_body_request\b", "src/**/*.[ch]", (), "json_loadb with JSON_REJECT_DUPLICATES"),
    (r"\bulfius_start_(framework|secure_framework)\s*\(", "src/**/*.[ch]", (),
     "ulfius_start_framework_with_mhd_options, for our logger must be first"),
    (r"\bulfius_set_upload_file\w*|callback_static_\w+", "src/**/*.[ch]", (), "paths of files are nobody's to choose"),
    (r"\bulfius_set_stream\w*", "src/**/*.[ch]", ("src/http/server.c",), "the one place that sends a file closes it"),
    (r"->\s*(map_url|map_post_body|map_cookie)\b", "src/**/*.[ch]", (), "the guard reads the target itself"),
    (r"\bU_CALLBACK_(ERROR|UNAUTHORIZED|CONTINUE|IGNORE)\b", "src/**/*.[ch]", (), "U_CALLBACK_COMPLETE, always"),
    (r"\b(sprintf|vsprintf|strcpy|strcat|strncat|gets|atoi|atol|atoll|atof|tmpnam|mktemp|alloca)\s*\(",
     "src/**/*.[ch]", (), "snprintf, arena_print, memcpy with a size, strtol"),
    (r"\b(strtok|localtime|gmtime|asctime|ctime|getpwnam|rand|srand|random)\s*\(", "src/**/*.[ch]", (),
     "not safe with threads: the _r form, randombytes_buf"),
    (r"\b(system|popen|execv\w*|execl\w*|fork)\s*\(", "src/**/*.[ch]", (), "the service starts no programs"),
    (r"\bsetlocale\s*\(", "src/**/*.[ch]", (), "the locale stays C"),
    (r"\bPQexec\w*\s*\(", "src/**/*.[ch]", ("src/main.c", "src/db/migrate.c", "src/db/admin.c", "src/db/demo.c",
                                              "src/db/selfcheck.c", "src/report.c"),
     "a wait without a deadline: db_run, db_begin"),
    (r"\bPQcancel\s*\(", "src/**/*.[ch]", (), "it blocks"),
    (r"\bPQerrorMessage\s*\(|\bPQresultErrorMessage\s*\(", "src/**/*.[ch]",
     ("src/main.c", "src/db/migrate.c", "src/db/admin.c", "src/db/demo.c", "src/db/selfcheck.c", "src/report.c"),
     "messages quote values: SQLSTATE and the constraint's name"),
    (r"\bSET\s+ROLE\b", "src/**/*.[ch]", ("src/db/migrate.c", "src/db/admin.c", "src/db/demo.c"),
     "connections log in as their role"),
    (r"\bjwt_decode\w*\s*\(", "src/**/*.[ch]", (), "tokens are verified by OpenSSL, every claim by us"),
    (r"JSON_ALLOW_NUL", "src/**/*.[ch]", ("src/validate.c",), "NUL is refused"),
    (r"(?<![\w.])now\s*\(\)|\b(current_date|current_timestamp|current_time|localtimestamp|clock_timestamp\s*\(\))",
     "sql/{queries,views,functions,demo,reference}/*.sql",
     ("sql/functions/session.sql", "sql/functions/facts.sql", "sql/queries/session.sql", "sql/queries/account.sql",
      "sql/views/account.sql", "sql/functions/sweep.sql", "sql/functions/head.sql", "sql/functions/link.sql",
      "sql/functions/disclosure.sql", "sql/functions/account.sql",
      "sql/functions/session_factor.sql", "sql/functions/client.sql", "sql/functions/operation.sql", "sql/demo/900_play.sql", "sql/demo/910_client.sql"),
     "the programme's time is app.now(); sign-in, limits, long jobs and links to accounts keep to real time"),
    (r"\bSET\s+(LOCAL\s+)?ROLE\b|\bSECURITY\s+DEFINER\b", "sql/queries/*.sql", (), "statements run as their caller"),
    (r"\bFROM\s+api(_specialist)?\.", "sql/queries/*.sql", (), "views are named without schema, for a role's own to be found"),
    (r"\b(lo_\w+|pgp_\w+|dblink\w*|CREATE\s+EXTENSION)\b", "sql/**/*.sql", (), "no extensions, no large objects"),
    (r"\b(TODO|FIXME|XXX|HACK)\b", "{src,include,sql,tests}/**/*.{c,h,sql,py,sh}", ("tests/contract/forbidden_calls.py",),
     "finish it"),
]

# Symbols the binary must not ask for, as whole names.
SYMBOLS = [
    r"o_(?!malloc$|free$|set_alloc_funcs$|get_alloc_funcs$).*",
    r"y_log_message",
    r"ulfius_.*websocket.*",
    r"ulfius_send_(http|smtp)\w*|ulfius_.*_http_.*stream.*",
    r"ulfius_get_json_body_request",
    r"ulfius_start_(framework|secure_framework)",
    r"(v?sprintf|strcpy|strcat|gets|atoi|system|popen|setlocale)",
    r"jwt_decode(_2)?",
    r"PQ(cancel|prepare|fn|putCopy.*)",
    r"lo_\w+",
]

# Libraries that must not be linked, directly or through others.
LIBRARIES = [r"librhonabwy", r"libiddawc", r"libpcre2-posix"]


def expand(pattern):
    """Paths of a glob that may hold {a,b}."""
    brace = re.search(r"\{([^}]*)\}", pattern)
    if brace is None:
        return [p for p in ROOT.glob(pattern) if p.is_file()]
    found = []
    for word in brace.group(1).split(","):
        found += expand(pattern[: brace.start()] + word + pattern[brace.end():])
    return found


def code_of(path):
    """The text without comments, line numbers kept; strings stay, for SQL stands in them."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".sql":
        return re.sub(r"--[^\n]*", "", text)
    if path.suffix not in (".c", ".h"):
        return text
    blank = lambda m: re.sub(r"[^\n]", " ", m.group(0))
    return re.sub(r"/\*.*?\*/|//[^\n]*", blank, text, flags=re.S)


class Tally:
    """Counts checks and prints the failed ones."""

    def __init__(self):
        self.passed = self.failed = 0

    def note(self, holds, what):
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print(what)


def scan_sources(tally):
    for pattern, files, excepted, instead in SOURCES:
        paths = expand(files)
        tally.note(paths, f"{files}: no such files, so nothing was looked at")
        flags = re.I if files.endswith(".sql") else 0
        for path in paths:
            name = path.relative_to(ROOT).as_posix()
            if name in excepted:
                continue
            code = code_of(path)
            for hit in re.finditer(pattern, code, flags):
                line = code.count("\n", 0, hit.start()) + 1
                tally.note(False, f"{name}:{line}: {hit.group(0).strip()}: {instead}")
            tally.note(True, "")
        for name in excepted:
            tally.note((ROOT / name).exists(), f"{name} is excepted and not there")


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


def scan_binary(tally, binary):
    names = {line.split()[-1].split("@")[0] for line in run("nm", "-D", "--undefined-only", binary).splitlines() if line.strip()}
    tally.note("PQsendQueryPrepared" in names, f"{binary}: is not the service")
    for name in sorted(names):
        for pattern in SYMBOLS:
            tally.note(re.fullmatch(pattern, name) is None, f"{binary}: asks for {name}")
    libraries = run("ldd", binary)
    for pattern in LIBRARIES:
        tally.note(re.search(pattern, libraries) is None, f"{binary}: is linked with {pattern}")
    flavours = set(re.findall(r"libcurl[\w-]*\.so", libraries))
    tally.note(len(flavours) <= 1, f"{binary}: has several flavours of libcurl: {sorted(flavours)}")


def main():
    tally = Tally()
    binary = os.environ.get("TEPAI") or (sys.argv[1] if len(sys.argv) > 1 else "")
    scan_sources(tally)
    if os.path.exists(binary):
        scan_binary(tally, binary)
    else:
        tally.note(False, "no binary was given: name it in TEPAI or as the first argument")
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
