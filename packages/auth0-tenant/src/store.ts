// What the tenant holds, in LMDB: records in the order of their creation, with indexes, changed in transactions.
import { createHash } from "node:crypto";
import { type Key, open, type RootDatabase } from "lmdb";
import { privateDatabaseOptions } from "./private-files";

/** A kind of record. `indexes` give the values under which a record is found. */
export interface Table<T> {
  name: string;
  id(record: T): string;
  indexes: Record<string, (record: T) => string | undefined>;
}

export class Store {
  /** Those under way; the database must not close before their end. */
  private readonly writes = new Set<Promise<unknown>>();
  private isClosing = false;

  private constructor(private readonly database: RootDatabase<unknown, Key>) {}

  static open(path: string): Store {
    const options = { path, compression: false, ...privateDatabaseOptions };
    return new Store(open<unknown, Key>(options));
  }

  read<R>(action: (view: View) => R): R {
    return action(new View(this.database));
  }

  /**
   * Runs the action in a transaction; what it throws undoes all of it.
   * @returns its result, once it is on the disk
   */
  async write<R>(action: (view: View) => R): Promise<R> {
    if (this.isClosing) throw new Error("the tenant's store is closed");
    const written = this.database.childTransaction(() => action(new View(this.database)));
    this.writes.add(written);
    try {
      return await written;
    } finally {
      this.writes.delete(written);
    }
  }

  /** Waits for the writes under way, and refuses later ones. */
  async close(): Promise<void> {
    this.isClosing = true;
    await Promise.allSettled(this.writes);
    await this.database.close();
  }
}

// Keys: [table, ROW, sequence] -> record; [table, index, value, sequence] -> null; [META, name] -> value.
const ROW = "#";
const META = "meta";

/** The store as it is in one transaction. */
export class View {
  constructor(private readonly database: RootDatabase<unknown, Key>) {}

  get<T>(table: Table<T>, id: string): T | undefined {
    return this.findByIndex(table, "id", id);
  }

  /** The first record that is under the value in the index. */
  findByIndex<T>(table: Table<T>, index: string, value: string): T | undefined {
    const sequence = this.sequenceOf(table, index, value);
    return sequence === undefined ? undefined : this.row(table, sequence);
  }

  /** The records of a table, or those under a value of one of its indexes. */
  list<T>(table: Table<T>, index?: string, value?: string): RecordList<T> {
    if (index === undefined || value === undefined) {
      return new RecordList(this.database, [table.name, ROW], { total: () => this.count(table) });
    }
    const resolve = (sequence: number) => this.row(table, sequence);
    return new RecordList(this.database, [table.name, index, key(value)], { resolve });
  }

  /** Adds the record, or replaces the one with its id. */
  put<T>(table: Table<T>, record: T): void {
    const id = table.id(record);
    const known = this.sequenceOf(table, "id", id);
    const sequence = known ?? this.next();
    const before = known === undefined ? undefined : this.row(table, known);
    if (known === undefined) {
      this.putMeta(countOf(table), this.count(table) + 1);
      this.database.put([table.name, "id", key(id), sequence], null);
    }
    this.database.put([table.name, ROW, sequence], record);
    for (const [index, under] of Object.entries(table.indexes)) {
      const old = before === undefined ? undefined : under(before);
      const value = under(record);
      if (old === value) continue;
      if (old !== undefined) this.database.remove([table.name, index, key(old), sequence]);
      if (value !== undefined) this.database.put([table.name, index, key(value), sequence], null);
    }
  }

  /** @returns false if there is no such record */
  delete<T>(table: Table<T>, id: string): boolean {
    const sequence = this.sequenceOf(table, "id", id);
    const record = sequence === undefined ? undefined : this.row(table, sequence);
    if (sequence === undefined || record === undefined) return false;
    this.putMeta(countOf(table), this.count(table) - 1);
    this.database.remove([table.name, ROW, sequence]);
    this.database.remove([table.name, "id", key(id), sequence]);
    for (const [index, under] of Object.entries(table.indexes)) {
      const value = under(record);
      if (value !== undefined) this.database.remove([table.name, index, key(value), sequence]);
    }
    return true;
  }

