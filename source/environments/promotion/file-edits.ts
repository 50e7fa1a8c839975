import type {Tree, TreeEntry} from '../../repository/types.ts';

/** Texts of files as they are in a tree, and as they become. */
export class FileEdits {
  readonly #tree: Tree;
  /** Only what differs from the tree; null is a file that goes. */
  readonly texts: Map<string, string | null>;

  constructor(tree: Tree, texts: ReadonlyMap<string, string | null> = new Map()) {
    this.#tree = tree;
    this.texts = new Map(texts);
  }

  /** A file's text as it is by now; undefined where there is none, or what stands there is no text of ours to edit. */
  async read(file: string, signal?: AbortSignal): Promise<string | undefined> {
    const edited = this.texts.get(file);
    if (edited !== undefined) return edited ?? undefined;
    const entry = await this.#entry(file, signal);
    if (entry === undefined || entry.mode === '120000') return undefined;
    return utf8((await this.#tree.read([entry], signal)).get(file) ?? new Uint8Array());
  }

  /** True where a file or link of that name is there by now. */
  async has(file: string, signal?: AbortSignal): Promise<boolean> {
    const edited = this.texts.get(file);
    return edited === undefined ? (await this.#entry(file, signal)) !== undefined : edited !== null;
  }

  /** Gives a file another text; null deletes it. */
  write(file: string, text: string | null): void {
    this.texts.set(file, text);
  }

  async #entry(file: string, signal: AbortSignal | undefined): Promise<TreeEntry | undefined> {
    const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '';
    return (await this.#tree.list(folder, signal)).find(({path}) => path === file);
  }
}

/** The text of bytes; undefined where they are none: it could not be written back as it was. */
function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes);
  } catch {
    return undefined;
  }
}
