#!/usr/bin/env python3
"""What is shipped for a real installation (docker, packaging) fits together and keeps its promise: the administrator of
the database is known where tables are migrated and nowhere else. A server refuses to start with more than it needs."""
import os, re, shutil, subprocess, sys, tempfile

ROOT = os.path.join(os.path.dirname(os.path.realpath(__file__)), '..', '..')
passed = failed = 0


def read(name):
    with open(os.path.join(ROOT, name), encoding='utf-8') as page:
        return page.read()


def check(holds, what):
    global passed, failed
    passed, failed = passed + bool(holds), failed + (not holds)
    if not holds:
        print('FAILED', what)


def settings_lines(text):
    """What takes effect, without remarks."""
    return [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith('#')]


def compose_parts():
    """The parts of compose.yaml by name: what all share, and each service."""
    parts, room, name = {}, '', ''
    for line in read('docker/compose.yaml').splitlines():
        top, below = re.match(r'([a-z-]+):', line), re.match(r'  ([a-z0-9-]+):', line)
        room = top.group(1) if top else room
        name = top.group(1) if top else below.group(1) if below and room == 'services' else name
        parts.setdefault(name, []).append(line)
    return {name: '\n'.join(settings_lines('\n'.join(lines))) for name, lines in parts.items()}


def names_somebody(url):
    return '@' in url or 'user=' in url or 'password=' in url


def containers():
    parts = compose_parts()
    knowing = {name for name, text in parts.items() if '${POSTGRES_PASSWORD' in text}
    check(knowing == {'postgres', 'migrate'}, f'the administrator is known to {sorted(knowing)}')
    urls = {name: re.findall(r'TEPAI_DATABASE_URL: *(\S+)', text) for name, text in parts.items()}
    bare = {name for name, found in urls.items() for url in found if not names_somebody(url)}
    check(bare == {'x-tepaid'}, f'servers are to share one URL without a user, found in {sorted(bare)}')
    check([n for n in urls if urls[n] and n not in bare] == ['migrate'], 'migrate alone has a URL with a user')
    for server in ('tepaid-1', 'tepaid-2'):
        address = re.search(r'ipv4_address: ([\d.]+)', parts[server]).group(1)
        check(f'server {address}:8080 ' in read('docker/nginx.conf'), f'nginx leads to {server}')
    front = re.search(r'ipv4_address: ([\d.]+)', parts['nginx']).group(1)
    check(f'TEPAI_FRONT: {front}' in parts['x-tepaid'], 'servers believe the address of nginx')
    check('TEPAI_PROFILE' in read('docker/compose.demo.yaml'), 'the demo is asked for apart')


def units():
    serving = settings_lines(read('packaging/systemd/tepaid@.service'))
    migrating = settings_lines(read('packaging/systemd/tepaid-migrate.service'))
    files = [line for line in migrating if line.startswith('EnvironmentFile=')]
    check(not any('admin.env' in line for line in serving), 'a server does not read the administrator\'s file')
    check(files == ['EnvironmentFile=/etc/tepai/tepaid.env', 'EnvironmentFile=/etc/tepai/admin.env'],
          f'the administrator\'s URL comes last, for the last one counts: {files}')
    for name, somebody in (('tepaid.env.example', False), ('admin.env.example', True)):
        urls = re.findall(r'^TEPAI_DATABASE_URL=(\S+)', read(f'packaging/systemd/{name}'), re.M)
        check(len(urls) == 1 and names_somebody(urls[0]) == somebody, f'{name}: {urls}')


def settings_exist():
    known = set(re.findall(r'^    X\(([A-Z0-9_]+),', read('include/config.h'), re.M))
    for name in ('docker/compose.yaml', 'docker/compose.demo.yaml', 'docker/Dockerfile', 'docker/env.example', 'docker/is-ready',
                 'packaging/systemd/tepaid@.service', 'packaging/systemd/tepaid-migrate.service',
                 'packaging/systemd/tepaid.env.example', 'packaging/systemd/admin.env.example', 'docs/running.md'):
        unknown = set(re.findall(r'TEPAI_([A-Z0-9_]+)', read(name))) - known
        check(not unknown, f'{name} names settings that there are not: {sorted(unknown)}')


def looked_at(url, profile):
    """What `tepaid check` says of this URL; `serve` and `work` look at the same."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(('TEPAI_TEST', 'PG'))}
    with tempfile.TemporaryDirectory() as own:
        env |= {'TEPAI_DATABASE_URL': url, 'TEPAI_PROFILE': profile, 'TEPAI_FILES': f'{own}/files', 'TEPAI_KEYS': f'{own}/keys.json'}
        ended = subprocess.run([os.environ['TEPAI'], 'check'], env=env, capture_output=True, text=True)
    return ended.returncode, ended.stdout + ended.stderr


def servers_refuse_the_administrator():
    url = os.environ['TEPAI_DATABASE_URL']
    bare = re.sub('//[^/@]*@', '//', url)
    status, said = looked_at(url, 'default')
    check(status == 1 and 'names a user or a password' in said, f'with the administrator\'s URL: {status} {said}')
    check(url.split('@')[0].split(':')[-1] not in said, 'the password is not told')
    status, said = looked_at(bare, 'default')
    check(status == 0 and 'Everything fits.' in said, f'with host and database alone: {status} {said}')
    status, said = looked_at(bare + '&password=x', 'default')
    check(status == 1 and 'names a user or a password' in said, f'a password behind the question mark: {status} {said}')
    status, said = looked_at(url, 'demo')
    check(status == 0 and 'database_url_names_a_user' in said, f'the demo profile warns: {status} {said}')


def the_image_has_all_it_is_built_from():
    """What the build stage copies is enough to configure the program."""
    with tempfile.TemporaryDirectory() as copy:
        stage = read('docker/Dockerfile').partition('WORKDIR /src')[2].partition('RUN cmake')[0]
        for words in re.findall(r'^COPY (.+) (?:\./|[a-z]+)$', stage, re.M):
            for name in words.split():
                source, target = os.path.join(ROOT, name), os.path.join(copy, name)
                (shutil.copytree if os.path.isdir(source) else shutil.copy)(source, target)
        done = subprocess.run(['cmake', '-S', copy, '-B', f'{copy}/build'], capture_output=True, text=True)
    check(done.returncode == 0, f'the sources in the image are not enough: {done.stderr[:600]}')


for part in (containers, units, settings_exist, servers_refuse_the_administrator, the_image_has_all_it_is_built_from):
    part()
print(f'{passed} passed, {failed} failed')
sys.exit(failed > 0)
