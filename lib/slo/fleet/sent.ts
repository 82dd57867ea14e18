import 'server-only';
import { createHash } from 'node:crypto';
import { messageOf } from '@/lib/core/errors';
import { logger } from '@/lib/core/log';
import { monotonicMs } from '@/lib/core/time';

/** An answer as it is sent. Equal tags mean equal answers. */
export type SentJson = { body: Uint8Array<ArrayBuffer>; tag: string };
type Kept = SentJson & { version: number; atMs: number };
/** `version` of what it was made from; 0: of nothing yet, which is not kept. `head` is not part of the tag. */
export type Composed = { version: number; head?: object; value: object };

/** For so long an answer is given while the next one is written, so that nobody waits for what it costs. */
const keptMs = 30_000;

/**
 * An answer in bytes that is the same for everybody: written once per version of what it is made of however many ask,
 * with the same bytes and tag for as long as nothing in it changed.
 */
export class Sent {
  private kept: Kept | undefined;
  private writing: Promise<Kept> | undefined;
  private readonly name: string;
  private readonly compose: () => Promise<Composed>;

  constructor(name: string, compose: () => Promise<Composed>) {
    this.name = name;
    this.compose = compose;
  }

  async of(version: number): Promise<SentJson> {
    const { kept } = this;
    if (kept !== undefined && kept.version === version) return kept;
    this.writing ??= this.write().finally(() => {
      this.writing = undefined;
    });
    if (kept === undefined || monotonicMs() - kept.atMs >= keptMs) return this.writing;
    this.writing.catch((error: unknown) =>
      logger('web').error({ what: this.name, error: messageOf(error) }, 'an answer was not written'),
    );
    return kept;
  }

  private async write(): Promise<Kept> {
    const { version, head = {}, value } = await this.compose();
    const text = JSON.stringify(value);
    const tag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
    const atMs = monotonicMs();
    const kept: Kept =
      this.kept?.tag === tag
        ? { ...this.kept, version, atMs }
        : { version, atMs, tag, body: new TextEncoder().encode(JSON.stringify({ ...head, ...value })) };
    if (version > 0) this.kept = kept;
    return kept;
  }
}
