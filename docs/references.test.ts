import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';

const root = path.resolve(import.meta.dirname, '..');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...fs
    .readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.posix.join('docs', name)),
].toSorted();
const read = (file: string) => fs.readFileSync(path.join(root, file), 'utf8');
const exists = (file: string) => fs.existsSync(path.join(root, file));

const top = '(?:app|bench|bin|cli|components|deploy|docs|e2e|lib|prisma|public|sandbox|scripts|worker)';
const atRoot =
  /^(?:\.dependency-cruiser\.cjs|\.ci\/run|package\.json|tsconfig\.json|signalbox\.example\.yaml|README\.md)$/;
/** What a page names but nobody keeps in the repository: made by the reader or by a build. */
const made = /^deploy\/overlays\/<yours>|<|NNNN|\*|^\.next\/|^dist\//;

/** Paths of the repository in backticks, without line anchors and trailing slashes. */
const named = (text: string): string[] =>
  [...text.matchAll(/`([^`\n]+)`/g)]
    .flatMap((match) => match[1] ?? [])
    .filter((word) => new RegExp(`^${top}/[\\w./()\\[\\]<>*-]*$`).test(word) || atRoot.test(word))
    .filter((word) => !made.test(word))
    .map((word) => word.replace(/\/$/, ''));

/** Targets of links and images into the repository, relative to the root. */
const linked = (text: string, page: string): string[] =>
  [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .flatMap((match) => match[1] ?? [])
    .filter((target) => !/^https?:|^#/.test(target))
    .map((target) => path.posix.join(path.posix.dirname(page), target.replace(/#.*$/, '')));

/** Headings as the anchors that a page offers. */
const anchors = (page: string): string[] =>
  [...read(page).matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .trim()
      .replace(/\s/g, '-'),
  );

test('the pages were found, and they name files', () => {
  expect(pages.length).toBeGreaterThan(10);
  expect(pages.flatMap((page) => named(read(page))).length).toBeGreaterThan(80);
  expect(pages.flatMap((page) => linked(read(page), page)).length).toBeGreaterThan(15);
});

test('a path that does not exist would be found', () => {
  expect(named('see `lib/core/absent.ts` and `lib/core/`').filter((file) => !exists(file))).toEqual([
    'lib/core/absent.ts',
  ]);
  expect(linked('[x](../lib/absent.ts#part)', 'docs/a.md')).toEqual(['lib/absent.ts']);
});

describe.each(pages)('%s', (page) => {
  test('every path that it names exists', () => {
    expect(named(read(page)).filter((file) => !exists(file))).toEqual([]);
  });

  test('every link leads somewhere', () => {
    expect(linked(read(page), page).filter((file) => !exists(file))).toEqual([]);
    const broken = [...read(page).matchAll(/\]\(([^)\s#]*)#([^)\s]+)\)/g)].filter(([, file, anchor]) => {
      const target = file ? path.posix.join(path.posix.dirname(page), file) : page;
      return target.endsWith('.md') && !anchors(target).includes(anchor ?? '');
    });
    expect(broken.map(([text]) => text)).toEqual([]);
  });

  test('every npm script that it names is there', () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(read('package.json')));
    const wanted = [...read(page).matchAll(/npm run ([a-z]+)/g)].flatMap((match) => match[1] ?? []);
    expect(wanted.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });
});

test('every command of signalbox that a page names is one', () => {
  const commands = [...read('cli/main.ts').matchAll(/^ {2}'?([a-z][a-z -]*)'?(?::|,$)/gm)].flatMap(
    (match) => match[1] ?? [],
  );
  expect(commands.length).toBeGreaterThan(10);
  const used = pages.flatMap((page) =>
    [...read(page).matchAll(/npx signalbox ((?:[a-z]+(?:-[a-z]+)* ?)+)/g)].map(
      (match) => `${page}: ${match[1] ?? ''}`,
    ),
  );
  expect(used.length).toBeGreaterThan(10);
  const unknown = used.filter((line) => {
    const words = line.split(': ')[1] ?? '';
    return !commands.some((command) => words === command || words.startsWith(`${command} `));
  });
  expect(unknown).toEqual([]);
});

describe('README', () => {
  const readme = read('README.md');

  test('names every option of the demo, every scenario and every variable', () => {
    const usage = read('scripts/demo/options.ts');
    const options = new Set([...usage.matchAll(/^ {2}(--[a-z-]+)/gm)].flatMap((match) => match[1] ?? []));
    const scenarios = /scenarioNames = \[([^\]]*)\]/.exec(read('sandbox/scenarios/names.ts'))?.[1] ?? '';
    const names = [...scenarios.matchAll(/'([^']+)'/g)].flatMap((match) => match[1] ?? []);
    const variables = [...read('lib/core/env.ts').matchAll(/^ {2}([A-Z_]+): z\./gm)].flatMap(
      (match) => match[1] ?? [],
    );
    expect(options.size).toBeGreaterThan(3);
    expect(names.length).toBeGreaterThan(5);
    expect(variables.length).toBeGreaterThan(8);
    // The id of a worker is its host name unless an install knows better.
    const wanted = [...options, ...names, ...variables.filter((name) => name !== 'SIGNALBOX_WORKER_ID')];
    expect(wanted.filter((word) => !readme.includes(word))).toEqual([]);
  });

  test('names every role', () => {
    const roles = /roles = \[([^\]]*)\]/.exec(read('lib/access/model.ts'))?.[1] ?? '';
    const names = [...roles.matchAll(/'([^']+)'/g)].flatMap((match) => match[1] ?? []);
    expect(names.length).toBeGreaterThan(8);
    expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });
});

test('CONTRIBUTING stays under 120 lines, and a decision under a page with status and date', () => {
  expect(read('CONTRIBUTING.md').trimEnd().split('\n').length).toBeLessThan(120);
  const decisions = pages.filter((page) => page.startsWith('docs/decisions/'));
  expect(decisions.length).toBeGreaterThan(4);
  for (const page of decisions) {
    expect(read(page).split('\n').length, page).toBeLessThan(40);
    expect(read(page), page).toMatch(/^# (\d+)\. .+\n\n(Accepted|Superseded), \d{4}-\d{2}-\d{2}\./);
  }
});
