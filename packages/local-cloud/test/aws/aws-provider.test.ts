// Every type of resource that the local AWS has, through the life that the engine gives it.
import { resourceTypes } from "../../src/aws/services/resource-types";
import { type Properties, UNKNOWN } from "../../src/engine/provider";
import { Fixture, typeOf } from "../../testing/fixture";
import { expectedOf, refuse } from "./rows/refuse";
import { rows } from "./rows/resource-rows";
import type { World } from "./rows/row";
import { createWorld } from "./rows/world";

let fixture: Fixture;
let world: World;

beforeAll(async () => {
  fixture = await Fixture.start();
  world = await createWorld(fixture);
});

afterAll(() => fixture.close());

// Local: the table of the local AWS.
it("has a row for every type of the local AWS", () => {
  expect(rows.map(({ type }) => typeOf(type)).sort()).toEqual(Object.keys(resourceTypes).sort());
});

// Local: the life that the engine gives every resource; what AWS refuses names its page row by row.
describe.each(rows)("$type", (row) => {
  const type = typeOf(row.type);

  /** What the engine does with a declaration: check, and a diff where the resource is there. */
  const check = async (inputs: Properties, oldInputs?: Properties) => {
    const { aws } = fixture;
    const checked = await aws.provider.check(type, inputs, `urn:pulumi:s::p::${type}::row`, oldInputs);
    expect(checked.failures).toEqual([]);
    return checked.inputs;
  };

  it("is created, read without a difference, changed in place, imported, and deleted", async () => {
    const { aws } = fixture;
    const given = row.inputs(world);
    const inputs = await check(given);

    const preview = await aws.provider.create(type, inputs, true);
    expect(aws.account.get(type, preview.id)).toBeUndefined();
    const created = await aws.provider.create(type, inputs, false);
    expect(created.outputs).toMatchObject(given);
    // What the preview calls known is so afterwards.
    const known = Object.entries(preview.outputs).filter(([, value]) => value !== UNKNOWN);
    expect(created.outputs).toMatchObject(Object.fromEntries(known));

    const again = await check(given, inputs);
    const same = { changed: [], replace: [], deleteBeforeReplace: false };
    const { id } = created;
    expect(await aws.provider.diff(type, id, inputs, created.outputs, again)).toEqual(same);
    const read = await aws.provider.read(type, id, inputs, created.outputs);
    expect(read).toEqual({ id, inputs, outputs: created.outputs });

    const latest = row.change ? await changeInPlace(id, inputs, created.outputs, row.change) : inputs;

    const importedAs = row.importedAs?.({ ...created, inputs }) ?? id;
    const imported = await aws.provider.read(type, importedAs, {}, {});
    const { code: _, ...withoutCode } = latest;
    expect(imported).toMatchObject({ id, inputs: withoutCode });

    await aws.provider.delete(type, id, created.outputs);
    expect(await aws.provider.read(type, id, inputs, created.outputs)).toBeUndefined();
    await expect(aws.provider.delete(type, id, created.outputs)).resolves.toBeUndefined();
    await expect(aws.provider.update(type, id, created.outputs, inputs, false)).rejects.toThrow(
      /it is gone. Run "pulumi refresh"/,
    );
  });

  const changeInPlace = async (id: string, inputs: Properties, outputs: Properties, change: Properties) => {
    const { aws } = fixture;
    const changed = await check({ ...row.inputs(world), ...change }, inputs);
    expect(await aws.provider.diff(type, id, inputs, outputs, changed)).toEqual({
      changed: Object.keys(change).sort(),
      replace: [],
      deleteBeforeReplace: false,
    });
    await aws.provider.update(type, id, outputs, changed, true);
    expect((await aws.provider.read(type, id, inputs, outputs))?.inputs).toEqual(inputs);
    const updated = await aws.provider.update(type, id, outputs, changed, false);
    expect(updated).toMatchObject(change);
    expect(await aws.provider.read(type, id, changed, updated)).toEqual({
      id,
      inputs: changed,
      outputs: updated,
    });
    return changed;
  };

  it("is replaced where what AWS cannot change in place changes, and for nothing else", async () => {
    const inputs = await check(row.inputs(world));
    const replacing: string[] = [];
    for (const property of Object.keys(resourceTypes[type]?.properties ?? {})) {
      // A value that the preview does not know may be another one.
      const diff = await fixture.aws.provider.diff(
        type,
        "id",
        inputs,
        {},
        { ...inputs, [property]: UNKNOWN },
      );
      expect(diff.changed).toEqual([property]);
      replacing.push(...diff.replace);
    }
    expect(replacing.filter((property) => property !== "region").sort()).toEqual([...row.replaced].sort());
  });

  it("keeps what is there where another of its name is created", async () => {
    const { aws } = fixture;
    const inputs = await check(row.inputs(world));
    const { id, outputs } = await aws.provider.create(type, inputs, false);
    const second = aws.provider.create(type, inputs, false);
    if (row.singleton) {
      expect((await second).id).toBe(id);
    } else if (row.generatedId) {
      const other = await second;
      expect(other.id).not.toBe(id);
      await aws.provider.delete(type, other.id, other.outputs);
    } else {
      await expect(second).rejects.toThrow(
        /it exists already. Choose another name, or import it|ConflictException: |name you provided already exists/,
      );
    }
    expect((await aws.provider.read(type, id, inputs, outputs))?.outputs).toEqual(outputs);
    await aws.provider.delete(type, id, outputs);
  });

  const refusals = Object.entries(row.refused).flatMap(([source, list]) =>
    list.map((refusal) => ({ ...expectedOf(refusal), refusal, source })),
  );
  // What is only stored refuses nothing.
  if (refusals.length === 0) return;
  it.each(refusals)("refuses $property: $message ($source)", async ({ refusal, property, message }) => {
    const before = fixture.aws.account.list(type).length;
    const { failures, error } = await refuse(row, refusal, world);
    if (property === undefined)
      expect({ failures, error }).toEqual({ failures: [], error: expect.stringMatching(message) });
    else expect(failures).toContainEqual({ property, reason: expect.stringMatching(message) });
    expect(fixture.aws.account.list(type)).toHaveLength(before);
  });
});
