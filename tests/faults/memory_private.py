#!/usr/bin/env python3
"""Keys and clear values live in the memory of tepaid alone: it leaves no core file, and another process of the same
user reads neither its memory nor its environment, where the passwords of the database stand."""
import os, signal, subprocess
from house import Checks, House, USER, wait_until

check = Checks()
house = House()
house.sign_in('shi.kj')
pid = house.server.pid


def reads(path):
    more = {'user': USER} if os.getuid() == 0 else {}
    return subprocess.run(['head', '-c', '1', path], capture_output=True, cwd='/', **more).returncode == 0


check(reads(f'/proc/{pid}/cmdline'), 'the process is there to be read')
for name in ('environ', 'maps', 'mem', 'auxv'):
    check(not reads(f'/proc/{pid}/{name}'), f'another process reads {name}')
limits = open(f'/proc/{pid}/limits').read()
core = next(line for line in limits.splitlines() if line.startswith('Max core file size')).split()
check(core[4:6] == ['0', '0'], f'core limit {core[4:6]}')
before = set(os.listdir(house.folder)) | set(os.listdir('/'))
os.kill(pid, signal.SIGQUIT)  # dumps core where that is allowed, and no sanitizer takes it for itself
check(wait_until(lambda: house.server.poll() is not None, 10, 'the process ends'), 'it ends')
after = set(os.listdir(house.folder)) | set(os.listdir('/'))
check(not [f for f in after - before if f.startswith('core')], 'no core file')
check.report()
