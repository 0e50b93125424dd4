#!/usr/bin/env python3
"""Each fault that the judges are tried with (tests/judges/planted) still fits the project; the long run plants them."""
import glob, os, subprocess, sys

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), '..', '..'))
patches = sorted(glob.glob(os.path.join(ROOT, 'tests', 'judges', 'planted', '*.patch')))
failed = 0
for patch in patches:
    tried = subprocess.run(['patch', '--dry-run', '-s', '-F0', '-p1', '-i', patch], cwd=ROOT, text=True,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if tried.returncode != 0:
        print(f'{os.path.basename(patch)}: {tried.stdout.strip()}')
        failed += 1
print(f'{len(patches) - failed} passed, {failed} failed')
sys.exit(failed != 0 or not patches)
