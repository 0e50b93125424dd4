#!/usr/bin/env python3
"""README.md and README.zh-CN.md say the same: equal headings in number and depth, equal commands, equal table lines, lists
and links. Words may differ, what a reader types and where he is led may not."""
import os, re, sys

ROOT = os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', '..')
passed = failed = 0


def read(name):
    with open(os.path.join(ROOT, name), encoding='utf-8') as page:
        return page.read()


def check(what, english, chinese):
    global passed, failed
    for left, right in zip(english, chinese):
        if left != right:
            failed += 1
            print(f'FAILED {what}: README.md has "{left}" where README.zh-CN.md has "{right}"')
            return
    if len(english) != len(chinese):
        failed += 1
        print(f'FAILED {what}: {len(english)} in README.md, {len(chinese)} in README.zh-CN.md')
        return
    passed += max(1, len(english))


def without_comment(line):
    return re.sub(r'\s+#.*', '', line).rstrip()


def commands(text):
    """Lines of the blocks for a shell, without their comments."""
    return [without_comment(line) for block in re.findall(r'```sh\n(.*?)```', text, re.S) for line in block.splitlines()]


def tree(text):
    """What the plain blocks name at the beginning of their lines."""
    return [line.split()[0] for block in re.findall(r'```\n(.*?)```', re.sub(r'```sh\n.*?```', '', text, flags=re.S), re.S)
            for line in block.splitlines() if line.strip()]


def links(text):
    return sorted(link for link in re.findall(r'\]\(([^)]+)\)', text) if not link.startswith('README'))


english, chinese = read('README.md'), read('README.zh-CN.md')
check('depth of a heading', re.findall(r'^#+(?= )', english, re.M), re.findall(r'^#+(?= )', chinese, re.M))
check('command', commands(english), commands(chinese))
check('line of the tree', tree(english), tree(chinese))
check('table', [line.count('|') for line in english.splitlines() if line.startswith('|')],
      [line.count('|') for line in chinese.splitlines() if line.startswith('|')])
check('code in the first cell of a table', re.findall(r'^\| (`[^`]+`)', english, re.M), re.findall(r'^\| (`[^`]+`)', chinese, re.M))
check('numbered step', re.findall(r'^\d+\.', english, re.M), re.findall(r'^\d+\.', chinese, re.M))
check('item', len(re.findall(r'^\* ', english, re.M)) * [1], len(re.findall(r'^\* ', chinese, re.M)) * [1])
check('link', links(english), links(chinese))
print(f'{passed} passed, {failed} failed')
sys.exit(failed > 0 or not passed)
