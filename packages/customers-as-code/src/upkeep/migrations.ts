// What versions have renamed or moved in a company's files: the table that `customers upgrade` goes by. A row stays for as long as
// docs/reference/compatibility.md promises, and a name that a row has taken away never comes back with another meaning.

/** The files of a company in which keys are renamed. */
export type KeyedFile = "settings" | "customers" | "imports" | "policy";

interface Migration {
  /** The first version that needs it. */
  version: string;
  /** One sentence, as the command prints it. */
  why: string;
  /** A string that other files may still have, in lines that only a person can change. */
  mention?: string;
}

/** A key in another place of its map, or a value that means something else, is no renaming: only a person can decide that. */
export interface RenamedKey extends Migration {
  kind: "key renamed";
  file: KeyedFile;
  /**
   * Keys that lead to it; `*` stands for every key of a map. Settings begin below `config`, without a namespace. In a customer file, the
   * path holds for what the file says of one stack, too.
   */
  from: readonly string[];
  /** The last key's new name. */
  to: string;
}

export interface MovedFiles extends Migration {
  kind: "files moved";
  /** Folder whose JSON files move, from the folder of Pulumi.yaml. */
  from: string;
  to: string;
}

export interface ReplacedNodeArgument extends Migration {
  kind: "Node.js argument replaced";
  /** In `runtime.options.nodeargs` of Pulumi.yaml. */
  from: RegExp;
  to: string;
}

export interface DroppedDefaults extends Migration {
  /** Entries of `config` in Pulumi.yaml that only repeat what the program assumes anyway. */
  kind: "defaults dropped";
}

interface ChangedByHand extends Migration {
  /** Only its mention is reported. */
  kind: "changed by hand";
  mention: string;
}

export type AnyMigration = RenamedKey | MovedFiles | ReplacedNodeArgument | DroppedDefaults | ChangedByHand;

/** In the order of versions. Within one, rows that take lines away come last, so that places are those of the file before. */
export const migrations: readonly AnyMigration[] = [
  {
    kind: "Node.js argument replaced",
    version: "0.2.0",
    from: /(?<![\w-])(?:--require|-r)(?:=|\s+)customers-as-code\/start-up\.cjs(?![\w.-])/,
    to: "--import customers-as-code/start-up",
    mention: "start-up.cjs",
    why: "The package is compiled and needs no TypeScript loader.",
  },
  {
    kind: "files moved",
    version: "0.2.0",
    from: "policy/config",
    to: "policy",
    mention: "policy/config",
    why: "The folder policy/ has nothing but the settings of the policy pack.",
  },
  {
    kind: "changed by hand",
    version: "0.2.0",
    mention: "export = declareProgram",
    why: 'Node.js runs index.ts itself: write "export default declareProgram", import types with "import type", and set "type": "module" in package.json.',
  },
  {
    kind: "defaults dropped",
    version: "0.2.0",
    why: "The package has the defaults of all settings; docs/reference/settings.md lists them.",
  },
];
