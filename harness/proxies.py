"""The proxies of ``docs/pages.rst``, for real: nginx, HAProxy, Apache httpd and Caddy."""

from collections.abc import Sequence
from pathlib import Path

from tools.programs import required

from .proxy import Proxy
from .server import selfSigned

NGINX = """
daemon off;
# One process, which runs as who started it and can read the directory.
master_process off;
pid nginx.pid;
error_log error.log warn;
events {}
http {
    access_log access.log;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
"""
NGINX_SERVERS = """
    server {
        listen 127.0.0.1:%(port)d;
        %(listing)s
    }
    server {
        listen 127.0.0.1:%(tlsPort)d ssl;
        ssl_certificate %(pem)s;
        ssl_certificate_key %(pem)s;
        %(listing)s
    }
"""

HAPROXY = """
global
    maxconn 100
defaults
    timeout connect 5s
    timeout client 60s
    timeout server 60s
"""

APACHE = """
ServerRoot %(directory)s
ServerName localhost
PidFile apache.pid
ErrorLog error.log
LogLevel warn
DefaultRuntimeDir %(directory)s
Mutex default:%(directory)s
StartServers 1
ServerLimit 1
MaxRequestWorkers 25
"""
APACHE_MODULES = (
    *("mpm_event", "authz_core", "alias", "headers", "rewrite", "ssl", "proxy", "proxy_http", "proxy_wstunnel"),
    "socache_shmcb",
)
# Those of Debian and of Fedora.
APACHE_DIRECTORIES = (Path("/usr/lib/apache2/modules"), Path("/usr/lib64/httpd/modules"))
APACHE_HOSTS = """
Listen 127.0.0.1:%(port)d
<VirtualHost *:%(port)d>
    %(listing)s
</VirtualHost>
Listen 127.0.0.1:%(tlsPort)d
<VirtualHost *:%(tlsPort)d>
    SSLEngine on
    SSLCertificateFile %(pem)s
    %(listing)s
</VirtualHost>
"""

CADDY = """
{
    admin off
    auto_https off
    grace_period 1s
    default_bind 127.0.0.1
    storage file_system %(directory)s
    log {
        output file %(directory)s/error.log
        level WARN
    }
}
"""


class Nginx(Proxy):
    """An nginx."""

    caption = "nginx.conf"

    def command(self) -> Sequence[str]:
        pem = selfSigned(self.directory)
        servers = [
            NGINX_SERVERS % {**vars(front), "pem": pem, "listing": self.listing(front)}
            for front in self.fronts.values()
        ]
        (self.directory / "nginx.conf").write_text("".join([NGINX, *servers, "}\n"]))
        program = required("nginx")
        return [program, "-p", str(self.directory), "-c", "nginx.conf", "-e", "error.log"]

    @property
    def requests(self) -> str:
        """Return nginx's access log, in the usual format."""
        return (self.directory / "access.log").read_text()


class Haproxy(Proxy):
    """An HAProxy."""

    caption = "haproxy.cfg"
    prefix = "/"

    def command(self) -> Sequence[str]:
        pem = selfSigned(self.directory)
        texts = [HAPROXY]
        for name, front in self.fronts.items():
            text = self.listing(front)
            for old, new in (
                ("frontend chat\n", f"frontend {name}\n"),
                # And default_backend.
                ("backend chat\n", f"backend {name}\n"),
                ("bind :80\n", f"bind 127.0.0.1:{front.port}\n"),
                ("bind :443 ssl crt /etc/haproxy/chat.pem", f"bind 127.0.0.1:{front.tlsPort} ssl crt {pem}"),
            ):
                assert old in text, old
                text = text.replace(old, new)
            texts.append(text)
        path = self.directory / "haproxy.cfg"
        path.write_text("\n".join(texts))
        return [required("haproxy"), "-db", "-f", str(path)]


class Apache(Proxy):
    """An Apache httpd."""

    caption = "chat.conf"

    def command(self) -> Sequence[str]:
        pem = selfSigned(self.directory)
        directory = next(filter(Path.is_dir, APACHE_DIRECTORIES))
        modules = [f"LoadModule {name}_module {directory}/mod_{name}.so\n" for name in APACHE_MODULES]
        hosts = [
            APACHE_HOSTS % {**vars(front), "pem": pem, "listing": self.listing(front)} for front in self.fronts.values()
        ]
        path = self.directory / "apache.conf"
        path.write_text("".join([*modules, APACHE % {"directory": self.directory}, *hosts]))
        return [required("apache"), "-D", "FOREGROUND", "-f", str(path)]


class Caddy(Proxy):
    """A Caddy."""

    caption = "Caddyfile"

    def command(self) -> Sequence[str]:
        pem = selfSigned(self.directory)
        texts = [CADDY % {"directory": self.directory}]
        for front in self.fronts.values():
            text = self.listing(front)
            for address in (f"http://:{front.port} {{", f"https://:{front.tlsPort} {{\n    tls {pem} {pem}"):
                assert text.startswith("chat.example.org {"), text
                texts.append(text.replace("chat.example.org {", address))
        path = self.directory / "Caddyfile"
        path.write_text("\n".join(texts))
        return [required("caddy"), "run", "--adapter", "caddyfile", "--config", str(path)]
