/** A member of a tar: a plain file. */
export type TarFile = { name: string; content: Uint8Array };

/** Why a text of bytes is no tar that we wrote; for people. */
export class TarError extends Error {}

const BLOCK = 512;
const MAGIC = 'ustar\u000000';
const NAME_MAX = 100;

/**
 * A tar of plain files in the order given. Owner, time and rights are always the same, so that the same files are the
 * same bytes. Names that do not fit the header of POSIX ustar are refused.
 */
export function writeTar(files: readonly TarFile[]): Buffer {
  const blocks = files.flatMap(({ name, content }) => [
    headerOf(name, content.length),
    Buffer.from(content),
    Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK),
  ]);
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

/** Long names are split at a folder, as POSIX has it. */
function splitName(name: string): { name: string; prefix: string } {
  if (Buffer.byteLength(name) <= NAME_MAX) return { name, prefix: '' };
  for (let at = name.indexOf('/'); at > 0; at = name.indexOf('/', at + 1)) {
    const [prefix, rest] = [name.slice(0, at), name.slice(at + 1)];
    if (Buffer.byteLength(prefix) <= 155 && Buffer.byteLength(rest) <= NAME_MAX && rest !== '')
      return { name: rest, prefix };
  }
  throw new TarError(`The name ${name} is too long for a tar.`);
}

const octal = (value: number, length: number): string =>
  `${value.toString(8).padStart(length - 1, '0')}\u0000`;

function headerOf(name: string, size: number): Buffer {
  const header = Buffer.alloc(BLOCK);
  const split = splitName(name);
  header.write(split.name, 0, NAME_MAX, 'utf8');
  header.write(octal(0o600, 8), 100, 'latin1');
  header.write(octal(0, 8), 108, 'latin1');
  header.write(octal(0, 8), 116, 'latin1');
  header.write(octal(size, 12), 124, 'latin1');
  header.write(octal(0, 12), 136, 'latin1');
  header.write('0', 156, 'latin1');
  header.write(MAGIC, 257, 'latin1');
  header.write(split.prefix, 345, 155, 'utf8');
  header.write(`${octal(sumOf(header), 7)} `, 148, 'latin1');
  return header;
}

/** The sum of all bytes of a header, its own field read as blanks. */
function sumOf(header: Buffer): number {
  let sum = 8 * 0x20;
  header.forEach((byte, at) => {
    if (at < 148 || at >= 156) sum += byte;
  });
  return sum;
}

const textAt = (bytes: Buffer, from: number, length: number): string => {
  const field = bytes.subarray(from, from + length);
  const end = field.indexOf(0);
  return field.subarray(0, end === -1 ? length : end).toString('utf8');
};

function numberAt(bytes: Buffer, from: number, length: number): number {
  const text = textAt(bytes, from, length).trim();
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number.NaN;
}

/** Reads a tar of plain files to its end. Throws TarError that says what is wrong and where. */
export function readTar(bytes: Buffer): TarFile[] {
  const files: TarFile[] = [];
  for (let at = 0; ; ) {
    const header = bytes.subarray(at, at + BLOCK);
    if (header.length < BLOCK) throw new TarError(`The tar ends in the middle, at byte ${at}.`);
    if (header.every((byte) => byte === 0)) return ended(bytes, at, files);
    if (textAt(header, 257, 6) !== 'ustar' || numberAt(header, 148, 8) !== sumOf(header))
      throw new TarError(`The header at byte ${at} is damaged.`);
    const [name, prefix] = [textAt(header, 0, NAME_MAX), textAt(header, 345, 155)];
    const size = numberAt(header, 124, 12);
    const type = textAt(header, 156, 1);
    if (type !== '0' || Number.isNaN(size))
      throw new TarError(`The member at byte ${at} is no plain file of a known size.`);
    const content = bytes.subarray(at + BLOCK, at + BLOCK + size);
    if (content.length < size) throw new TarError(`The member ${name} is cut off.`);
    files.push({ name: prefix === '' ? name : `${prefix}/${name}`, content });
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}

function ended(bytes: Buffer, at: number, files: TarFile[]): TarFile[] {
  const rest = bytes.subarray(at);
  if (rest.length < 2 * BLOCK || !rest.every((byte) => byte === 0))
    throw new TarError(`The tar does not end as one does, at byte ${at}.`);
  return files;
}
