import type {Tree, TreeEntry} from '../../repository/types.ts';

/** The texts of a tree's files, each read once; those that will be asked for can be read in one go. */
export class TreeTexts {
  readonly #tree: Tree;
  #entries: Promise<ReadonlyMap<string, TreeEntry>> | undefined;
  readonly #texts = new Map<string, string | undefined>();

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  /** Reads files at once. */
  async preload(files: Iterable<string>, signal?: AbortSignal): Promise<void> {
    const entries = await this.#listed(signal);
    const wanted = [...new Set(files)].flatMap(file => entries.get(file) ?? []).filter(isFile);
    for (const [file, bytes] of await this.#tree.read(wanted, signal)) this.#texts.set(file, utf8(bytes));
  }

  /** A file's text; undefined where there is none, or what stands there is no text of ours to edit. */
  async read(file: string, signal?: AbortSignal): Promise<string | undefined> {
    if (!this.#texts.has(file)) {
      this.#texts.set(file, undefined);
      await this.preload([file], signal);
    }
    return this.#texts.get(file);
  }

  /** True where a file or link of that name is there. */
  async has(file: string, signal?: AbortSignal): Promise<boolean> {
    return (await this.#listed(signal)).has(file);
  }

  #listed(signal: AbortSignal | undefined): Promise<ReadonlyMap<string, TreeEntry>> {
    this.#entries ??= this.#tree
      .list('', signal)
      .then(entries => new Map(entries.map(entry => [entry.path, entry] as const)));
    return this.#entries;
  }
}

/** Texts of files as they are in a tree, and as they become. */
export class FileEdits {
  readonly #before: TreeTexts;
  /** Only what differs from the tree; null is a file that goes. */
  readonly texts: Map<string, string | null>;

  constructor(before: TreeTexts, texts: ReadonlyMap<string, string | null> = new Map()) {
    this.#before = before;
    this.texts = new Map(texts);
  }

  /** A file's text as it is by now; undefined where there is none, or none that can be edited. */
  async read(file: string, signal?: AbortSignal): Promise<string | undefined> {
    const edited = this.texts.get(file);
    return edited === undefined ? this.#before.read(file, signal) : (edited ?? undefined);
  }

  /** True where a file or link of that name is there by now. */
  async has(file: string, signal?: AbortSignal): Promise<boolean> {
    const edited = this.texts.get(file);
    return edited === undefined ? this.#before.has(file, signal) : edited !== null;
  }

  /** Gives a file another text; null deletes it. */
  write(file: string, text: string | null): void {
    this.texts.set(file, text);
  }
}

function isFile({mode}: TreeEntry): boolean {
  return mode !== '120000';
}

/** The text of bytes; undefined where they are none: it could not be written back as it was. */
function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes);
  } catch {
    return undefined;
  }
}
