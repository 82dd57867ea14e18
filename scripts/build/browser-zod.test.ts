import { expect, test } from 'vitest';
import { namesOf } from './browser-zod';

const mini = "import * as z from 'zod/mini';\n";

test('every name that a contract takes is found, over lines too', () => {
  const text = `${mini}const At = z.iso.datetime();\nconst Name = z\n  .string()\n  .check(z.minLength(1));\nz._default(At, '');`;
  expect(namesOf([text])).toEqual(['_default', 'iso', 'minLength', 'string']);
});

test('names of types alone bring nothing', () => {
  expect(namesOf([`${mini}type A = z.infer<typeof B>; type C = z.core.$ZodType;`])).toEqual([]);
});

test('files with the full zod do not count', () => {
  expect(namesOf(["import { z } from 'zod';\nz.email();", `${mini}z.url();`])).toEqual(['url']);
});
