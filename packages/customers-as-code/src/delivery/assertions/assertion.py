# Prints a client assertion, good for one token: python3 assertion.py private.pem
# Signs with the openssl command, so that no package is needed.
import base64, json, subprocess, sys, time, uuid

CLIENT_ID = "CLIENT_ID"
# Auth0 accepts the issuer as a single string, with its slash.
ISSUER = "ISSUER"


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


private_key = sys.argv[1] if len(sys.argv) > 1 else "private.pem"
now = int(time.time())
claims = {
    "iss": CLIENT_ID,
    "sub": CLIENT_ID,
    "aud": ISSUER,
    "iat": now,
    "exp": now + 60,
    "jti": str(uuid.uuid4()),
}
parts = [{"alg": "RS256", "typ": "JWT"}, claims]
signed = ".".join(encode(json.dumps(part).encode()) for part in parts)
command = ["openssl", "dgst", "-sha256", "-sign", private_key]
signature = subprocess.run(command, input=signed.encode(), capture_output=True, check=True).stdout
print(f"{signed}.{encode(signature)}")
