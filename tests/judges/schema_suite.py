#!/usr/bin/env python3
"""Runs the public JSON-Schema-Test-Suite (draft2020-12) through `tepaid validate`.

usage: schema_suite.py TEPAID SUITE    SUITE holds additionalProperties.json … and optional/

A wrong verdict fails. A schema that tepaid refuses (exit 2) is counted apart: it must use a word of REFUSED, or lead
out of its document. Left out are formats nobody here checks and format.json, which wants formats to assert nothing.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

REFUSED = ("$dynamicRef", "$dynamicAnchor", "contentMediaType", "contentEncoding", "contentSchema", "dependencies",
           "unknown-keyword", "array_of_schemas", "object_of_schemas", "another dialect", "leads out of this document")
FORMATS = {"date", "date-time", "email", "uri-reference", "uuid", "unknown"}


def files(suite):
    for path in sorted(suite.glob("*.json")) + sorted(suite.glob("optional/*.json")):
        if path.name != "format.json":
            yield path
    for path in sorted(suite.glob("optional/format/*.json")):
        if path.stem in FORMATS:
            yield path


def verdicts(tepaid, group, folder):
    """The exit status of each document of a group, and what was said."""
    schema = folder / "schema.json"
    schema.write_text(json.dumps(group["schema"]))
    for test in group["tests"]:
        document = folder / "document.json"
        document.write_text(json.dumps(test["data"]))
        done = subprocess.run([tepaid, "validate", schema, document], capture_output=True, text=True, check=False)
        yield test, done.returncode, done.stdout + done.stderr


def main(tepaid, suite):
    passed, refused, failed = 0, 0, 0
    with tempfile.TemporaryDirectory() as name:
        for path in files(pathlib.Path(suite)):
            for group in json.loads(path.read_text()):
                for test, status, said in verdicts(tepaid, group, pathlib.Path(name)):
                    if status == (0 if test["valid"] else 1):
                        passed += 1
                    elif status == 2 and any(word in said for word in REFUSED):
                        refused += 1
                    else:
                        failed += 1
                        print(f"{path.name}: {group['description']}: {test['description']}: {status} {said.strip()}")
    print(f"{passed} passed, {refused} refused, {failed} failed")
    return 1 if failed or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
