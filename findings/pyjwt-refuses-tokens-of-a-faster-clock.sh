#!/usr/bin/env bash
# Version:   PyJWT 2.15.1 and python-jose 3.5.0 (PyPI), jsonwebtoken 9.0.3 and jose 6.2.18 (npm)
# Behaviour: PyJWT refuses a token whose `iat` is in the future, with no leeway by default. The other three accept it.
# Expected:  `iat` is informative (RFC 7519 gives it no check, unlike `exp` and `nbf`), so no library looks at it.
# Seen:      the same token, issued 30 seconds ahead: ImmatureSignatureError in PyJWT, accepted by the others
# Matters:   Auth0's clock and a backend's differ by a second now and then. A backend in Python then refuses a fresh token that
#            API Gateway's authorizer has just accepted, and only the first calls after a token request fail. Pass leeway=.
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
npm install --ignore-scripts --loglevel=error jsonwebtoken@9.0.3 jose@6.2.18 > npm.log
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check PyJWT==2.15.1 python-jose==3.5.0
npm ls --depth=0 | grep ' jose@\| jsonwebtoken@'
venv/bin/pip freeze | grep -E '^(PyJWT|python-jose)='

cat > verify.mjs << 'JS'
import { jwtVerify } from "jose";
import jwt from "jsonwebtoken";

const key = "a key of thirty-two bytes or more";
const now = Math.floor(Date.now() / 1000);
const token = jwt.sign({ iat: now + 30, exp: now + 3600 }, key);
const report = (name, verify) => verify().then(() => `${name}: accepted`, (error) => `${name}: ${error.message}`);
console.error(await report("jsonwebtoken", async () => jwt.verify(token, key)));
console.error(await report("jose", () => jwtVerify(token, new TextEncoder().encode(key))));
console.log(token);
JS
cat > verify.py << 'PYTHON'
import sys

import jwt as pyjwt
from jose import jwt as python_jose

key = "a key of thirty-two bytes or more"
token = sys.stdin.read().strip()
for name, library in (("python-jose", python_jose), ("PyJWT", pyjwt)):
    try:
        library.decode(token, key, algorithms=["HS256"])
        print(f"{name}: accepted")
    except Exception as error:
        print(f"{name}: {type(error).__name__}")
PYTHON
node verify.mjs 2> javascript.txt | venv/bin/python verify.py > python.txt
seen=$(cat javascript.txt python.txt)

echo "A token that was issued 30 seconds ahead:"
echo "$seen"
[ "$seen" = "jsonwebtoken: accepted
jose: accepted
python-jose: accepted
PyJWT: ImmatureSignatureError" ] || { echo "The behaviour has changed." >&2; exit 1; }
