"""A private cluster and a tepaid of a test's own, for tests that stop, kill and starve them.

TEPAI names the binary. Everything lives in one temporary folder and ends with the program. As root the cluster and the
service run as the user postgres, for PostgreSQL refuses root.
"""
import atexit, contextlib, glob, json, os, pwd, re, secrets, shutil, signal, socket, subprocess, sys, tempfile, time, urllib.error, urllib.request

PASSWORD = 'Tepai-Demo-2026'
USER = 'postgres' if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
PG = max(glob.glob('/usr/lib/postgresql/*/bin'), key=lambda path: int(path.split('/')[4]))


def as_user(command, **more):
    if os.getuid() == 0:
        more['user'] = USER
    return subprocess.Popen(command, cwd='/', **more)


def run(command, **more):
    process = as_user(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
    out = process.communicate()[0]
    if process.returncode != 0:
        sys.exit(f'{command[0]}: {out[-600:]}')
    return out.strip()


def wait_until(holds, seconds, what):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    print(f'waited {seconds} s in vain: {what}')
    return False


class House:
    MIGRATE = ('migrate', '--demo')

    def __init__(self, **settings):
        self.folder = tempfile.mkdtemp(prefix='tepai-', dir='/tmp')
        if os.getuid() == 0:
            shutil.chown(self.folder, USER)
        atexit.register(self.close)
        self.binary = os.path.join(self.folder, 'tepaid')
        shutil.copy(os.environ['TEPAI'], self.binary)
        os.chmod(self.binary, 0o755)
        self.server = None
        self.user = USER
        self.start_cluster()
        self.env = {**os.environ, 'TEPAI_DATABASE_URL': f'postgresql://{USER}@/postgres?host={self.folder}',
                    'TEPAI_DATABASE_PASSWORD': secrets.token_hex(8), 'TEPAI_KEYS': f'{self.folder}/keys.json', 'TEPAI_FILES': f'{self.folder}/files',
                    'TEPAI_PROFILE': 'demo', 'TEPAI_ARGON2_MIB': '8', 'TEPAI_ARGON2_PASSES': '1', 'TEPAI_METRICS_PORT': '0',
                    'TEPAI_THREADS': '4', 'TEPAI_ARGON2_SLOTS': '2', 'TEPAI_ACCOUNT_LIMIT': '0', 'TEPAI_JOB_LIMIT': '0',
                    **settings}
        self.env.pop('TEPAI_TEST_TEMPLATE', None)
        run([self.binary, *self.MIGRATE], env=self.env)
        self.start_server()

    @classmethod
    def beside(cls, other):
        """Another server on the same database, with the same keys; it ends before the other."""
        self = cls.__new__(cls)
        self.folder, self.binary, self.env, self.user = other.folder, other.binary, other.env, other.user
        self.start_server()
        atexit.register(self.end_server)
        return self

    def start_cluster(self):
        run([f'{PG}/initdb', '-D', f'{self.folder}/data', '-U', USER, '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8',
             '--no-sync', '--data-checksums'])
        with open(f'{self.folder}/data/postgresql.conf', 'a') as conf:
            conf.write(f"listen_addresses=''\nunix_socket_directories='{self.folder}'\nfsync=off\nmax_connections=100\n"
                       'client_connection_check_interval=1s\nlog_parameter_max_length=0\n'
                       'log_parameter_max_length_on_error=0\nlog_error_verbosity=terse\npassword_encryption=scram-sha-256\n')
        self.pg_ctl('start')

    def pg_ctl(self, *words):
        run([f'{PG}/pg_ctl', '-D', f'{self.folder}/data', '-l', f'{self.folder}/pg.log', '-w', *words])

    @staticmethod
    def free_port():
        with socket.socket() as s:
            s.bind(('127.0.0.1', 0))
            return s.getsockname()[1]

    def try_start(self):
        """Starts a database that was killed; False while what is left of it is in the way."""
        return as_user([f'{PG}/pg_ctl', '-D', f'{self.folder}/data', '-l', f'{self.folder}/pg.log', '-w', 'start'],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).wait() == 0

    def start_server(self):
        self.port = self.free_port()
        bare = re.sub('//[^/@]*@', '//', self.env['TEPAI_DATABASE_URL'])  # a server needs no administrator
        env = {**self.env, 'TEPAI_PORT': str(self.port), 'TEPAI_DATABASE_URL': bare}
        self.server = as_user([self.binary, 'serve'], env=env, stderr=open(f'{self.folder}/log', 'a'))
        self.base = f'http://127.0.0.1:{self.port}'
        wait_until(lambda: self.get('/readyz')[0] == 200, 20, 'the service answers')

    def get(self, path, token=None, seconds=30, body=None, headers=None, method=None):
        """Status and body; 0 when no answer came."""
        headers = {**(headers or {}), **({'Authorization': f'Bearer {token}'} if token else {})}
        if body is not None:
            headers['Content-Type'] = 'application/json'
        request = urllib.request.Request(self.base + path, None if body is None else json.dumps(body).encode(), headers,
                                         method=method)
        try:
            with urllib.request.urlopen(request, timeout=seconds) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read()
        except OSError:
            return 0, b''

    def session(self, login):
        """Session and access token."""
        status, body = self.get('/v1/sessions', body={'login_name': login, 'password': PASSWORD})
        if status != 201:
            sys.exit(f'{login} cannot sign in: {status} {body[:300]}')
        answer = json.loads(body)
        return answer['id'], answer['access_token']

    def sign_in(self, login):
        return self.session(login)[1]

    def sql(self, text):
        return self.run_psql(text)

    def run_psql(self, *texts, database='postgres'):
        words = [word for text in texts for word in ('-c', text)]
        return run(['psql', '-h', self.folder, '-U', USER, '-qAt', '-v', 'ON_ERROR_STOP=1', *words, database])

    def broken_laws(self):
        """Rows that break a law of invariants.sql; empty when all hold."""
        laws = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'invariants.sql')
        with open(laws) as text:
            return run(['psql', '-X', '-h', self.folder, '-U', USER, '-v', 'ON_ERROR_STOP=1', 'postgres'], stdin=text)

    def backends(self, role):
        return [int(p) for p in self.sql(f"SELECT pid FROM pg_stat_activity WHERE usename = '{role}'").split()]

    def postmaster(self):
        return int(open(f'{self.folder}/data/postmaster.pid').readline())

    def children(self):
        """The postmaster and all its processes, for stopping the database as a whole."""
        first = self.postmaster()
        out = subprocess.run(['ps', '-o', 'pid=', '--ppid', str(first)], capture_output=True, text=True).stdout
        return [first] + [int(p) for p in out.split()]

    def end_server(self):
        if self.server is not None and self.server.poll() is None:
            self.server.kill()
            self.server.wait()

    def close(self):
        self.end_server()
        if os.path.exists(f'{self.folder}/data/postmaster.pid'):
            for pid in self.children():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)
            subprocess.run([f'{PG}/pg_ctl', '-D', f'{self.folder}/data', '-m', 'immediate', 'stop'], capture_output=True,
                           **({'user': USER} if os.getuid() == 0 else {}), cwd='/')
        shutil.rmtree(self.folder, ignore_errors=True)


class Checks:
    passed = failed = 0

    def __call__(self, holds, what):
        if holds:
            self.passed += 1
            return
        self.failed += 1
        print('FAILED', what)

    def report(self, figures=''):
        print(f'{self.passed} passed, {self.failed} failed' + (f': {figures}' if figures else ''))
        sys.exit(self.failed > 0)