  /** Deletes everything but the records of some tables. */
  clear(kept: readonly Pick<Table<never>, "name">[]): void {
    const names = kept.flatMap(({ name }) => [name, `${META} ${countOf({ name })}`]);
    for (const found of [...this.database.getKeys()]) {
      const [first, second] = Array.isArray(found) ? found : [];
      const name = first === META ? `${META} ${String(second)}` : String(first);
      // The sequence goes on, so that what is kept keeps its place.
      if (!names.includes(name) && name !== `${META} sequence`) this.database.remove(found);
    }
  }

  /** A single value that belongs to the tenant as a whole. */
  getMeta<T>(name: string): T | undefined {
    return this.database.get([META, name]) as T | undefined;
  }

  putMeta(name: string, value: unknown): void {
    this.database.put([META, name], value);
  }

  /** Kept, since every creation asks for it and counting takes as long as there are records. */
  private count<T>(table: Table<T>): number {
    const range = { start: [table.name, ROW, 0], end: [table.name, ROW, END] };
    return this.getMeta<number>(countOf(table)) ?? this.database.getKeysCount(range);
  }

  private row<T>(table: Table<T>, sequence: number): T | undefined {
    return this.database.get([table.name, ROW, sequence]) as T | undefined;
  }

  private sequenceOf<T>(table: Table<T>, index: string, value: string): number | undefined {
    const prefix = [table.name, index, key(value)];
    for (const found of this.database.getKeys({ start: [...prefix, 0], end: [...prefix, END], limit: 1 })) {
      return sequenceIn(found);
    }
    return undefined;
  }

  private next(): number {
    const sequence = (this.getMeta<number>("sequence") ?? 0) + 1;
    this.putMeta("sequence", sequence);
    return sequence;
  }
}

const countOf = ({ name }: { name: string }) => `count of ${name}`;

const END = Number.MAX_SAFE_INTEGER;

interface ListSource<T> {
  /** The record of an entry in an index. */
  resolve?(sequence: number): T | undefined;
  keep?(record: T): boolean;
  /** The number of records, if it is known without counting. */
  total?(): number;
}

/** Records in the order of their creation. */
export class RecordList<T> {
  constructor(
    private readonly database: RootDatabase<unknown, Key>,
    private readonly prefix: Key[],
    private readonly source: ListSource<T>,
  ) {}

  filter(keep: (record: T) => boolean): RecordList<T> {
    const { resolve, keep: before } = this.source;
    const both = before ? (record: T) => before(record) && keep(record) : keep;
    return new RecordList(this.database, this.prefix, { resolve, keep: both });
  }

  count(): number {
    const { keep, total } = this.source;
    if (total) return total();
    if (!keep) return this.database.getKeysCount(this.range(0));
    let count = 0;
    for (const _ of this.entries()) count += 1;
    return count;
  }

  slice(offset: number, limit: number): T[] {
    const found: T[] = [];
    if (limit === 0) return found;
    const { keep } = this.source;
    let skip = keep ? offset : 0;
    for (const { record } of this.entries(0, keep ? 0 : offset)) {
      if (skip-- > 0) continue;
      found.push(record);
      if (found.length === limit) break;
    }
    return found;
  }

  /** The records after the one with the sequence number `after`. */
  after(after: number, limit: number): { sequence: number; record: T }[] {
    const found: { sequence: number; record: T }[] = [];
    for (const entry of this.entries(after + 1)) {
      found.push(entry);
      if (found.length === limit) break;
    }
    return found;
  }

  toArray(): T[] {
    return [...this.entries()].map(({ record }) => record);
  }

  private *entries(from = 0, offset = 0): Generator<{ sequence: number; record: T }> {
    const { resolve, keep = () => true } = this.source;
    const range = { ...this.range(from), offset };
    if (resolve) {
      for (const found of this.database.getKeys(range)) {
        const sequence = sequenceIn(found);
        const record = resolve(sequence);
        if (record !== undefined && keep(record)) yield { sequence, record };
      }
      return;
    }
    for (const { key: found, value } of this.database.getRange(range)) {
      const record = value as T;
      if (keep(record)) yield { sequence: sequenceIn(found), record };
    }
  }

  private range(from: number) {
    return { start: [...this.prefix, from], end: [...this.prefix, END] };
  }
}

function sequenceIn(key: Key): number {
  const last = Array.isArray(key) ? key[key.length - 1] : undefined;
  if (typeof last !== "number") throw new Error(`the store holds a key without sequence: ${String(key)}`);
  return last;
}

/** LMDB's keys end at 1978 bytes. */
function key(value: string): string {
  return value.length > 400 ? createHash("sha256").update(value).digest("base64") : value;
}
