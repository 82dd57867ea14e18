import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { newestMigration } from '@/lib/db/schema-version';

/** Rules about the repository itself, over every file that is (or is about to be) in it. */
const root = path.resolve(import.meta.dirname, '..');
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && fs.existsSync(path.join(root, file)));
const read = (file: string) => fs.readFileSync(path.join(root, file), 'utf8');
const isTest = (file: string) => /\.test\.tsx?$|(^|\/)testing\/|^e2e\//.test(file);
const self = 'e2e/repo.test.ts';
const code = files.filter((file) => /\.tsx?$/.test(file) && file !== self);
const product = code.filter(
  (file) => /^(app|components|lib|worker|cli)\//.test(file) || /^(proxy|instrumentation)\.ts$/.test(file),
);
const shipped = product.filter((file) => !isTest(file));

/** The lines of files that match, as `file:line: text`: what a failing test should show. */
const hits = (among: readonly string[], pattern: RegExp): string[] =>
  among.flatMap((file) =>
    read(file)
      .split('\n')
      .flatMap((line, index) =>
        pattern.test(line) ? [`${file}:${index + 1}: ${line.trim().slice(0, 120)}`] : [],
      ),
  );

test('a test that replaces modules or has a document shares its process with no other file', () => {
  // The project `components` of vitest.config.ts; all other unit tests share processes.
  const alone = /\.test\.tsx$|^app\/|\.(integration|schedules)\.test\.ts$/;
  const shared = code.filter((file) => /\.test\.ts$/.test(file) && !alone.test(file));
  expect(shared.length).toBeGreaterThan(200);
  expect(hits(shared, /^\/\/ @vitest-environment|\bvi\.(mock|doMock|resetModules)\(/)).toEqual([]);
});

test('the repository was read', () => {
  expect(shipped.length).toBeGreaterThan(100);
  expect(files).toContain('package.json');
});

describe('files', () => {
  test('none of ours has more than 300 lines', () => {
    const long = code.filter((file) => read(file).trimEnd().split('\n').length > 300);
    expect(long).toEqual([]);
  });

  test('names are kebab-case, and none is a drawer for everything', () => {
    const fixed = /^\[\.{0,3}\w+\]$|^\(\w+\)$|^[a-z0-9]+([-.][a-z0-9]+)*$/;
    const named = code.filter((file) => !file.split('/').every((part) => fixed.test(part)));
    expect(named).toEqual([]);
    expect(
      code.filter((file) => /(^|\/)(utils?|helpers?|common|types|misc|shared)(\.tsx?$|\/)/.test(file)),
    ).toEqual([]);
  });

  test('there is no barrel', () => {
    const barrels = code.filter(
      (file) => /(^|\/)index\.tsx?$/.test(file) && !/^lib\/change\/kinds\//.test(file),
    );
    expect(barrels).toEqual([]);
  });
});

describe('code', () => {
  test('the environment is read in one place', () => {
    const readers = shipped.filter((file) => file !== 'lib/core/env.ts');
    // Next puts these two in while it builds; they name no setting of an install.
    expect(hits(readers, /process\.env(?!(\.|\[')(NODE_ENV|NEXT_RUNTIME)\b)/)).toEqual([]);
  });

  test('the clock is read in one place', () => {
    const readers = shipped.filter(
      (file) => file !== 'lib/core/time.ts' && !/^(components|app)\/|^lib\/\w+\/client\.ts$/.test(file),
    );
    expect(hits(readers, /\bDate\.now\(\)|new Date\(\)|performance\.now\(\)/)).toEqual([]);
  });

  test('nothing of the product knows that its production could be a pretend one', () => {
    expect(hits(shipped, /sandbox|pretend production|scenario=|write.?log|truth.?ledger/i)).toEqual([]);
  });

  test('types are not argued away', () => {
    expect(hits(code, /\bas any\b|@ts-ignore|@ts-nocheck|\bas unknown as\b/)).toEqual([]);
  });

  test('a cast stands alone, under a comment that says why it is right', () => {
    const casts = shipped.flatMap((file) => {
      const lines = read(file).split('\n');
      return lines.flatMap((line, index) => {
        const bare = line.replace(/'[^']*'|"[^"]*"|`[^`]*`/g, "''").replace(/\/\/.*/, '');
        const cast =
          /[\w)\]}'] as (?!const\b)[A-Z{(]/.test(bare) &&
          !/^\s*(import|export|\*|\/\*)|^\s*(type )?\w+ as \w+,?\s*$/.test(bare);
        const explained = lines
          .slice(Math.max(0, index - 6), index + 1)
          .some((near) => /\bcast\b/i.test(near));
        return cast && !explained ? [`${file}:${index + 1}: ${line.trim()}`] : [];
      });
    });
    expect(casts).toEqual([]);
  });

  test('there is no unfinished work and no skipped test', () => {
    expect(hits(code, /\b(TODO|FIXME|XXX|HACK)\b/)).toEqual([]);
    expect(hits(code.filter(isTest), /\b(test|it|describe)\.(skip|only|todo|fails)\b/)).toEqual([]);
  });

  test('raw SQL is never put together from text in the product', () => {
    expect(hits(shipped, /\$(query|execute)RawUnsafe|Prisma\.raw\(/)).toEqual([]);
  });

  test('server code of every domain is fenced from browsers', () => {
    const fenced = shipped.filter((file) =>
      /^lib\/.*\/(view|store|session|session-store)\.ts$|^lib\/(db|actuators)\/.*client\.ts$/.test(file),
    );
    expect(fenced.length).toBeGreaterThan(5);
    expect(fenced.filter((file) => !read(file).includes("import 'server-only'"))).toEqual([]);
  });
});

describe('routes', () => {
  const routeFiles = files.filter((file) => /^app\/.*route\.ts$/.test(file));
  const free = /^app\/api\/auth\//;

  test('every API route goes through the one wrapper', () => {
    const bare = routeFiles.filter(
      (file) => /^app\/api\//.test(file) && !free.test(file) && !read(file).includes('route('),
    );
    expect(bare).toEqual([]);
  });

  test('every route of the API is in the OpenAPI document', () => {
    const listed = read('app/api/v1/openapi.json/routes.ts');
    const missing = routeFiles.filter(
      (file) =>
        /^app\/api\/v1\//.test(file) &&
        !file.includes('openapi.json') &&
        !listed.includes(`'@/${file.replace(/\.ts$/, '')}'`),
    );
    expect(missing).toEqual([]);
  });

  test('pages and routes stay thin', () => {
    const pages = files.filter((file) => /^app\/.*\/(page|route)\.tsx?$/.test(file));
    expect(pages.filter((file) => read(file).trimEnd().split('\n').length > 60)).toEqual([]);
  });
});

describe('data', () => {
  test('the code knows the newest migration', () => {
    const folders = fs.readdirSync(path.join(root, 'prisma/migrations'), { withFileTypes: true });
    const names = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect(newestMigration).toBe(names.toSorted().at(-1));
  });

  test('nothing that looks like a private key or a token is kept in the repository', () => {
    const texts = files.filter(
      (file) => /\.(tsx?|mjs|cjs|js|json|ya?ml|md|txt|sql)$/.test(file) && file !== 'package-lock.json',
    );
    const secret = new RegExp(
      `-----BEGIN ${'[A-Z ]*'}PRIVATE KEY-----\\s*[A-Za-z0-9+/]{40}|\\b(ghp|xox[abp]|AKIA)[_A-Za-z0-9-]{16,}`,
    );
    expect(texts.filter((file) => secret.test(read(file)))).toEqual([]);
  });

  test('the lock file names no registry but the public one', () => {
    const hosts = new Set(
      [...read('package-lock.json').matchAll(/"resolved": "https?:\/\/([^/"]+)/g)].map((match) => match[1]),
    );
    expect([...hosts].filter((host) => host !== 'registry.npmjs.org')).toEqual([]);
  });
});
