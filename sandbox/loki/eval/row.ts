import type { Labels } from '../labels';

const empty: Labels = Object.freeze({});

/** One line on its way through a pipeline: the stream's labels, its metadata, and what the stages made of it. */
export class Row {
  line: string;
  readonly base: Labels;
  readonly metadata: Labels;
  parsed: Map<string, string> | null = null;
  private removed: Set<string> | null = null;

  constructor(line: string, base: Labels, metadata: Labels) {
    this.line = line;
    this.base = base;
    this.metadata = metadata;
  }

  get error(): string | undefined {
    return this.parsed?.get('__error__');
  }

  get(name: string): string | undefined {
    const parsed = this.parsed?.get(name);
    if (parsed !== undefined) return parsed;
    if (this.removed?.has(name)) return undefined;
    if (Object.hasOwn(this.metadata, name)) return this.metadata[name];
    return Object.hasOwn(this.base, name) ? this.base[name] : undefined;
  }

  set(name: string, value: string): void {
    this.parsed ??= new Map();
    this.parsed.set(name, value);
  }

  /** A value found by a parser: a name that the stream or the metadata already has gets `_extracted`. */
  extract(name: string, value: string): void {
    if (value === '') return;
    const taken = Object.hasOwn(this.base, name) || Object.hasOwn(this.metadata, name);
    this.set(taken ? `${name}_extracted` : name, value);
  }

  fail(error: string, details: string): void {
    this.set('__error__', error);
    this.set('__error_details__', details);
  }

  remove(name: string): void {
    this.parsed?.delete(name);
    this.removed ??= new Set();
    this.removed.add(name);
  }

  names(): string[] {
    const all = new Set([
      ...Object.keys(this.base),
      ...Object.keys(this.metadata),
      ...(this.parsed?.keys() ?? []),
    ]);
    return [...all].filter((name) => this.get(name) !== undefined);
  }

  /** True while no stage has touched the labels: then stream and metadata alone identify the result. */
  get plain(): boolean {
    return this.parsed === null && this.removed === null;
  }

  labels(): Record<string, string> {
    return Object.fromEntries(this.names().map((name) => [name, this.get(name) ?? '']));
  }

  /** Labels by where they come from, for `categorize-labels`. */
  categories(): { stream: Labels; structuredMetadata: Labels; parsed: Labels } {
    const live = (labels: Labels): Labels =>
      Object.fromEntries(
        Object.entries(labels).filter(([name]) => !this.removed?.has(name) && !this.parsed?.has(name)),
      );
    const parsed = this.parsed === null ? empty : Object.fromEntries(this.parsed);
    return { stream: live(this.base), structuredMetadata: live(this.metadata), parsed };
  }
}
