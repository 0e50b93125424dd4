#!/usr/bin/env python3
"""sql/embed.awk puts a part into each statement that includes it, and stops the build where it would have to guess."""
import pathlib, subprocess, sys, tempfile

AWK = pathlib.Path(__file__).resolve().parents[2] / 'sql' / 'embed.awk'
PART = '-- part: a_rows\nSELECT a.id\nFROM a\n'
LIST = '-- name: a_list\n-- include: a_rows\nORDER BY a.id\n'
REFUSED = {
    'a part nobody includes': (PART + '-- name: a_get\nSELECT 1\n',),
    'a part that is not there': (LIST,),
    'a part that stands behind': (LIST + PART,),
    'a part of another file': (PART + LIST, LIST.replace('a_list', 'b_list')),
    'a part within a part': (PART + '-- part: b_rows\n-- include: a_rows\n' + LIST,),
    'a part twice': (PART + PART + LIST,),
    'a part with the name of a statement': (PART + LIST + '-- part: a_list\nSELECT 1\n',),
    'an empty part': ('-- part: a_rows\n-- Nothing.\n' + LIST,),
    'an empty statement': ('-- name: a_get\n',),
    'a statement twice': ('-- name: a_get\nSELECT 1\n-- name: a_get\nSELECT 1\n',),
    'a count that a list has already': (PART + LIST + '-- name: a_list_total\nSELECT 1\n',),
    'a list whose count is there': (PART + '-- name: a_list_total\nSELECT 1\n' + LIST,),
    'text before the first name': ('SELECT 1\n',),
    'a semicolon': ('-- name: a_get\nSELECT 1;\n',),
}
passed = failed = 0


def embed(*texts):
    with tempfile.TemporaryDirectory() as folder:
        queries = pathlib.Path(folder) / 'queries'
        queries.mkdir()
        for number, text in enumerate(texts):
            (queries / f'{number}.sql').write_text(text)
        files = [f'queries/{n}.sql' for n in range(len(texts))]
        return subprocess.run(['awk', '-f', AWK, *files], cwd=folder, capture_output=True, text=True)


def check(what, holds):
    global passed, failed
    passed, failed = passed + holds, failed + (not holds)
    if not holds:
        print(f'FAILED {what}')


second = LIST.replace('a_list', 'a_list_by_id').replace('ORDER BY a.id', 'LIMIT 1')
made = embed(PART + '\n' + LIST + '\n' + second).stdout
for end, name in (('ORDER BY a.id', 'a_list'), ('LIMIT 1', 'a_list_by_id')):
    whole = f'{{"{name}", "0",\n        "SELECT a.id\\n"\n        "FROM a\\n"\n        "{end}\\n"\n    }},'
    check(f'{name} has the part before its own end', whole in made)
counting = '{"a_list_total", "0",\n        "SELECT count(*) AS total FROM (\\n"\n        "SELECT a.id\\n"\n        "FROM a\\n"\n' \
    '        "ORDER BY a.id\\n"\n        ") AS rows\\n"\n    },'
check('a list has one more, which counts it', counting in made)
check('a part is no statement, and an order of a list is not counted again', 'sql_statement_count = 3;' in made)
for what, texts in REFUSED.items():
    answer = embed(*texts)
    check(f'{what} is refused', answer.returncode == 1 and answer.stderr.startswith('queries/'))
print(f'{passed} passed, {failed} failed')
sys.exit(failed > 0)
