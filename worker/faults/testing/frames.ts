/** Messages of PostgreSQL's protocol 3.0, as far as what stands between a client and a server has to tell them apart. */

export type Frame = { type: string; bytes: Buffer };

/** Cuts a stream into messages; `hasType` is false for the first one of a client, which has no type. */
export class Frames {
  #rest = Buffer.alloc(0);
  #hasType: boolean;

  constructor(hasType: boolean) {
    this.#hasType = hasType;
  }

  take(chunk: Buffer): Frame[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const found: Frame[] = [];
    for (;;) {
      const at = this.#hasType ? 1 : 0;
      if (this.#rest.length < at + 4) return found;
      const length = at + this.#rest.readUInt32BE(at);
      if (this.#rest.length < length) return found;
      const bytes = this.#rest.subarray(0, length);
      found.push({ type: this.#hasType ? String.fromCharCode(bytes[0] ?? 0) : 'startup', bytes });
      this.#rest = this.#rest.subarray(length);
      this.#hasType = true;
    }
  }
}

const textAt = (bytes: Buffer, from: number): { text: string; next: number } => {
  const end = bytes.indexOf(0, from);
  return { text: bytes.toString('utf8', from, end), next: end + 1 };
};

/** The statement of a Query or a Parse; null: the message has none. */
export function statementOf({ type, bytes }: Frame): string | null {
  if (type === 'Q') return textAt(bytes, 5).text;
  return type === 'P' ? textAt(bytes, textAt(bytes, 5).next).text : null;
}

/** The same message with another statement. */
export function withStatement(frame: Frame, sql: string): Frame {
  const { type, bytes } = frame;
  const from = type === 'P' ? textAt(bytes, 5).next : 5;
  const rest = bytes.subarray(textAt(bytes, from).next);
  const made = Buffer.concat([bytes.subarray(0, from), Buffer.from(`${sql}\0`), rest]);
  made.writeUInt32BE(made.length - 1, 1);
  return { type, bytes: made };
}

/** The values of a row in text form; null where the server has NULL. */
export function valuesOf({ bytes }: Frame): (string | null)[] {
  const values: (string | null)[] = [];
  let at = 7;
  for (let left = bytes.readUInt16BE(5); left > 0; left -= 1) {
    const length = bytes.readInt32BE(at);
    at += 4;
    values.push(length < 0 ? null : bytes.toString('utf8', at, at + length));
    at += Math.max(0, length);
  }
  return values;
}
