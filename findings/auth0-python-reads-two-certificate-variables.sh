#!/usr/bin/env bash
# Version:   auth0-python 6.8.0 (PyPI)
# Behaviour: the Management API's client trusts the certificates in SSL_CERT_FILE, and the authentication client those in
#            REQUESTS_CA_BUNDLE. Neither looks at the other's variable.
# Expected:  one package, one variable: whoever sets SSL_CERT_FILE, as Python, OpenSSL and Go have it, has told all of it.
# Seen:      with one of the two variables, one of the two clients fails with CERTIFICATE_VERIFY_FAILED
# Matters:   behind a proxy that inspects TLS, or against a local stand-in for Auth0, half of a program works: it manages
#            organizations but gets no token, or the other way around. Set both variables.
set -euo pipefail
temp=$(mktemp -d)
trap 'kill $(jobs -p) 2> /dev/null || true; rm -rf "$temp"' EXIT
cd "$temp"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check auth0-python==6.8.0
venv/bin/pip freeze | grep -i '^auth0-python='

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
  -keyout key.pem -out cert.pem 2> openssl.log
cat > server.py << 'PYTHON'
import http.server
import json
import ssl


class Auth0(http.server.BaseHTTPRequestHandler):
    def answer(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        body = json.dumps({"access_token": "x", "organizations": []}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("localhost", 0), Auth0)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("cert.pem", "key.pem")
server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_port, flush=True)
server.serve_forever()
PYTHON
cat > clients.py << 'PYTHON'
import sys

from auth0.authentication import GetToken
from auth0.management import ManagementClient

domain = f"localhost:{sys.argv[1]}"
management = ManagementClient(domain=domain, token="x")
calls = {
    "management": lambda: list(management.organizations.list()),
    "authentication": lambda: GetToken(domain, "id", "secret").client_credentials("audience"),
}
for name, call in calls.items():
    try:
        call()
        print(f"{name}: answered")
    except Exception as error:
        print(f"{name}: {'CERTIFICATE_VERIFY_FAILED' if 'CERTIFICATE_VERIFY_FAILED' in str(error) else repr(error)}")
PYTHON
venv/bin/python server.py > port.txt &
until [ -s port.txt ]; do sleep 0.1; done
port=$(cat port.txt)
seen=$(
  for variables in "SSL_CERT_FILE=cert.pem" "REQUESTS_CA_BUNDLE=cert.pem" "SSL_CERT_FILE=cert.pem REQUESTS_CA_BUNDLE=cert.pem"; do
    echo "$variables"
    env -u SSL_CERT_FILE -u REQUESTS_CA_BUNDLE $variables venv/bin/python clients.py "$port"
  done
)

echo "$seen"
[ "$seen" = "SSL_CERT_FILE=cert.pem
management: answered
authentication: CERTIFICATE_VERIFY_FAILED
REQUESTS_CA_BUNDLE=cert.pem
management: CERTIFICATE_VERIFY_FAILED
authentication: answered
SSL_CERT_FILE=cert.pem REQUESTS_CA_BUNDLE=cert.pem
management: answered
authentication: answered" ] || { echo "The behaviour has changed." >&2; exit 1; }
