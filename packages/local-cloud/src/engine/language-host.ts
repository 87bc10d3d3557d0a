// The Node.js language host for an engine that was built from its Go module and so came without one. It starts
// @pulumi/pulumi's own runners, of programs with the project's options and of policy packs, as the official host does.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import * as grpc from "@grpc/grpc-js";
import * as service from "@pulumi/pulumi/proto/language_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/language_pb";
import * as plugin from "@pulumi/pulumi/proto/plugin_pb";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb";

/** The runner's exit code after it has reported what is wrong (pulumi/pulumi, sdk/nodejs/cmd/run). */
const exitedAfterReport = 32;

const engineAddress = process.argv.slice(2).find((argument) => !argument.startsWith("-")) ?? "";

const methods: grpc.UntypedServiceImplementation = {
  handshake: answer(() => new proto.LanguageHandshakeResponse()),
  getPluginInfo: answer(() => {
    const info = new plugin.PluginInfo();
    info.setVersion("1.0.0");
    return info;
  }),
  // Providers are attached or on disk already; there is nothing to install.
  getRequiredPlugins: answer(() => new proto.GetRequiredPluginsResponse()),
  getRequiredPackages: answer(() => new proto.GetRequiredPackagesResponse()),
  getProgramDependencies: answer(() => new proto.GetProgramDependenciesResponse()),
  runtimeOptionsPrompts: answer(() => new proto.RuntimeOptionsResponse()),
  about: answer(() => {
    const about = new proto.AboutResponse();
    about.setExecutable(process.execPath);
    about.setVersion(process.version);
    return about;
  }),
  run: (
    call: grpc.ServerUnaryCall<proto.RunRequest, proto.RunResponse>,
    callback: grpc.sendUnaryData<proto.RunResponse>,
  ) => {
    let isDone = false;
    run(call.request, (response) => {
      isDone = true;
      callback(null, response);
    });
    // Emitted too when the engine closes the stream after our answer.
    call.on("cancelled", () => isDone || process.exit(1));
  },
  runPlugin: (call: grpc.ServerWritableStream<proto.RunPluginRequest, proto.RunPluginResponse>) => {
    const child = runPolicyPack(call.request);
    const send = (fill: (response: proto.RunPluginResponse) => void) => {
      const response = new proto.RunPluginResponse();
      fill(response);
      call.write(response);
    };
    child.stdout.on("data", (chunk: Buffer) => send((response) => response.setStdout(chunk)));
    child.stderr.on("data", (chunk: Buffer) => send((response) => response.setStderr(chunk)));
    child.on("close", (code) => {
      send((response) => response.setExitcode(code ?? 1));
      call.end();
    });
    // The engine ends a plugin by ending the call.
    call.on("cancelled", () => child.kill());
  },
};

function run(request: proto.RunRequest, done: (response: proto.RunResponse) => void): void {
  const config: Record<string, string> = Object.fromEntries(request.getConfigMap().entries());
  const options = request.getInfo()?.getOptions()?.toJavaScript() ?? {};
  const nodeArguments =
    typeof options.nodeargs === "string" ? options.nodeargs.split(/\s+/).filter(Boolean) : [];
  const pwd = request.getInfo()?.getProgramDirectory() || request.getPwd();
  const child = spawn(
    process.execPath,
    [
      ...nodeArguments,
      require.resolve("@pulumi/pulumi/cmd/run", { paths: [pwd] }),
      ...["--monitor", request.getMonitorAddress(), "--engine", engineAddress],
      ...["--project", request.getProject(), "--stack", request.getStack(), "--pwd", request.getPwd()],
      ...["--root-directory", request.getInfo()?.getRootDirectory() || pwd],
      ...(request.getOrganization() ? ["--organization", request.getOrganization()] : []),
      ...(request.getDryrun() ? ["--dry-run"] : []),
      ...(request.getParallel() > 0 ? ["--parallel", String(request.getParallel())] : []),
      request.getInfo()?.getEntryPoint() || ".",
      ...request.getArgsList(),
    ],
    {
      cwd: request.getPwd(),
      stdio: ["ignore", "inherit", "inherit"],
      env: {
        ...process.env,
        PULUMI_NODEJS_TYPESCRIPT: String(options.typescript ?? true),
        PULUMI_CONFIG: JSON.stringify(config),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      },
    },
  );
  process.once("exit", () => child.kill("SIGKILL"));
  child.on("error", (error) => done(failed(`the program cannot be started: ${error.message}`)));
  child.on("exit", (code) => {
    const response = new proto.RunResponse();
    if (code === exitedAfterReport) response.setBail(true);
    // In the words of Pulumi's own host, which knows no exit code of a program that a signal has ended (pulumi/pulumi#7294).
    else if (code !== 0) response.setError(`Program exited with non-zero exit code: ${code ?? -1}`);
    done(response);
  });
}

/** Of the plugins that a program in Node.js can be, the one that this project has. */
function runPolicyPack(request: proto.RunPluginRequest): ChildProcessByStdio<null, Readable, Readable> {
  const folder = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
  const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack", { paths: [folder] });
  const child = spawn(process.execPath, [runner, engineAddress, "."], {
    // It reads the version from the package.json here (pulumi/pulumi-policy, policy.ts).
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: Object.fromEntries(request.getEnvList().map((entry) => entry.split(/=(.*)/s, 2))),
  });
  process.once("exit", () => child.kill("SIGKILL"));
  return child;
}

function failed(reason: string): proto.RunResponse {
  const response = new proto.RunResponse();
  response.setError(reason);
  return response;
}

function answer<Response>(make: () => Response): grpc.handleUnaryCall<Empty, Response> {
  return (_call, callback) => callback(null, make());
}

const server = new grpc.Server();
server.addService(service.LanguageRuntimeService, methods);
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  // The engine reads the port from the first line.
  process.stdout.write(`${port}\n`);
});
// The engine closes the pipe when it goes away, however it goes.
process.stdin.on("end", () => process.exit(0)).resume();
