"""nginx with the configuration that is shipped, in front of a listener of this folder.

docker/nginx.conf is used as it stands but for names of places, a certificate made here, the limits of rate (the
programs of this folder come from one address) and one more port without TLS, for sockets that speak raw HTTP.
"""
import atexit
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time

CONF = os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "..", "docker", "nginx.conf")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Front:
    def __init__(self, first, second=None, limits=False):
        """`first` and `second` are ports of listeners; with `limits` those of rate stay as shipped."""
        # Of its own: nginx started as root gives its processes to another user.
        self.folder = tempfile.mkdtemp(prefix="tepai-front-")
        os.chmod(self.folder, 0o755)
        self.plain, self.tls, self.redirect = free_port(), free_port(), free_port()
        self.certificate()
        changes = [("server 172.30.80.11:8080", f"server 127.0.0.1:{first}"),
                   ("server 172.30.80.12:8080", f"server 127.0.0.1:{second or first}"),
                   ("listen 8443 ssl;", f"listen 127.0.0.1:{self.tls} ssl; listen 127.0.0.1:{self.plain};"),
                   ("listen 8081;", f"listen 127.0.0.1:{self.redirect};"),
                   ("/tmp/", self.folder + "/"), ("/etc/tepai/tls", self.folder),
                   ("/dev/stdout", self.folder + "/access.log"), ("/dev/stderr", self.folder + "/error.log")]
        if not limits:
            changes += [("rate=50r/s", "rate=100000r/s")]
        with open(CONF, encoding="utf-8") as file:
            text = file.read()
        for old, new in changes:
            if old not in text:
                raise SystemExit(f"docker/nginx.conf no longer has {old}")
            text = text.replace(old, new)
        self.conf = os.path.join(self.folder, "nginx.conf")
        with open(self.conf, "w", encoding="utf-8") as file:
            file.write(text)
        self.start()

    def certificate(self):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                        "-keyout", f"{self.folder}/key.pem", "-out", f"{self.folder}/cert.pem"],
                       check=True, capture_output=True)

    def start(self):
        words = ["nginx", "-p", self.folder, "-c", self.conf, "-e", f"{self.folder}/error.log"]
        tried = subprocess.run([*words, "-t"], capture_output=True, text=True, check=False)
        if tried.returncode != 0:
            raise SystemExit(f"nginx refuses its configuration: {tried.stderr}")
        self.process = subprocess.Popen([*words, "-g", "daemon off;"], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        atexit.register(self.stop)
        until = time.monotonic() + 10
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.plain), 1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise SystemExit("nginx does not listen")

    def passed_on(self):
        """How many requests went to a listener, as nginx counts them."""
        with open(f"{self.folder}/access.log", encoding="utf-8") as file:
            return len(re.findall(r'"upstream":"[^"]+"', file.read()))

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)
