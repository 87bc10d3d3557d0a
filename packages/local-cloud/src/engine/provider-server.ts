// Serves a Provider to the engine over gRPC; the engine attaches to it by PULUMI_DEBUG_PROVIDERS.
import * as grpc from "@grpc/grpc-js";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import * as service from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { fromStruct, toStruct } from "./property-values";
import type { Provider } from "./provider";

export interface RunningProvider {
  port: number;
  close(): void;
}

/** Serves on a free port of the loopback interface. */
export async function serveProvider(provider: Provider, version: string): Promise<RunningProvider> {
  const server = new grpc.Server({
    "grpc.max_receive_message_length": maxMessageBytes,
    "grpc.max_send_message_length": maxMessageBytes,
  });
  server.addService(service.ResourceProviderService, methods(provider, version));
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { port, close: () => server.forceShutdown() };
}

/** The engine's own limit. */
const maxMessageBytes = 400 * 1024 * 1024;

function methods(provider: Provider, version: string): grpc.UntypedServiceImplementation {
  return {
    getPluginInfo: unary<Empty, plugin.PluginInfo>(async () => {
      const info = new plugin.PluginInfo();
      info.setVersion(version);
      return info;
    }),
    attach: unary(async () => new Empty()),
    handshake: unary(async () => new proto.ProviderHandshakeResponse()),
    getSchema: unary(async () => {
      const response = new proto.GetSchemaResponse();
      response.setSchema("{}");
      return response;
    }),
    checkConfig: unary(async (request: proto.CheckRequest) => {
      const response = new proto.CheckResponse();
      response.setInputs(request.getNews());
      return response;
    }),
    diffConfig: unary(async () => new proto.DiffResponse()),
    configure: unary(async (request: proto.ConfigureRequest) => {
      const config: Record<string, string> = {};
      for (const [key, value] of request.getVariablesMap().entries()) {
        config[key.replace(/^[^:]*:config:/, "")] = value;
      }
      await provider.configure(config);
      const response = new proto.ConfigureResponse();
      response.setSupportspreview(true);
      // Secrets arrive in clear; the engine marks the answers again.
      response.setAcceptsecrets(false);
      return response;
    }),
    check: unary(async (request: proto.CheckRequest) => {
      const old = request.getOlds();
      const { inputs, failures } = await provider.check(
        typeOf(request.getUrn()),
        fromStruct(request.getNews()),
        request.getUrn(),
        old && old.getFieldsMap().getLength() > 0 ? fromStruct(old) : undefined,
      );
      const response = new proto.CheckResponse();
      response.setInputs(toStruct(inputs));
      response.setFailuresList(
        failures.map(({ property, reason }) => {
          const failure = new proto.CheckFailure();
          failure.setProperty(property);
          failure.setReason(reason);
          return failure;
        }),
      );
      return response;
    }),
    diff: unary(async (request: proto.DiffRequest) => {
      const { changed, replace, deleteBeforeReplace } = await provider.diff(
        typeOf(request.getUrn()),
        request.getId(),
        fromStruct(request.getOldInputs()),
        fromStruct(request.getOlds()),
        fromStruct(request.getNews()),
      );
      const ignored = request.getIgnorechangesList();
      const relevant = changed.filter((property) => !ignored.includes(property));
      const { DIFF_SOME, DIFF_NONE } = proto.DiffResponse.DiffChanges;
      const response = new proto.DiffResponse();
      response.setChanges(relevant.length > 0 ? DIFF_SOME : DIFF_NONE);
      response.setDiffsList(relevant);
      response.setReplacesList(replace.filter((property) => relevant.includes(property)));
      response.setDeletebeforereplace(deleteBeforeReplace ?? false);
      return response;
    }),
    create: unary(async (request: proto.CreateRequest) => {
      const { id, outputs } = await provider.create(
        typeOf(request.getUrn()),
        fromStruct(request.getProperties()),
        request.getPreview(),
      );
      const response = new proto.CreateResponse();
      if (!request.getPreview()) response.setId(id);
      response.setProperties(toStruct(outputs));
      return response;
    }),
    read: unary(async (request: proto.ReadRequest) => {
      const found = await provider.read(
        typeOf(request.getUrn()),
        request.getId(),
        fromStruct(request.getInputs()),
        fromStruct(request.getProperties()),
      );
      const response = new proto.ReadResponse();
      // An empty id says that the resource is gone.
      if (!found) return response;
      response.setId(found.id);
      response.setInputs(toStruct(found.inputs));
      response.setProperties(toStruct(found.outputs));
      return response;
    }),
    update: unary(async (request: proto.UpdateRequest) => {
      const outputs = await provider.update(
        typeOf(request.getUrn()),
        request.getId(),
        fromStruct(request.getOlds()),
        fromStruct(request.getNews()),
        request.getPreview(),
      );
      const response = new proto.UpdateResponse();
      response.setProperties(toStruct(outputs));
      return response;
    }),
    delete: unary(async (request: proto.DeleteRequest) => {
      await provider.delete(typeOf(request.getUrn()), request.getId(), fromStruct(request.getProperties()));
      return new Empty();
    }),
    invoke: unary(async (request: proto.InvokeRequest) => {
      const response = new proto.InvokeResponse();
      response.setReturn(toStruct(await provider.invoke(request.getTok(), fromStruct(request.getArgs()))));
      return response;
    }),
    cancel: unary(async () => new Empty()),
  };
}

function unary<Request, Response>(
  answer: (request: Request) => Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    answer(call.request).then(
      (response) => callback(null, response),
      (error: unknown) =>
        callback({
          code: grpc.status.UNKNOWN,
          details: error instanceof Error ? error.message : String(error),
        }),
    );
  };
}

/** `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME` */
function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}
