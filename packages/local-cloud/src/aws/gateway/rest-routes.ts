// Finds the method of a request: a static path part wins over a variable, which wins over a greedy one. A resource without
// the method is passed over for a less specific one that has it, as measured on AWS (ministackorg/ministack#1423,
// floci-io/floci#3399).
import type { Method } from "./rest-api-body";

interface FoundRestRoute {
  method: Method;
  /** Still encoded, as in the request. */
  pathParameters: Record<string, string>;
}

interface Node {
  static: Map<string, Node>;
  variable?: { name: string; node: Node };
  greedy?: { name: string; node: Node };
  methods: Map<string, Method>;
}

export class RestRoutes {
  private readonly root = createNode();

  constructor(methods: readonly Method[]) {
    for (const method of methods) this.add(method);
  }

  /** @param path without the stage, as in the request */
  find(httpMethod: string, path: string): FoundRestRoute | undefined {
    // Slashes at the end and doubled ones lead to the same resource (localstack/localstack#11253).
    const parts = [...path.matchAll(/[^/]+/g)].map(({ 0: text, index }) => ({ text, index }));
    const pathParameters: Record<string, string> = {};
    const method = descend(this.root, { parts, path, httpMethod }, 0, pathParameters);
    return method ? { method, pathParameters } : undefined;
  }

  private add(method: Method): void {
    let node = this.root;
    for (const part of method.resourcePath.split("/").filter((text) => text !== "")) {
      const name = /^\{(.+?)\+?\}$/.exec(part)?.[1];
      if (name === undefined) {
        const next = node.static.get(part) ?? createNode();
        node.static.set(part, next);
        node = next;
      } else {
        const kind = part.endsWith("+}") ? "greedy" : "variable";
        node[kind] ??= { name, node: createNode() };
        node = node[kind].node;
      }
    }
    node.methods.set(method.httpMethod, method);
  }
}

function createNode(): Node {
  return { static: new Map(), methods: new Map() };
}

interface Wanted {
  parts: readonly { text: string; index: number }[];
  path: string;
  httpMethod: string;
}

function descend(
  node: Node,
  wanted: Wanted,
  depth: number,
  parameters: Record<string, string>,
): Method | undefined {
  const part = wanted.parts[depth];
  if (part === undefined) return methodOf(node, wanted);
  const fixed = node.static.get(part.text);
  const exact = fixed && descend(fixed, wanted, depth + 1, parameters);
  if (exact) return exact;
  if (node.variable) {
    const found = descend(node.variable.node, wanted, depth + 1, parameters);
    if (found) {
      parameters[node.variable.name] = part.text;
      return found;
    }
  }
  const greedy = node.greedy && methodOf(node.greedy.node, wanted);
  // Doubled slashes within stay, one at the end does not (test_lambda_aws_proxy_integration of localstack/localstack).
  if (node.greedy && greedy) parameters[node.greedy.name] = wanted.path.slice(part.index).replace(/\/+$/, "");
  return greedy;
}

function methodOf({ methods }: Node, { httpMethod }: Wanted): Method | undefined {
  return methods.get(httpMethod) ?? methods.get("ANY");
}
