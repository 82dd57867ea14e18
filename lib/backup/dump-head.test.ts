import { expect, test } from 'vitest';
import { parseDumpHead } from './dump-head';

/** A head as pg_backup_archiver.c writes one; numbers are a sign and four bytes, texts a number and their bytes. */
function head({
  minor = 14,
  format = 1,
  server = '15.18 (Debian 15.18-0+deb12u1)',
  dump = '15.18',
} = {}): Buffer {
  const number = (value: number) => {
    const bytes = Buffer.alloc(5);
    bytes.writeUInt8(value < 0 ? 1 : 0, 0);
    bytes.writeUInt32LE(Math.abs(value), 1);
    return bytes;
  };
  const text = (value: string) => Buffer.concat([number(Buffer.byteLength(value)), Buffer.from(value)]);
  return Buffer.concat([
    Buffer.from('PGDMP'),
    Buffer.from([1, minor, 0, 4, 8, format]),
    // One byte names the compression since 1.15.
    minor >= 15 ? Buffer.from([1]) : number(-1),
    ...[1, 2, 3, 4, 5, 126, 0].map(number),
    text('shop'),
    text(server),
    text(dump),
    number(31),
  ]);
}

test.each([
  [{}, { dumpVersion: '15.18', serverVersion: '15.18' }],
  [
    { minor: 16, server: '16.4', dump: '17.2 (Debian)' },
    { dumpVersion: '17.2', serverVersion: '16.4' },
  ],
  [{ format: 3 }, null],
  [{ minor: 2 }, null],
])('the head %j says who wrote the dump', (parts, expected) => {
  expect(parseDumpHead(head(parts))).toEqual(expected);
});

test('what is no dump, or ends within its head, says nothing', () => {
  expect(parseDumpHead(Buffer.from('-- PostgreSQL database dump'))).toBe(null);
  expect(parseDumpHead(Buffer.alloc(0))).toBe(null);
  const whole = head();
  let cuts = 0;
  for (let length = 0; length < whole.length - 5; length += 1) {
    expect(parseDumpHead(whole.subarray(0, length))).toBe(null);
    cuts += 1;
  }
  expect(cuts).toBe(whole.length - 5);
});
