// Every code that a problem can have, by area: a published contract. Programs and tests branch on the code, since the wording may
// change in any version. docs/reference/problems.md is the same table for people; a test holds the two together.

/** By area and code, what is wrong and what to do about it. */
export const problemCodes = {
  files: {
    "file-unreadable": {
      meaning: "A file or folder doesn't exist, or the program may not read it.",
      remedy: "Create it, correct its path in the settings, or change its permissions.",
    },
    "file-is-folder": {
      meaning: "A folder has the path of a file.",
      remedy: "Put the file there, or correct the path in the settings.",
    },
    "folder-is-file": {
      meaning: "A file has the path of a folder.",
      remedy: "Put the folder there, or correct the path in the settings.",
    },
    "link-leads-nowhere": {
      meaning: "A file or folder is a symbolic link to something that doesn't exist.",
      remedy: "Replace the link with what it should lead to, or correct it.",
    },
    "file-not-regular": {
      meaning:
        "A path leads to a pipe, a socket or a device; or, in a pull request, to a symbolic link or a submodule.",
      remedy: "Replace it with a regular file.",
    },
    "file-too-large": {
      meaning: "A file is larger than the program reads.",
      remedy: "Make it smaller, or split it.",
    },
    "file-not-utf8": {
      meaning: "A file is not encoded as UTF-8.",
      remedy: "Save it as UTF-8.",
    },
    "yaml-merge-conflict": {
      meaning: "A file still has the markers of a merge conflict of Git.",
      remedy: "Keep the lines that you want, and delete the markers `<<<<<<<`, `=======` and `>>>>>>>`.",
    },
    "yaml-invalid": {
      meaning: "A file is not valid YAML 1.2, or not valid JSON.",
      remedy: "Correct the syntax at the place that is shown.",
    },
    "yaml-second-document": {
      meaning: "A file holds more than one YAML document.",
      remedy: "Remove the line `---`, or move what follows it into a file of its own.",
    },
    "yaml-tag": {
      meaning:
        "A value has a YAML tag that JSON has no type for. Programs don't agree on what such tags mean.",
      remedy: "Remove the tag.",
    },
  },
  customers: {
    "customers-none": {
      meaning: "The folder of the customer files has no customer file.",
      remedy: "Add one, or set the config key `customers` to the right folder.",
    },
    "customer-file-ignored": {
      meaning:
        "An entry of the folder looks like a customer file but wouldn't be read: a hidden file, a folder, or a name that doesn't end with `.yaml`.",
      remedy: "Rename it, or move it out of the folder.",
    },
    "customer-file-link": {
      meaning: "An entry of the folder is a link that leads out of the folder, or nowhere.",
      remedy: "Replace the link with the file.",
    },
    "customer-file-invalid-name": {
      meaning: "The name of a customer file, without its ending, can't be the name of an Auth0 organization.",
      remedy: "Rename the file: 1 to 50 lower-case letters, digits, `-` and `_`.",
    },
    "customer-file-invisible-character": {
      meaning: "A customer file has a character that a reviewer can't see.",
      remedy: "Remove the character, or type the value again.",
    },
    "customer-file-byte-order-mark": {
      meaning: "A customer file begins with a byte order mark.",
      remedy: "Save it as UTF-8 without a byte order mark.",
    },
    "customer-file-not-map": {
      meaning: "A customer file is empty, or doesn't hold a map at its top level.",
      remedy: "Write the keys of a customer; docs/reference/customers.md lists them.",
    },
    "customer-file-unknown-key": {
      meaning: "A customer file has a key that nothing reads.",
      remedy: "Correct the spelling, or remove the key.",
    },
    "customer-file-missing-value": {
      meaning: "A customer file lacks a key that every customer needs, or the key has no value.",
      remedy: "Add the key and its value.",
    },
    "customer-file-wrong-type": {
      meaning: "A value of a customer file has the wrong type.",
      remedy:
        "Write a value of the type that is shown. Put numbers and dates in quotes where a string is needed.",
    },
    "customer-file-invalid-key": {
      meaning:
        "The name of a client, a stack or an entry of `metadata` has characters or a length that Auth0 or Pulumi don't allow, or is reserved for the program.",
      remedy: "Choose another name.",
    },
    "customer-file-invalid-value": {
      meaning: "A value of a customer file has the right type, but isn't allowed.",
      remedy: "Write a value that the message allows.",
    },
    "customer-stack-unknown": {
      meaning: "The key `stacks` of a customer file names a stack that the project doesn't have.",
      remedy: "Correct the name, or create the stack.",
    },
    "customer-declared-twice": {
      meaning: "Two files declare the same customer, such as `acme.yaml` and `acme.yml`.",
      remedy: "Keep one of them.",
    },
    "organization-name-taken": {
      meaning:
        "Two customers have the same name of an Auth0 organization, or a name is free only after this deployment.",
      remedy: "Choose another name, or deploy the changes one after the other.",
    },
    "display-name-taken": {
      meaning: "Two customers have display names that look alike.",
      remedy: "Give one of them another name.",
    },
    "member-listed-twice": {
      meaning: "`members` lists an address twice. Addresses are case-insensitive.",
      remedy: "Remove one of the two lines.",
    },
    "scope-not-in-api": {
      meaning: "A client has a scope that the API's OpenAPI document doesn't declare.",
      remedy: "Correct the spelling, or declare the scope in the document.",
    },
    "scope-listed-twice": {
      meaning: "A client lists a scope twice.",
      remedy: "Remove one of the two lines.",
    },
    "plan-unknown": {
      meaning: "A customer has a plan that the stack's setting `plans` doesn't have.",
      remedy: "Correct the name, or add the plan to the setting.",
    },
    "plans-too-many-customers": {
      meaning: "There are more customers than AWS has API keys for usage plans in an account and region.",
      remedy: "Split the customers among stacks in several accounts or regions, or unset `plans`.",
    },
    "public-key-missing": {
      meaning: "A client with `authentication: private_key_jwt` has no public key.",
      remedy: "Ask the customer for the public key, and add it as `publicKey`.",
    },
    "public-key-unused": {
      meaning: "A client that authenticates with a client secret has a public key.",
      remedy: "Remove the key, or add `authentication: private_key_jwt`.",
    },
    "public-key-repeated": {
      meaning: "The retiring public key of a client is the same key as its public key.",
      remedy: "Write the customer's new key as `publicKey`, or remove `retiringPublicKey`.",
    },
    "rotation-in-future": {
      meaning: "A rotation has a date that hasn't come yet.",
      remedy: "Write the day of the deployment that makes the credential.",
    },
    "rotation-not-for-keys": {
      meaning: "A client with a key pair has `retiring` or `cancelled`, which are for client secrets.",
      remedy: "Use `retiringPublicKey`, or remove the cancelled key.",
    },
    "retiring-order": {
      meaning: "The retiring rotation of a client doesn't come right before its rotation.",
      remedy: "Correct `rotation` or `retiring`, or remove `retiring`.",
    },
    "cancelled-order": {
      meaning:
        "The cancelled rotation of a client doesn't come right after its rotation, or the client has `retiring` too.",
      remedy: "Correct `rotation` or `cancelled`, or remove one of the lines.",
    },
    "previously-same-name": {
      meaning: "`previously` is the name that the customer or client has now.",
      remedy: "Remove the line.",
    },
    "previously-still-exists": {
      meaning:
        "`previously` is the name of a customer or client that a file still declares, or that is deployed under both names.",
      remedy: "Rename that one, or remove the line.",
    },
    "previously-claimed-twice": {
      meaning: "Two customers or two clients have the same former name.",
      remedy: "Keep `previously` at the one that had the name.",
    },
  },
  imports: {
    "imports-unknown-key": {
      meaning: "`imports.json` has a key that nothing reads.",
      remedy: "Delete the file, and import again.",
    },
    "imports-missing-value": {
      meaning: "`imports.json` lacks a value.",
      remedy: "Delete the file, and import again.",
    },
    "imports-wrong-type": {
      meaning: "A value of `imports.json` has the wrong type.",
      remedy: "Delete the file, and import again.",
    },
    "imports-invalid-value": {
      meaning: "A value of `imports.json` isn't allowed.",
      remedy: "Delete the file, and import again.",
    },
    "imports-customer-unknown": {
      meaning: "`imports.json` imports a customer that no file declares.",
      remedy: "Add the customer file, or delete the customer's lines.",
    },
    "imports-client-unknown": {
      meaning: "`imports.json` imports a client that its customer's file doesn't declare.",
      remedy: "Add the client to the file, or delete the client's lines.",
    },
    "imports-id-twice": {
      meaning: "`imports.json` imports the same organization, client or client grant twice.",
      remedy: "Delete the lines that are wrong.",
    },
    "imports-property-not-kept": {
      meaning: "`imports.json` keeps a property that import data can't keep.",
      remedy: "Delete the property from `keeps`.",
    },
  },
  settings: {
    "setting-unknown": {
      meaning: "The stack has a setting that neither the program nor its providers read.",
      remedy: "Correct the name, or remove the setting.",
    },
    "setting-missing": {
      meaning: "A setting is missing that the program, or another setting, needs.",
      remedy: "Set it with the command that is shown.",
    },
    "setting-wrong-type": {
      meaning: "A setting, or a value within it, has the wrong type.",
      remedy: "Set it again, or remove it, with the command that is shown.",
    },
    "setting-invalid-key": {
      meaning: "An entry of a setting has a name that AWS or the program doesn't allow.",
      remedy: "Remove the entry, and add it under another name.",
    },
    "setting-invalid-value": {
      meaning: "The value of a setting isn't allowed.",
      remedy: "Set it to a value that the message allows.",
    },
    "setting-invisible-character": {
      meaning: "A setting has a character that nobody can see.",
      remedy: "Type the value again.",
    },
    "setting-in-clear": {
      meaning: "A secret is not encrypted in the stack's file.",
      remedy: "Set it again with `--secret`, and replace the secret where it comes from.",
    },
    "setting-other-region": {
      meaning: "A setting names a resource of another AWS region than the stack's.",
      remedy: "Name a resource of the stack's region.",
    },
    "setting-other-account": {
      meaning: "A setting names a resource of another AWS account than the stack's.",
      remedy: "Name a resource of the stack's account.",
    },
    "auth0-domain-invalid": {
      meaning: "The domain of the Auth0 tenant isn't written as in the tenant's tokens.",
      remedy: "Write the bare domain in lower case, such as `example.eu.auth0.com`.",
    },
    "auth0-audience-not-management-api": {
      meaning: "`auth0:audience` isn't the audience of Auth0's Management API.",
      remedy: "Set `audience` for your own API, and remove `auth0:audience`.",
    },
    "audience-is-management-api": {
      meaning:
        "`audience` is that of Auth0's Management API, so that customers' tokens could manage the tenant.",
      remedy: "Set the identifier of your own API.",
    },
    "aws-region-unknown": {
      meaning: "The AWS region isn't one that this version knows.",
      remedy: "Correct it; if the region is new, set `aws:skipRegionValidation`.",
    },
    "portal-package-missing": {
      meaning: "The stack has `portal`, and the package that makes it is not installed.",
      remedy: "Install it with the command that is shown.",
    },
    "shards-invalid": {
      meaning:
        "The setting `shards` and the name of the stack don't go together, or `shards` isn't a whole number from 1.",
      remedy: "Correct `shards`, or choose the right stack.",
    },
    "stack-file-missing": {
      meaning: "The stack has no file `Pulumi.STACK.yaml`, or Pulumi doesn't read it by its name.",
      remedy: "Name a stack of the project, or rename the file.",
    },
    "stack-file-shadowed": {
      meaning: "A file beside the stack's file keeps Pulumi from reading it, or is not read itself.",
      remedy: "Move its settings into the stack's file, and remove it.",
    },
    "stack-file-not-map": {
      meaning: "The stack's file, or its key `config`, isn't a map.",
      remedy: "Write the settings as a map under `config`.",
    },
    "stack-file-unknown-key": {
      meaning: "The stack's file has a top-level key that Pulumi doesn't read.",
      remedy: "Correct the spelling, or move the key under `config`.",
    },
    "stack-file-invalid-key": {
      meaning: "A key under `config` doesn't have the form NAME or NAMESPACE:NAME.",
      remedy: "Write it in that form.",
    },
    "stack-file-setting-twice": {
      meaning: "The stack's file has the same setting twice, with and without the project's namespace.",
      remedy: "Keep one of them.",
    },
    "stack-file-invalid-number": {
      meaning: "The stack's file has a value that Pulumi can't read as a number.",
      remedy: "Put the value in quotes.",
    },
    "delivery-key-missing": {
      meaning: "Credentials are delivered to other AWS accounts, and `deliveryKmsKeyArn` is missing.",
      remedy: "Set it to a key that the other accounts may use.",
    },
  },
  policy: {
    "policy-config-not-object": {
      meaning: "The settings of the policy pack are not a JSON object.",
      remedy: "Write the policies by name, as in `{}`.",
    },
    "policy-config-twice": {
      meaning: "A stack has settings of the policy pack in `policy/` and in `policy/config/`.",
      remedy: "Keep those in `policy/`, and remove the others.",
    },
    "policy-unknown": {
      meaning: "The settings of the policy pack name a policy that it doesn't have.",
      remedy: "Correct the name.",
    },
    "policy-unknown-key": {
      meaning: "The settings of a policy have a key that the policy doesn't read.",
      remedy: "Correct the name, or remove the key.",
    },
    "policy-invalid-level": {
      meaning: "The enforcement level of a policy isn't one that Pulumi has.",
      remedy: "Write `advisory`, `mandatory`, `remediate` or `disabled`.",
    },
    "policy-invalid-routes": {
      meaning: "The public routes that a policy allows are not a list of strings.",
      remedy: 'Write a list such as `["GET /health"]`.',
    },
  },
  openapi: {
    "openapi-version": {
      meaning: "The document isn't of OpenAPI 3.0, 3.1 or 3.2.",
      remedy: "Convert it, for example from Swagger 2.0.",
    },
    "openapi-structure": {
      meaning: "The document doesn't match the official schema of its OpenAPI version.",
      remedy: "Correct what the message shows.",
    },
    "openapi-reference-broken": {
      meaning: "A `$ref` of the document leads nowhere, to a remote document, or back to itself.",
      remedy: "Correct the reference, or bundle the document first.",
    },
    "openapi-reference-sibling": {
      meaning: "A key beside a `$ref` doesn't count, or is in what the reference points to as well.",
      remedy: "Move the key to what the reference points to, or keep one of the two.",
    },
    "openapi-title": {
      meaning: "Auth0 doesn't accept the document's title as the name of an API.",
      remedy: "Use up to 200 characters, without `<` and `>`.",
    },
    "openapi-scheme-count": {
      meaning:
        "The document doesn't have exactly one security scheme with the OAuth 2.0 client credentials flow.",
      remedy: "Declare one in `components.securitySchemes`.",
    },
    "openapi-no-scopes": {
      meaning: "The document's security scheme declares no scopes.",
      remedy: "Declare the scopes of the API in it.",
    },
    "openapi-too-many-scopes": {
      meaning: "The document declares more scopes than an API can have in Auth0.",
      remedy: "Remove scopes, or merge those that always go together.",
    },
    "openapi-scope-invalid": {
      meaning: "Auth0 or OAuth 2.0 doesn't allow the name of a scope.",
      remedy: "Rename the scope: visible ASCII characters, without spaces, quotes and backslashes.",
    },
    "openapi-scope-description": {
      meaning: "The description of a scope is longer than Auth0 allows.",
      remedy: "Shorten it.",
    },
    "security-scheme-unknown": {
      meaning:
        "An operation requires a security scheme that isn't declared, or that the gateway can't check.",
      remedy: "Require scopes of the scheme with the client credentials flow.",
    },
    "security-scope-unknown": {
      meaning: "An operation requires a scope that the document doesn't declare.",
      remedy: "Correct the spelling, or declare the scope.",
    },
    "operation-public": {
      meaning: "An operation needs no token, and the setting `publicRoutes` doesn't list it.",
      remedy: "Require scopes with `security`, or list the operation in `publicRoutes`.",
    },
    "public-route-unknown": {
      meaning: "The setting `publicRoutes` lists an operation that the document doesn't have.",
      remedy: "Correct the entry, or remove it.",
    },
    "operations-none": {
      meaning: "The document has no operation.",
      remedy: "Add paths with operations.",
    },
    "routes-ambiguous": {
      meaning:
        "Operations lie within one another's paths in such a way that no policy of the authorizer can allow one and deny the other.",
      remedy: "Have neighbouring operations require the same scopes, or rename a path.",
    },
    "path-invalid": {
      meaning: "API Gateway can't serve a path as it is written.",
      remedy: "Rename the path, or its parameters.",
    },
    "path-parameters-differ": {
      meaning:
        "Two paths are the same but for the names of their parameters, or one has `{name}` where the other has `{name+}`. API Gateway takes one of them.",
      remedy: "Put the operations under one path, or use one kind of parameter.",
    },
    "parameter-not-in-path": {
      meaning: "An operation declares a path parameter that its path doesn't have.",
      remedy: "Correct the name, or remove the parameter.",
    },
    "parameter-not-declared": {
      meaning: "A path has a parameter that its operation doesn't declare.",
      remedy: "Add it to `parameters` with `in: path`.",
    },
    "method-not-served": {
      meaning:
        "The document has an operation that API Gateway doesn't serve, or that the program doesn't follow.",
      remedy: "Remove the operation, or write one for each method.",
    },
    "header-parameter-twice": {
      meaning: "An operation has two header parameters whose names differ by case only.",
      remedy: "Remove one: names of headers are case-insensitive.",
    },
    "gateway-extension": {
      meaning:
        "The document has an extension of API Gateway (`x-amazon-apigateway-...`) that isn't followed, or with a wrong value.",
      remedy: "Remove it, and set what the message names instead.",
    },
    "operation-id-twice": {
      meaning: "Two operations have the same `operationId`.",
      remedy: "Rename one of them.",
    },
    "backend-choice-invalid": {
      meaning:
        "An `x-backend` isn't the name of a backend, or a map with `name` and `timeoutMs`; or it stands at the document's top level.",
      remedy: "Write it at a path or an operation, as docs/reference/gateway.md shows.",
    },
    "encoded-slashes-invalid": {
      meaning: "An `x-encoded-slashes` has another value than `allow`, or stands where it has no effect.",
      remedy: "Write `allow` at an operation with path parameters, or remove it.",
    },
  },
  gateway: {
    "backend-invalid-name": {
      meaning: "A backend has a name that can't be part of a resource's name.",
      remedy: "Use up to 40 letters, digits, `-` and `_`, beginning with a letter.",
    },
    "backend-unknown-kind": {
      meaning: "A backend has no kind, or one that doesn't exist.",
      remedy: "Set its `kind` to `http`, `vpcLink`, `lambda` or `mock`.",
    },
    "backend-unknown-key": {
      meaning: "A backend has a key that its kind doesn't have.",
      remedy: "Correct the spelling, or remove the key.",
    },
    "backend-missing-value": {
      meaning: "A backend lacks a key that its kind needs.",
      remedy: "Add the key.",
    },
    "backend-wrong-type": {
      meaning: "A backend, or one of its values, has the wrong type.",
      remedy: "Write a value of the type that is shown.",
    },
    "backend-invalid-value": {
      meaning: "A value of a backend isn't allowed.",
      remedy: "Write a value that the message allows.",
    },
    "backend-conflict": {
      meaning: "Two settings of backends exclude each other.",
      remedy: "Unset one of them.",
    },
    "backend-timeout": {
      meaning: "A timeout is outside of what the type of API allows, or the backend has no timeout.",
      remedy: "Choose a timeout within the limits that are shown.",
    },
    "backend-unknown": {
      meaning: "The document chooses a backend that the settings don't have.",
      remedy: "Correct the name, or add the backend to the setting `backends`.",
    },
    "backend-unused": {
      meaning: "No operation goes to a backend.",
      remedy: "Name it in the document, or remove it.",
    },
    "backend-default-missing": {
      meaning:
        "Operations go to the default backend, and neither `backendUrl` nor the backend `default` is set.",
      remedy: "Set one of them.",
    },
    "api-type-unsupported": {
      meaning: "The type of API, or its authorizer, can't do what a setting or the document asks for.",
      remedy: "Change `apiType` or `httpAuthorizer`, or what asks for it.",
    },
  },
  deployment: {
    "member-not-found": {
      meaning:
        "No user of the tenant, or more than one, has a member's address, or the user can't be looked up.",
      remedy: "Have the user sign up first, or give Pulumi's client the scope `read:users`.",
    },
    "imports-organization-refused": {
      meaning:
        "An organization can't be imported for the customer: it doesn't exist, has another name, or belongs to another customer.",
      remedy: "Delete the lines, or write the organization's name in the customer's file.",
    },
    "imports-client-refused": {
      meaning:
        "A client can't be imported for the customer: it doesn't exist, isn't a machine-to-machine client of the API, or belongs to somebody else.",
      remedy: "Delete the lines; docs/how-to/import.md says what can be imported.",
    },
    "imports-grant-refused": {
      meaning:
        "A client grant can't be imported: it isn't the client's grant on the API, or doesn't match what Auth0 has.",
      remedy: "Delete the lines, and import again.",
    },
    "imports-api-refused": {
      meaning: "The API of `imports.json` doesn't exist in the tenant, or isn't the API of this stack.",
      remedy: "Delete the lines, and import again.",
    },
    "removal-limit-exceeded": {
      meaning:
        "The deployment would cut off more customers, clients or scopes at once than `removalLimit` allows.",
      remedy: "Deploy in steps, or raise `removalLimit` if you intend it.",
    },
    "customer-protected": {
      meaning: "The deployment would delete a customer that is protected.",
      remedy: "Put the file back, or close the customer first.",
    },
    "client-protected": {
      meaning: "The deployment would delete a client that is protected.",
      remedy: "Put its lines back, or close the client first.",
    },
    "audience-protected": {
      meaning: "Another `audience` would replace the grants of protected customers.",
      remedy: "Undo the change, or deploy with `protect: false` first.",
    },
    "own-client-deleted": {
      meaning: "The deployment would delete the client with which Pulumi itself signs in to Auth0.",
      remedy: "Give Pulumi another client first.",
    },
    "customer-in-other-shard": {
      meaning: "A customer belongs to another shard than the one that it is deployed in.",
      remedy: "Move the customers between the shards first.",
    },
  },
  tenant: {
    "organization-name-unmappable": {
      meaning:
        "An organization's name can't be the name of a customer file, or another customer's file has that name.",
      remedy: "Rename the organization in Auth0, or the file.",
    },
    "organization-too-many-grants": {
      meaning: "An organization has more client grants than Pulumi's provider reads.",
      remedy: "Remove grants that nobody uses.",
    },
    "organization-without-client": {
      meaning: "An organization has no client that can be imported, and a customer file needs one.",
      remedy: "Fix what keeps its clients from being imported, or leave the organization as it is.",
    },
    "organization-not-imported": {
      meaning: "A client belongs to an organization that isn't imported.",
      remedy: "Fix what keeps the organization from being imported.",
    },
    "organization-not-from-file": {
      meaning: "An organization has the name in a customer file, but wasn't created from that file.",
      remedy: "Rename the file and import again, or delete the organization.",
    },
    "customer-file-exists": {
      meaning: "A client belongs to a customer that has a file, which an import doesn't change.",
      remedy: "Add the client to the file, or leave it as it is.",
    },
    "mark-without-file": {
      meaning:
        "The metadata of an organization or client name a customer of this program that has no file here.",
      remedy: "Restore the file, or remove the metadata if no company's stack has the customer.",
    },
    "settings-unmappable": {
      meaning: "An organization or client has settings for which customer files have no key.",
      remedy: "Remove them in Auth0, or leave it as it is.",
    },
    "client-reads-tenant": {
      meaning: "The client is the one with which the command reads the tenant.",
      remedy: "Leave it as it is.",
    },
    "client-manages-tenant": {
      meaning: "A client has a grant on the Auth0 Management API.",
      remedy: "Leave it as it is: customers' clients don't manage the tenant.",
    },
    "client-without-grant": {
      meaning: "A client has no grant on the company's API.",
      remedy: "Leave it as it is, or add a grant and import again.",
    },
    "client-type-unmappable": {
      meaning: "A client isn't a first-party machine-to-machine client, or has other grant types.",
      remedy: "Change it in Auth0, or leave it as it is.",
    },
    "client-authentication-unmappable": {
      meaning: "A client has a key pair, or authenticates in a way for which customer files have no key.",
      remedy: "Change it in Auth0 to a client secret in the request's body, or leave it as it is.",
    },
    "grant-unmappable": {
      meaning:
        "A client grant isn't for exactly one organization, has no scopes, or has settings for which customer files have no key.",
      remedy: "Change the grant in Auth0, or leave it as it is.",
    },
    "grant-scope-not-in-api": {
      meaning: "A client grant has a scope that the API's OpenAPI document doesn't declare.",
      remedy: "Declare the scope, or remove it from the grant, and import again.",
    },
    "grant-not-in-files": {
      meaning:
        "A client grant is for another API or for users, or belongs to no single client. Customer files have no key for it.",
      remedy: "Leave it as it is.",
    },
    "members-not-in-files": {
      meaning: "An imported organization has members, which an import doesn't write into its file.",
      remedy: "Add the members that you want to manage to the file.",
    },
  },
  upkeep: {
    "node-unsuitable": {
      meaning: "The package doesn't run on this version of Node.js.",
      remedy: "Install a version that it names.",
    },
    "pulumi-cli-unsuitable": {
      meaning: "The Pulumi CLI is older than Pulumi's SDK, or of another major version.",
      remedy: "Install a CLI that is as new as `@pulumi/pulumi`.",
    },
    "plugin-on-path": {
      meaning: "A program on the PATH is used instead of the plugin that a package asks for.",
      remedy: "Remove it from the PATH, or set `PULUMI_IGNORE_AMBIENT_PLUGINS`.",
    },
    "sdk-installed-twice": {
      meaning: "There is more than one copy of `@pulumi/pulumi`, so that resources are registered in vain.",
      remedy: "Install one version that fits all packages, and run `npm dedupe`.",
    },
    "package-missing": {
      meaning: "A package is not installed that package.json or the product needs.",
      remedy: "Run `npm ci`.",
    },
    "package-unsuitable": {
      meaning: "A package of Pulumi is installed in a version that the product doesn't work with.",
      remedy: "Install a version that fits, or let npm choose it.",
    },
    "local-cloud-unsuitable": {
      meaning: "The local cloud is of another version than the product.",
      remedy: "Install the same version of both.",
    },
    "dependency-not-exact": {
      meaning: "package.json names no single version of the product or of the local cloud.",
      remedy: "Name one version, without `^` or `~`.",
    },
    "dependency-not-installed": {
      meaning: "Another version is installed than package.json names.",
      remedy: "Run `npm ci`.",
    },
    "lock-file-missing": {
      meaning: "The company has no lock file, so that versions differ between computers.",
      remedy: "Run `npm install`, and commit the lock file.",
    },
    "workflow-not-exact": {
      meaning: "A workflow of the product is called by something that names no version, such as a branch.",
      remedy: "Call it by the tag of the installed version.",
    },
    "workflow-unsuitable": {
      meaning: "A workflow of the product is of a version that doesn't fit the installed package.",
      remedy: "Call the workflow by the tag of the installed version, or install the other version.",
    },
    "file-outdated": {
      meaning: "A file of the company is written for an older version.",
      remedy: "Run `npx customers upgrade`.",
    },
    "upgrade-by-hand": {
      meaning: "`customers upgrade` can't change a key or a value, because of how the file is written.",
      remedy: "Change it by hand, and run the command again.",
    },
    "upgrade-key-twice": {
      meaning: "A file has a key under its old name and under its new one.",
      remedy: "Keep one of them.",
    },
    "upgrade-target-exists": {
      meaning: "A file has to move, and another file is where it belongs.",
      remedy: "Keep one of the two files, in the new place.",
    },
  },
  commands: {
    "environment-variable-missing": {
      meaning: "An environment variable is missing that a command needs to sign in to Auth0.",
      remedy: "Set the variable.",
    },
    "audience-not-given": {
      meaning: "A command doesn't know which API it is about.",
      remedy: "Pass `--stack` or `--audience`.",
    },
    "customer-unknown": {
      meaning: "A command names a customer that no file declares, or that the stack doesn't have.",
      remedy: "Correct the customer's id.",
    },
    "customer-invalid-id": {
      meaning: "A new customer's id can't be the name of its file.",
      remedy: "Choose another id.",
    },
    "customer-exists": {
      meaning: "A command would give a customer an id that another one has.",
      remedy: "Edit the file, or choose another id.",
    },
    "rename-unfinished": {
      meaning: "A rename concerns a name that the line `previously` of an earlier rename still holds.",
      remedy: "Remove that line once the earlier rename is deployed in every stack, and rename again.",
    },
    "customer-status-refused": {
      meaning: "A customer can't go from its status to the one that a command sets.",
      remedy: "Resume, or close, the customer first.",
    },
    "client-unknown": {
      meaning: "A command doesn't name one of the customer's clients.",
      remedy: "Name one of those that are shown.",
    },
    "rotation-refused": {
      meaning: "A client can't begin, finish or cancel a rotation now.",
      remedy: "Do what the message shows first.",
    },
    "edit-by-hand": {
      meaning: "A command can't edit a file because it uses anchors or aliases where the change belongs.",
      remedy: "Edit the lines by hand.",
    },
    "plans-invalid": {
      meaning: "A command needs the stack's plans, which are not valid.",
      remedy: "Validate the settings, and correct them.",
    },
    "credentials-unavailable": {
      meaning: "The stack's outputs have no address or no credentials of the kind that the command asks for.",
      remedy: "Deploy the customer, or ask for what the message shows.",
    },
    "tenant-unreadable": {
      meaning: "Auth0 refused a request of a command, or didn't answer it as documented.",
      remedy: "Correct the client's credentials or scopes, or run the command again later.",
    },
    "command-line-invalid": {
      meaning: "The command line has an unknown command, option or argument, or lacks one.",
      remedy: "Correct it; `npx customers COMMAND --help` shows an example.",
    },
    "command-failed": {
      meaning: "A command failed for a reason outside of the company's files, such as the Pulumi CLI.",
      remedy: "Do what the message shows, and run the command again.",
    },
  },
} as const satisfies Record<string, Record<string, ProblemDescription>>;

export interface ProblemDescription {
  /** What is wrong. */
  meaning: string;
  /** What to do about it. */
  remedy: string;
}

export type ProblemArea = keyof typeof problemCodes;

/** Stable from version to version, such as `customer-file-unknown-key`. */
export type ProblemCode = { [Area in ProblemArea]: keyof (typeof problemCodes)[Area] }[ProblemArea] & string;

const descriptions: ReadonlyMap<string, ProblemDescription> = new Map(
  Object.values(problemCodes).flatMap((area) => Object.entries<ProblemDescription>(area)),
);

export function describeCode(code: ProblemCode): ProblemDescription {
  const description = descriptions.get(code);
  if (!description) throw new RangeError(`${code} is no code`);
  return description;
}
