import 'server-only';
import fs from 'node:fs/promises';

/** Who wrote a dump in custom format, as its head says: `15.18` of pg_dump and of the server. */
export type DumpHead = { dumpVersion: string; serverVersion: string };

/** More than any head: it holds the name of the database and two versions. */
const HEAD_MAX = 4096;

const plain = (text: string): string => text.split(' ')[0] ?? text;

/**
 * Reads the head of a dump (pg_backup_archiver.c, ReadHead): a file says itself which pg_dump made it, wherever that ran.
 * Null for what is no dump in custom format, or of a format that is not known.
 */
export async function readDumpHead(file: string): Promise<DumpHead | null> {
  const handle = await fs.open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(HEAD_MAX), position: 0 });
    return parseDumpHead(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}

export function parseDumpHead(bytes: Buffer): DumpHead | null {
  if (bytes.subarray(0, 5).toString('latin1') !== 'PGDMP') return null;
  try {
    return headAt(bytes);
  } catch (error) {
    // It ends within its head.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function headAt(bytes: Buffer): DumpHead | null {
  const [major, minor] = [bytes.readUInt8(5), bytes.readUInt8(6)];
  const [width, format] = [bytes.readUInt8(8), bytes.readUInt8(10)];
  // Custom is 1; numbers are 4 bytes wide since long.
  if (major !== 1 || minor < 4 || format !== 1 || width < 1 || width > 6) return null;
  let at = 11;
  const number = (): number => {
    const isNegative = bytes.readUInt8(at) !== 0;
    const value = bytes.readUIntLE(at + 1, width);
    at += 1 + width;
    return isNegative ? -value : value;
  };
  const text = (): string => {
    const length = number();
    if (length < 0) return '';
    if (at + length > bytes.length) throw new RangeError('The head is cut.');
    at += length;
    return bytes.subarray(at - length, at).toString('utf8');
  };
  // How it is compressed: one byte since 1.15, a number before.
  if (minor >= 15) at += 1;
  else number();
  for (let part = 0; part < 7; part += 1) number();
  text();
  const serverVersion = plain(text());
  const dumpVersion = plain(text());
  return /^\d/.test(dumpVersion) ? { dumpVersion, serverVersion } : null;
}
