// Finds the method of a request: a static path part wins over a variable, which wins over a greedy one.
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
    const parts = path.split("/").filter((part) => part !== "");
    const pathParameters: Record<string, string> = {};
    const node = parts.length === 0 ? this.root : descend(this.root, parts, 0, pathParameters);
    const method = node?.methods.get(httpMethod) ?? node?.methods.get("ANY");
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

function descend(
  node: Node,
  parts: readonly string[],
  index: number,
  parameters: Record<string, string>,
): Node | undefined {
  const part = parts[index];
  if (part === undefined) return node.methods.size > 0 ? node : undefined;
  const fixed = node.static.get(part);
  if (fixed) {
    const found = descend(fixed, parts, index + 1, parameters);
    if (found) return found;
  }
  if (node.variable) {
    const found = descend(node.variable.node, parts, index + 1, parameters);
    if (found) {
      parameters[node.variable.name] = part;
      return found;
    }
  }
  if (node.greedy) {
    parameters[node.greedy.name] = parts.slice(index).join("/");
    return node.greedy.node;
  }
  return undefined;
}
