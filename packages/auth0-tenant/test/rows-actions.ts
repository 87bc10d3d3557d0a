// Actions: drafts, deployment, and what triggers them.
import { managementMessages } from "../src/unverified";
import type { Row, Step } from "./row";
import { get, invalid, notFound, patch, refused, remove } from "./rows-given";

const uuid = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
const supported_triggers = [{ id: "credentials-exchange", version: "v2" }];
const code = "exports.onExecuteCredentialsExchange = async () => {};";

const action = (save: string, more: object = {}): Step => ({
  request: "POST /api/v2/actions/actions",
  body: { name: `${save} {row}`, supported_triggers, code, ...more },
  status: 201,
  save: { [save]: "id" },
});

const deploy = (name: string): Step => ({
  request: `POST /api/v2/actions/actions/{${name}}/deploy`,
  status: 200,
});

/** As recorded: TestActionManager_Bindings.yaml and TestActionManager_CreateWithDeploy.yaml of go-auth0. */
const nanoseconds = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
const times = { created_at: nanoseconds, updated_at: nanoseconds };
const version = (number: number) => ({
  ...{ id: uuid, number, code, dependencies: [], runtime: "node22", status: "built", supported_triggers },
  ...{ secrets: [{ name: "KEY", updated_at: nanoseconds }], ...times },
});
const current = (number: number) => ({
  ...{ id: uuid, number, code, runtime: "node22", status: "BUILT", build_time: nanoseconds, ...times },
});
const short = (name: string) => ({
  ...{ id: `{${name}}`, name: `${name} {row}`, supported_triggers, ...times },
  all_changes_deployed: false,
});

const trigger = "actions/triggers/credentials-exchange/bindings";
const bind = (...names: string[]): Step =>
  patch(trigger, {
    bindings: names.map((name) => ({ display_name: name, ref: { type: "action_id", value: `{${name}}` } })),
  });

