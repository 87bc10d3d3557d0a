// Public keys of clients, for private_key_jwt.
import { type KeyName, privateKeyOf, publicPem } from "../testing/assertion";
import type { Row, Step } from "./row";
import { client, get, invalid, notFound, patch, refused, remove } from "./rows-given";

const credential = (save: string, key: KeyName, more: object = {}): Step => ({
  request: "POST /api/v2/clients/{keyed}/credentials",
  body: { name: save, credential_type: "public_key", pem: publicPem(key), alg: "RS256", ...more },
  status: 201,
  save: { [save]: "id", [`${save}Kid`]: "kid" },
});

const attach = (...names: string[]): Step =>
  patch("clients/{keyed}", {
    client_authentication_methods: {
      private_key_jwt: { credentials: names.map((name) => ({ id: `{${name}}` })) },
    },
    token_endpoint_auth_method: null,
  });

/** Saves `{certificate}`: the tenant's own for its signing key, which has an RSA key like any client's. */
const certificate: Step = { ...get("keys/signing"), save: { certificate: "0.cert" } };

const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const notAKey =
  "'Object didn't pass validation for format pem: not an RSA public key or certificate' on property pem.";

export const credentialRows: Row[] = [
  {
    name: "a credential is shown without its key, with its thumbprint",
    steps: [
      client("keyed"),
      {
        ...credential("one", "one"),
        whole: {
          id: expect.stringMatching(/^cred_[A-Za-z0-9]{22}$/),
          credential_type: "public_key",
          kid: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
          alg: "RS256",
          name: "one",
          created_at: time,
          updated_at: time,
        },
      },
      get("clients/{keyed}/credentials/{one}", { id: "{one}", kid: "{oneKid}" }),
      { ...get("clients/{keyed}/credentials?include_totals=true&per_page=50"), shape: [{ id: "{one}" }] },
    ],
  },
  {
    name: "a client without credentials has a bare empty list, even where totals are asked for",
    steps: [client("keyed"), { ...get("clients/{keyed}/credentials?include_totals=true"), whole: [] }],
  },
  {
    name: "the algorithm of a credential is RS256 unless it is given",
    steps: [
      client("keyed"),
      { ...credential("one", "one", { alg: undefined }), shape: { alg: "RS256" } },
      {
        ...credential("two", "two", { alg: "PS256", name: undefined }),
        shape: { alg: "PS256" },
        absent: ["name"],
      },
    ],
  },
  {
    name: "a client has at most two credentials",
    steps: [
      client("keyed"),
      credential("one", "one"),
      credential("two", "two"),
      refused(
        "POST clients/{keyed}/credentials",
        400,
        "A client can have a maximum of 2 credentials",
        "invalid_body",
        { credential_type: "public_key", pem: publicPem("three") },
      ),
    ],
  },
  {
    name: "the same key twice is refused, though another client may have it",
    steps: [
      client("keyed"),
      credential("one", "one"),
      refused(
        "POST clients/{keyed}/credentials",
        400,
        'credentials contains public keys that already exist in client: {"name":"again","kid":"{oneKid}"}',
        "invalid_body",
        { name: "again", credential_type: "public_key", pem: publicPem("one") },
      ),
      client("keyed"),
      credential("one", "one"),
    ],
  },
  ...(
    [
      ["no pem", { pem: undefined }, "'Missing required property: pem'."],
      ["a text that is no key", { pem: "key" }, notAKey],
      [
        "a private key",
        { pem: privateKeyOf("one").export({ type: "pkcs8", format: "pem" }).toString() },
        notAKey,
      ],
      ["another algorithm", { alg: "ES256" }, "'No enum match for: ES256' on property alg."],
      [
        "another type",
        { credential_type: "password" },
        "'No enum match for: password' on property credential_type.",
      ],
      ["an unknown property", { colour: "blue" }, "'Additional properties not allowed: colour'."],
      [
        "an expiry that is no time",
        { expires_at: "tomorrow" },
        "'Object didn't pass validation for format datetime: tomorrow' on property expires_at.",
      ],
    ] as const
  ).map(([name, more, finding]) => ({
    name: `a credential with ${name} is refused`,
    steps: [
      client("keyed"),
      invalid(
        "POST clients/{keyed}/credentials",
        { credential_type: "public_key", pem: publicPem("one"), ...more },
        finding,
      ),
    ],
  })),
  {
    name: "a credential's expiry is set, moved and taken away",
    steps: [
      client("keyed"),
      {
        ...credential("one", "one", { expires_at: "2030-01-01T00:00:00+01:00" }),
        shape: { expires_at: "2029-12-31T23:00:00.000Z" },
      },
      patch(
        "clients/{keyed}/credentials/{one}",
        { expires_at: "2031-01-01T00:00:00Z" },
        { expires_at: "2031-01-01T00:00:00.000Z" },
      ),
      { ...patch("clients/{keyed}/credentials/{one}", { expires_at: null }), absent: ["expires_at"] },
      { ...get("clients/{keyed}/credentials/{one}"), absent: ["expires_at"] },
    ],
  },
  {
    name: "nothing but the expiry of a credential can be changed",
    steps: [
      client("keyed"),
      credential("one", "one"),
      invalid(
        "PATCH clients/{keyed}/credentials/{one}",
        { expires_at: null, name: "x" },
        "'Additional properties not allowed: name'.",
      ),
    ],
  },
  {
    name: "the expiry of a credential can come from its certificate",
    steps: [
      client("keyed"),
      certificate,
      {
        ...credential("one", "one", { pem: "{certificate}", parse_expiry_from_cert: true }),
        shape: { expires_at: time },
      },
    ],
  },
  {
    name: "a certificate's expiry is not taken unless it is asked for",
    steps: [
      client("keyed"),
      certificate,
      {
        ...credential("one", "one", { pem: "{certificate}" }),
        absent: ["expires_at"],
      },
    ],
  },
  {
    name: "a client with attached credentials shows no secret and no token_endpoint_auth_method",
    steps: [
      client("keyed", { token_endpoint_auth_method: "client_secret_post" }),
      credential("one", "one"),
      {
        ...attach("one"),
        shape: {
          client_authentication_methods: { private_key_jwt: { credentials: [{ id: "{one}" }] } },
          jwt_configuration: { secret_encoded: false, lifetime_in_seconds: 36_000, alg: "RS256" },
        },
        absent: ["client_secret", "token_endpoint_auth_method"],
      },
      { ...get("clients/{keyed}"), absent: ["client_secret", "token_endpoint_auth_method"] },
    ],
  },
  {
    name: "a client that gives its credentials up shows its secret again",
    steps: [
      client("keyed"),
      credential("one", "one"),
      attach("one"),
      patch(
        "clients/{keyed}",
        {
          client_authentication_methods: null,
          signed_request_object: null,
          token_endpoint_auth_method: "client_secret_post",
        },
        { client_secret: "{keyedSecret}", token_endpoint_auth_method: "client_secret_post" },
      ),
      remove("clients/{keyed}/credentials/{one}"),
      { ...get("clients/{keyed}/credentials"), whole: [] },
    ],
  },
  {
    name: "both ways of authentication at once are refused",
    steps: [
      client("keyed", { token_endpoint_auth_method: "client_secret_post" }),
      credential("one", "one"),
      {
        ...attach("one"),
        body: { client_authentication_methods: { private_key_jwt: { credentials: [{ id: "{one}" }] } } },
        status: 400,
      },
      get("clients/{keyed}", { token_endpoint_auth_method: "client_secret_post" }),
    ],
  },
  {
    name: "credentials that are not the client's cannot be attached",
    steps: [
      client("keyed"),
      credential("one", "one"),
      client("keyed"),
      { ...attach("one"), status: 400 },
      { ...get("clients/{keyed}"), absent: ["client_authentication_methods"] },
    ],
  },
  {
    name: "a new client cannot name credentials, since it doesn't have any",
    steps: [
      {
        request: "POST /api/v2/clients",
        body: {
          name: "keyed",
          client_authentication_methods: { private_key_jwt: { credentials: [{ id: "cred_x" }] } },
        },
        status: 400,
        shape: { errorCode: "invalid_body" },
      },
    ],
  },
  {
    name: "a credential in use is not deleted",
    steps: [
      client("keyed"),
      credential("one", "one"),
      attach("one"),
      refused(
        "DELETE clients/{keyed}/credentials/{one}",
        400,
        "Cannot delete credential still associated with a client",
        "invalid_body",
      ),
      get("clients/{keyed}/credentials/{one}"),
    ],
  },
  {
    name: "a key is rotated without a gap: add, attach both, attach the new one, delete the old one",
    steps: [
      client("keyed"),
      credential("one", "one"),
      attach("one"),
      credential("two", "two"),
      attach("one", "two"),
      attach("two"),
      remove("clients/{keyed}/credentials/{one}"),
      { ...get("clients/{keyed}/credentials"), shape: [{ id: "{two}" }] },
    ],
  },
  {
    name: "a credential is deleted, and again without complaint",
    steps: [
      client("keyed"),
      credential("one", "one"),
      remove("clients/{keyed}/credentials/{one}"),
      remove("clients/{keyed}/credentials/{one}"),
      notFound("GET clients/{keyed}/credentials/{one}", "credential"),
      notFound("PATCH clients/{keyed}/credentials/{one}", "credential", { expires_at: null }),
    ],
  },
  {
    name: "a credential is found only at its own client",
    steps: [
      client("keyed"),
      credential("one", "one"),
      client("other"),
      notFound("GET clients/{other}/credentials/{one}", "credential"),
      remove("clients/{other}/credentials/{one}"),
      get("clients/{keyed}/credentials/{one}", { id: "{one}" }),
    ],
  },
  {
    name: "a new client may have its keys with it, which are shown whole this once",
    steps: [
      {
        request: "POST /api/v2/clients",
        body: {
          name: "keyed {row}",
          app_type: "non_interactive",
          client_authentication_methods: {
            private_key_jwt: {
              credentials: [{ name: "first", credential_type: "public_key", pem: publicPem("one") }],
            },
          },
        },
        status: 201,
        shape: {
          client_authentication_methods: {
            private_key_jwt: {
              credentials: [{ name: "first", credential_type: "public_key", alg: "RS256", created_at: time }],
            },
          },
        },
        absent: ["client_secret", "token_endpoint_auth_method"],
        save: { keyed: "client_id", one: "client_authentication_methods.private_key_jwt.credentials.0.id" },
      },
      {
        ...get("clients/{keyed}?fields=client_authentication_methods"),
        shape: { client_authentication_methods: { private_key_jwt: { credentials: [{ id: "{one}" }] } } },
      },
      get("clients/{keyed}/credentials", [{ id: "{one}", name: "first" }]),
    ],
  },
  {
    name: "a new client may have the keys of its signed requests with it, beside a secret",
    steps: [
      {
        request: "POST /api/v2/clients",
        body: {
          name: "signing {row}",
          app_type: "regular_web",
          signed_request_object: {
            required: true,
            credentials: [{ name: "first", credential_type: "public_key", pem: publicPem("one") }],
          },
        },
        status: 201,
        shape: {
          client_secret: expect.any(String),
          signed_request_object: {
            required: true,
            credentials: [{ name: "first", credential_type: "public_key", alg: "RS256", created_at: time }],
          },
        },
        save: { signing: "client_id", one: "signed_request_object.credentials.0.id" },
      },
      {
        ...get("clients/{signing}?fields=signed_request_object"),
        shape: { signed_request_object: { required: true, credentials: [{ id: "{one}" }] } },
      },
      get("clients/{signing}/credentials", [{ id: "{one}", name: "first" }]),
    ],
  },
  {
    name: "an empty list detaches a client's keys, and may come again once they are deleted",
    steps: [
      client("keyed"),
      credential("one", "one"),
      attach("one"),
      attach(),
      get("clients/{keyed}", { client_authentication_methods: { private_key_jwt: { credentials: [] } } }),
      remove("clients/{keyed}/credentials/{one}"),
      credential("again", "one"),
    ],
  },
  {
    name: "a client authenticates by two keys at most",
    steps: [
      client("keyed"),
      credential("one", "one"),
      credential("two", "two"),
      invalid(
        "PATCH clients/{keyed}",
        {
          client_authentication_methods: {
            private_key_jwt: { credentials: [{ id: "{one}" }, { id: "{two}" }, { id: "{one}" }] },
          },
        },
        "'Array is too long (3), maximum 2' on property client_authentication_methods.private_key_jwt.credentials.",
      ),
    ],
  },
  {
    name: "credentials are listed with the newest first",
    steps: [
      client("keyed"),
      credential("one", "one"),
      credential("two", "two"),
      get("clients/{keyed}/credentials", [{ id: "{two}" }, { id: "{one}" }]),
    ],
  },
  {
    name: "a credential may be a certificate, or its subject, for mTLS",
    steps: [
      client("keyed"),
      certificate,
      {
        request: "POST /api/v2/clients/{keyed}/credentials",
        body: { name: "subject", credential_type: "cert_subject_dn", subject_dn: "C=es,O=Acme" },
        status: 201,
        shape: { credential_type: "cert_subject_dn", subject_dn: "C=es,O=Acme" },
        absent: ["kid", "alg"],
      },
      {
        request: "POST /api/v2/clients/{keyed}/credentials",
        body: { credential_type: "x509_cert", pem: "{certificate}" },
        status: 201,
        shape: { credential_type: "x509_cert", thumbprint_sha256: expect.stringMatching(/^[\w-]{43}$/) },
        absent: ["kid", "alg", "pem"],
      },
    ],
  },
  {
    name: "credentials go with their client",
    steps: [
      client("keyed"),
      credential("one", "one"),
      remove("clients/{keyed}"),
      notFound("GET clients/{keyed}/credentials/{one}", "client"),
    ],
  },
  {
    name: "POST clients/missing/credentials is 404",
    steps: [
      notFound("POST clients/missing/credentials", "client", {
        credential_type: "public_key",
        pem: publicPem("one"),
      }),
    ],
  },
];
