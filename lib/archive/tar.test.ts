import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTar, TarError, writeTar } from './tar';

const name = fc
  .array(fc.stringMatching(/^[a-zA-Z0-9_ü-]{1,40}$/), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join('/'))
  .filter((text) => Buffer.byteLength(text) <= 100);
const file = fc.record({ name, content: fc.uint8Array({ maxLength: 1500 }) });

test('what is written is read as it was, and the same files are the same bytes', () => {
  let cases = 0;
  fc.assert(
    fc.property(fc.array(file, { maxLength: 6 }), (files) => {
      cases += 1;
      const tar = writeTar(files);
      expect(tar.length % 512).toBe(0);
      expect(writeTar(files).equals(tar)).toBe(true);
      expect(readTar(tar).map((one) => [one.name, [...one.content]])).toEqual(
        files.map((one) => [one.name, [...one.content]]),
      );
    }),
    { numRuns: 300 },
  );
  expect(cases).toBe(300);
});

test('a tar that is cut anywhere, or has one other byte in a header, is refused', () => {
  const tar = writeTar([
    { name: 'signalbox.yaml', content: Buffer.from('version: 1\n'.repeat(80)) },
    { name: 'certificates/ca.pem', content: Buffer.from('-----BEGIN CERTIFICATE-----') },
  ]);
  let cases = 0;
  fc.assert(
    fc.property(fc.nat(tar.length - 1), fc.nat(511), fc.integer({ min: 1, max: 255 }), (cut, at, bit) => {
      cases += 1;
      expect(() => readTar(tar.subarray(0, cut))).toThrow(TarError);
      const damaged = Buffer.from(tar);
      // The sum itself may be written in more ways than one.
      const place = at >= 148 && at < 156 ? 0 : at;
      damaged[place] = (damaged[place] ?? 0) ^ bit;
      expect(() => readTar(damaged)).toThrow(TarError);
    }),
    { numRuns: 500 },
  );
  expect(cases).toBe(500);
});

test('any tar program unpacks it, long names too', () => {
  const long = `${'a'.repeat(90)}/${'b'.repeat(90)}`;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tar-'));
  try {
    const packed = path.join(folder, 'packed.tar');
    fs.writeFileSync(
      packed,
      writeTar([
        { name: 'one.yaml', content: Buffer.from('one') },
        { name: long, content: Buffer.from('two') },
      ]),
    );
    execFileSync('tar', ['-xf', packed, '-C', folder]);
    expect(fs.readFileSync(path.join(folder, 'one.yaml'), 'utf8')).toBe('one');
    expect(fs.readFileSync(path.join(folder, long), 'utf8')).toBe('two');
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

test('a name that no tar can have is told', () => {
  expect(() => writeTar([{ name: 'x'.repeat(101), content: Buffer.alloc(0) }])).toThrow(/too long for a tar/);
});