export const actionRows: Row[] = [
  {
    name: "an action is pending in the answer to its creation, and built when it is read",
    steps: [
      {
        ...action("act", { secrets: [{ name: "KEY", value: "hidden" }] }),
        shape: {
          id: uuid,
          status: "pending",
          code,
          supported_triggers,
          dependencies: [],
          runtime: "node22",
          all_changes_deployed: false,
        },
        absent: ["deployed_version"],
      },
      {
        ...get("actions/actions/{act}", { status: "built" }),
        shape: { secrets: [{ name: "KEY", updated_at: expect.any(String) }] },
      },
      get("actions/actions/{act}", { secrets: [expect.not.objectContaining({ value: "hidden" })] }),
    ],
  },
  {
    name: "an action is deployed as the official provider waits for it, and has its version in two forms",
    steps: [
      action("act", { secrets: [{ name: "KEY", value: "hidden" }] }),
      {
        ...deploy("act"),
        whole: { ...version(1), deployed: false, action: short("act") },
        absent: ["built_at"],
        save: { first: "id" },
      },
      get("actions/actions/{act}", {
        all_changes_deployed: true,
        current_version: current(1),
        deployed_version: { ...version(1), id: "{first}", deployed: true, built_at: nanoseconds },
      }),
      {
        ...patch("actions/actions/{act}", { code: "changed" }),
        shape: {
          ...{ code: "changed", status: "pending", all_changes_deployed: false },
          deployed_version: { code, status: "built" },
        },
      },
      { ...deploy("act"), shape: { number: 2, code: "changed" } },
    ],
  },
  {
    name: "an action that is made or changed to be deployed is deployed at once",
    steps: [
      {
        ...action("act", { deploy: true, secrets: [{ name: "KEY", value: "hidden" }] }),
        shape: {
          ...{ status: "pending", all_changes_deployed: true, created_at: nanoseconds },
          current_version: { status: "PENDING", number: 1 },
          deployed_version: { ...version(1), status: "pending", deployed: true },
        },
      },
      get("actions/actions/{act}", { status: "built", current_version: current(1) }),
      {
        ...patch("actions/actions/{act}", { code: "changed", deploy: true }),
        shape: { all_changes_deployed: true, deployed_version: { number: 2, code: "changed" } },
      },
    ],
  },
  {
    name: "versions of an action are listed, the newest first, with the action as it was made",
    steps: [
      action("act", { secrets: [{ name: "KEY", value: "hidden" }] }),
      { ...get("actions/actions/{act}/versions"), whole: { versions: [], per_page: 50 } },
      { ...deploy("act"), save: { first: "id" } },
      deploy("act"),
      {
        ...get("actions/actions/{act}/versions?per_page=1&page=1"),
        whole: {
          versions: [
            { ...version(1), id: "{first}", deployed: false, built_at: nanoseconds, action: short("act") },
          ],
          ...{ total: 2, page: 1, per_page: 1 },
        },
      },
      get("actions/actions/{act}/versions", { versions: [{ number: 2, deployed: true }, { number: 1 }] }),
      get("actions/actions/{act}/versions/{first}", { number: 1, action: short("act") }),
      action("other"),
      refused("GET actions/actions/{other}/versions/{first}", 404, "That action version does not exist."),
      remove("actions/actions/{act}"),
      notFound("GET actions/actions/{act}/versions", "action"),
    ],
  },
  {
    name: "a second action of the same name is a conflict",
    steps: [
      action("act"),
      refused("POST actions/actions", 409, managementMessages.actionTaken, undefined, {
        name: "act {row}",
        supported_triggers,
      }),
      action("other"),
      refused("PATCH actions/actions/{other}", 409, managementMessages.actionTaken, undefined, {
        name: "act {row}",
      }),
    ],
  },
  ...(
    [
      ["no trigger", { name: "x" }, "'Missing required property: supported_triggers'."],
      [
        "an empty list of triggers",
        { name: "x", supported_triggers: [] },
        "'Array is too short (0), minimum 1' on property supported_triggers.",
      ],
      [
        "an unknown runtime",
        { name: "x", supported_triggers, runtime: "node8" },
        "'No enum match for: node8' on property runtime.",
      ],
      [
        "an unknown property",
        { name: "x", supported_triggers, colour: 1 },
        "'Additional properties not allowed: colour'.",
      ],
    ] as const
  ).map(([name, body, finding]) => ({
    name: `an action with ${name} is refused`,
    steps: [invalid("POST actions/actions", body, finding)],
  })),
  {
    name: "an action for an unknown trigger is refused",
    steps: [
      {
        request: "POST /api/v2/actions/actions",
        body: { name: "x", supported_triggers: [{ id: "full-moon" }] },
        status: 400,
        shape: { statusCode: 400 },
      },
      { request: "GET /api/v2/actions/triggers/full-moon/bindings", status: 400 },
    ],
  },
  {
    name: "actions are bound to a trigger, in order, and unbound",
    steps: [
      action("act"),
      action("other", { secrets: [{ name: "KEY", value: "hidden" }] }),
      deploy("act"),
      deploy("other"),
      {
        ...bind("other"),
        whole: {
          bindings: [
            {
              ...{ id: uuid, trigger_id: "credentials-exchange", display_name: "other" },
              created_at: expect.any(String),
              updated_at: expect.any(String),
              action: {
                ...short("other"),
                current_version: current(1),
                deployed_version: { ...version(1), deployed: true, built_at: nanoseconds },
              },
            },
          ],
        },
      },
      {
        ...bind("other", "act"),
        shape: {
          bindings: [
            {
              id: uuid,
              trigger_id: "credentials-exchange",
              display_name: "other",
              action: { id: "{other}" },
            },
            { display_name: "act", action: { id: "{act}" } },
          ],
        },
        save: { first: "bindings.0.id" },
      },
      get(`${trigger}?page=0&per_page=100`, {
        total: 2,
        per_page: 100,
        bindings: [{ display_name: "other" }, { display_name: "act" }],
      }),
      patch(
        trigger,
        { bindings: [{ display_name: "kept", ref: { type: "binding_id", value: "{first}" } }] },
        { bindings: [{ id: "{first}", display_name: "kept", action: { id: "{other}" } }] },
      ),
      patch(
        trigger,
        { bindings: [{ ref: { type: "action_name", value: "act {row}" } }] },
        { bindings: [{ display_name: "act {row}", action: { id: "{act}" } }] },
      ),
      { ...patch(trigger, { bindings: [] }), whole: { bindings: [] } },
      { ...get(trigger, { bindings: [] }), absent: ["total", "page"] },
    ],
  },
  {
    name: "an action that is not deployed is not bound",
    steps: [
      action("act"),
      { ...bind("act"), status: 400, shape: { message: "The action act {row} is not deployed." } },
      { ...get(trigger, { bindings: [] }), absent: ["total"] },
    ],
  },
  {
    name: "an action is bound only to a trigger that it supports",
    steps: [
      action("act", { supported_triggers: [{ id: "post-login" }] }),
      deploy("act"),
      { ...bind("act"), status: 400 },
    ],
  },
  {
    name: "an action that does not exist is not bound",
    steps: [
      notFound(`PATCH ${trigger}`, "action", { bindings: [{ ref: { type: "action_id", value: "x" } }] }),
    ],
  },
  {
    name: "an action that is bound is deleted only by force",
    steps: [
      action("act"),
      deploy("act"),
      bind("act"),
      { request: "DELETE /api/v2/actions/actions/{act}", status: 400 },
      remove("actions/actions/{act}?force=true"),
      { ...get(trigger, { bindings: [] }), absent: ["total"] },
    ],
  },
  {
    name: "an action is deleted, once",
    steps: [
      action("act"),
      remove("actions/actions/{act}"),
      notFound("GET actions/actions/{act}", "action"),
      notFound("DELETE actions/actions/{act}", "action"),
      notFound("PATCH actions/actions/{act}", "action", { name: "x" }),
      notFound("POST actions/actions/{act}/deploy", "action"),
    ],
  },
  {
    name: "actions are found by name, trigger and deployment",
    steps: [
      action("act"),
      action("other"),
      deploy("other"),
      get("actions/actions?actionName=act%20{row}", { total: 1, actions: [{ id: "{act}" }] }),
      { ...get("actions/actions?actionName=act%20{row}&deployed=true", { actions: [] }), absent: ["total"] },
      get("actions/actions?actionName=other%20{row}&deployed=true&triggerId=credentials-exchange", {
        total: 1,
        per_page: 50,
      }),
      {
        ...get("actions/actions?actionName=other%20{row}&triggerId=post-login", { actions: [] }),
        absent: ["total"],
      },
    ],
  },
  {
    name: "triggers are listed by their versions, of which the newest is current",
    steps: [
      get("actions/triggers", {
        triggers: expect.arrayContaining([
          {
            ...{ id: "post-login", version: "v3", status: "CURRENT", default_runtime: "node22" },
            runtimes: expect.arrayContaining(["node22"]),
            compatible_triggers: [{ id: "post-login", version: "v2" }],
            binding_policy: "trigger-bound",
          },
          expect.objectContaining({ id: "post-login", version: "v1", status: "DEPRECATED" }),
          expect.objectContaining({ id: "credentials-exchange", version: "v2", status: "CURRENT" }),
          expect.objectContaining({ id: "event-stream", binding_policy: "entity-bound" }),
        ]),
      }),
    ],
  },
];
