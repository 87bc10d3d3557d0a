// Types that are only stored: inputs are kept as they are, and one refusal remains.
import { Fixture, typeOf } from "../../testing/fixture";

let fixture: Fixture;

beforeEach(async () => {
  fixture = await Fixture.start({ region: "us-east-1" });
});
afterEach(() => fixture.close());

// Local: nothing executes these types, so that no reading of AWS's rules stands between a program and its test.
it("keeps a property that the table does not name, and finds a change of it", async () => {
  const cluster = await fixture.create("ecs/cluster", { name: "a", settings: [{ name: "x", value: "y" }] });
  expect(cluster.outputs).toMatchObject({ settings: [{ name: "x", value: "y" }] });
  const diff = await fixture.aws.provider.diff(
    typeOf("ecs/cluster"),
    cluster.id,
    cluster.inputs,
    cluster.outputs,
    { ...cluster.inputs, settings: undefined, tags: { team: "api" } },
  );
  expect(diff).toMatchObject({ changed: ["settings", "tags"], replace: [] });
});

// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-load-balancing.html
it("refuses a service for a target group that no listener leads to, as if dependsOn were missing", async () => {
  const target = { name: "portal", vpcId: "vpc-0a1b", port: 4000, protocol: "HTTP", targetType: "ip" };
  const { id: targetGroupArn } = await fixture.create("lb/targetGroup", target);
  const cluster = await fixture.create("ecs/cluster", { name: "portal" });
  const service = {
    name: "portal",
    cluster: cluster.id,
    taskDefinition: "portal:1",
    loadBalancers: [{ containerName: "web", containerPort: 4000, targetGroupArn }],
  };
  await expect(fixture.create("ecs/service", service)).rejects.toThrow(
    `The target group with targetGroupArn ${targetGroupArn} does not have an associated load balancer.`,
  );
  const rule = { listenerArn: "listener", priority: 1, actions: [{ type: "forward", targetGroupArn }] };
  await fixture.create("lb/listenerRule", rule);
  await expect(fixture.create("ecs/service", service)).resolves.toMatchObject({
    id: "arn:aws:ecs:us-east-1:123456789012:service/portal/portal",
  });
});

// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
it("counts the revisions of a task definition", async () => {
  const create = () => fixture.create("ecs/taskDefinition", { family: "portal", containerDefinitions: "[]" });
  const first = await create();
  expect((await create()).outputs.revision).toBe(2);
  await fixture.aws.provider.delete(typeOf("ecs/taskDefinition"), first.id, {});
  expect((await create()).outputs.revision).toBe(3);
});

// Local: a company's own resources are not the product's, whose types must all be known.
it("keeps a resource of a type that it doesn't know as declared, if that option is set", async () => {
  const kept = await Fixture.start({ region: "us-east-1", unknownTypes: "keep as declared" });
  try {
    const topic = await kept.create("sns/topic", { displayName: "Orders", tags: { team: "api" } });
    expect(topic.outputs).toMatchObject({
      arn: expect.stringMatching(/^arn:aws:sns:us-east-1:123456789012:topic\/[a-z0-9]{16}$/),
      displayName: "Orders",
      tagsAll: { team: "api" },
    });
  } finally {
    await kept.close();
  }
  await expect(fixture.create("sns/topic", { displayName: "Orders" })).rejects.toThrow(
    "the local cloud has no aws:sns/topic:Topic.",
  );
});
