import { LokiError } from '../error';

const simple: Record<string, string> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

/** The value of a LogQL string literal: `"…"` with Go's escapes, or backticks, which know none. Throws 400. */
export function unquote(literal: string): string {
  const inner = literal.slice(1, -1);
  if (literal.startsWith('`')) return inner;
  return inner.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([\s\S]))/g,
    (whole, hex, short, long, octal, char: string | undefined) => {
      if (char !== undefined) {
        const value = simple[char];
        if (value === undefined) throw new LokiError(400, `parse error : invalid char escape in ${literal}`);
        return value;
      }
      const code =
        octal === undefined ? Number.parseInt(hex ?? short ?? long, 16) : Number.parseInt(octal, 8);
      if (code > 0x10ffff) throw new LokiError(400, `parse error : invalid char escape ${whole}`);
      return String.fromCodePoint(code);
    },
  );
}
