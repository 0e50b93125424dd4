#!/usr/bin/env python3
"""asvs.tsv decides each requirement of OWASP ASVS 5.0.0, levels 1 and 2, in the chapters begun: a test that exists, a reason
why it does not arise, or why it waits. Left out are chapters 3 (front ends), 10 (OAuth) and 17 (WebRTC); 11 to 16 are not
begun. Ids are the standard's, subjects our own words."""
import collections, os, sys

ROOT = os.path.join(os.path.dirname(os.path.realpath(__file__)), '..')
WANTED = {1: 27, 2: 11, 4: 10, 5: 9, 6: 35, 7: 18, 8: 7, 9: 7}
ALL = 198  # in the chapters begun and those to come
counts, chapters, failed, last = collections.Counter(), collections.Counter(), 0, ()


def fail(what):
    global failed
    failed += 1
    print('FAILED', what)


def exists(test):
    """A C test by its name, anything else by its file."""
    return os.path.exists(os.path.join(ROOT, test)) or os.path.exists(os.path.join(ROOT, test + '.c'))


with open(os.path.join(ROOT, 'contract', 'asvs.tsv'), encoding='utf-8') as table:
    lines = table.read().splitlines()[1:]
for line in lines:
    cells = line.split('\t')
    if len(cells) != 4 or cells[2] not in ('test', 'reason', 'pending'):
        fail(f'id, subject, test, reason or pending, where or why: {line}')
        continue
    place = tuple(int(n) for n in cells[0].split('.'))
    if place <= last:
        fail(f'{cells[0]} stands twice or in the wrong place')
    last = place
    if cells[2] == 'test' and not exists(cells[3]):
        fail(f'{cells[0]}: there is no test {cells[3]}')
    if cells[2] != 'test' and len(cells[3].split()) < 3:
        fail(f'{cells[0]}: "{cells[3]}" is no reason')
    counts[cells[2]] += 1
    chapters[place[0]] += 1
for chapter in sorted(set(WANTED) | set(chapters)):
    if chapters[chapter] != WANTED.get(chapter):
        fail(f'chapter {chapter} has {chapters[chapter]} lines, not {WANTED.get(chapter)}')
print(f'{counts["test"]} by a test, {counts["reason"]} by a reason, {counts["pending"]} pending, {ALL - len(lines)} not begun')
print(f'{len(lines)} passed, {failed} failed')
sys.exit(failed > 0)
