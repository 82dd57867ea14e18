import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { filesBelow } from '@/scripts/setup/hash';
import { deployments, readText, root } from './testing/manifests';

type Instruction = { name: string; text: string };
type Stage = { name: string; from: string; instructions: Instruction[] };

/** The stages of a Dockerfile: comments dropped, continued lines joined. */
function stagesOf(text: string): Stage[] {
  const lines = text
    .split('\n')
    .filter((line) => !line.trim().startsWith('#'))
    .join('\n')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const stages: Stage[] = [];
  for (const line of lines) {
    const [, name = '', rest = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
    const from = /^(\S+) AS (\S+)$/.exec(rest);
    if (name === 'FROM' && from) stages.push({ name: from[2] ?? '', from: from[1] ?? '', instructions: [] });
    else stages.at(-1)?.instructions.push({ name, text: rest });
  }
  return stages;
}

const dockerfile = readText('deploy/Dockerfile');
const stages = stagesOf(dockerfile);
const stage = (name: string): Stage => {
  const found = stages.find((one) => one.name === name);
  if (!found) throw new Error(`deploy/Dockerfile has no stage ${name}.`);
  return found;
};
const texts = (one: Stage, name: string) =>
  one.instructions.filter((entry) => entry.name === name).map(({ text }) => text);
const copies = (one: Stage) =>
  texts(one, 'COPY').map((text) => {
    const words = text.split(/\s+/);
    const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
    const files = words.filter((word) => !word.startsWith('--'));
    return { from, sources: files.slice(0, -1) };
  });
const Package = z.object({
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
});
const { dependencies, devDependencies } = Package.parse(JSON.parse(readText('package.json')));

describe('stages', () => {
  test('are those that are known, each from one before it or from the pinned base', () => {
    expect(stages.map(({ name }) => name)).toEqual([
      'base',
      'packages',
      'build',
      'worker-packages',
      'web',
      'worker',
    ]);
    const [base, ...others] = stages;
    const version = /^node:24\.(\d+)\.(\d+)-bookworm-slim$/.exec(base?.from ?? '');
    // 24.22.1 is the first 24 without CVE-2026-111497.
    expect(Number(version?.[1]) * 1000 + Number(version?.[2])).toBeGreaterThanOrEqual(22_001);
    for (const { name, from } of others) {
      const before = stages
        .slice(
          0,
          stages.findIndex((one) => one.name === name),
        )
        .map((one) => one.name);
      expect(before, name).toContain(from);
    }
  });

  test.each(['web', 'worker'])('%s runs as a number that is not root, and starts one program', (name) => {
    const one = stage(name);
    expect(one.from).toBe('base');
    expect(texts(one, 'USER')).toEqual(['1000:1000']);
    expect(one.instructions.slice(-2).map((entry) => entry.name)).toEqual(['USER', 'CMD']);
    const commands = z.array(z.string()).parse(JSON.parse(texts(one, 'CMD')[0] ?? ''));
    expect(commands.at(-1)).toBe(name === 'web' ? 'server.js' : 'dist/worker.mjs');
    const port = deployments.find(({ metadata }) => metadata.name === `signalbox-${name}`)?.spec.template.spec
      .containers[0]?.ports[0]?.containerPort;
    expect(texts(one, 'EXPOSE')).toEqual([String(port)]);
    expect(texts(one, 'ENV').join(' ')).toContain(
      `${name === 'web' ? 'PORT' : 'SIGNALBOX_WORKER_PORT'}=${port}`,
    );
  });

  test('what runs gets its packages without those for development', () => {
    expect(texts(stage('worker-packages'), 'RUN')[0]).toMatch(/^npm ci --omit=dev --ignore-scripts /);
    for (const name of ['web', 'worker']) {
      expect(copies(stage(name)).map(({ from }) => from)).not.toContain('packages');
    }
    expect(dockerfile).not.toMatch(/npm (i|install)\b/);
  });

  test('the pages carry no program of the worker', () => {
    expect(copies(stage('web'))).toEqual([{ from: 'build', sources: ['/app/.next/standalone'] }]);
  });

  test('no secret, no download, no package of the system but the tools of PostgreSQL', () => {
    expect(dockerfile).not.toMatch(/\b(ADD|curl|wget)\b|(SECRET|PASSWORD|TOKEN|DATABASE_URL)\s*=/);
    for (const one of stages) expect(texts(one, 'ARG')).toEqual([]);
    const installs = stages.flatMap((one) =>
      texts(one, 'RUN').flatMap((text) =>
        /\bapt\b|\bapt-get\b|\bdpkg\b/.test(text) ? [[one.name, text]] : [],
      ),
    );
    expect(installs).toEqual([['worker', installs[0]?.[1]]]);
    const packages = /apt-get install -y --no-install-recommends (.*?) &&/.exec(installs[0]?.[1] ?? '')?.[1];
    // Those of bookworm, which the base is pinned to. pg_amcheck is in the package since 14.
    expect(packages).toBe("'postgresql-client-15=15.*'");
    expect(installs[0]?.[1]).toMatch(/&& rm -rf \/var\/lib\/apt\/lists\/\*$/);
    expect(stage('base').from).toMatch(/-bookworm-slim$/);
  });
});

describe('copied files', () => {
  const fromContext = stages.flatMap((one) =>
    copies(one).flatMap(({ from, sources }) => (from === undefined ? sources : [])),
  );
  const ignore = readText('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

  test('exist, and the context lets them through', () => {
    expect(fromContext.length).toBeGreaterThan(15);
    expect(ignore[0]).toBe('*');
    for (const file of fromContext) {
      expect(fs.existsSync(path.join(root, file)), file).toBe(true);
      expect(ignore, file).toContain(`!${file.split('/')[0]}`);
    }
  });

  test('the context holds nothing that no stage copies', () => {
    const letThrough = ignore.flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
    expect(letThrough.toSorted()).toEqual(
      [...new Set(fromContext.map((file) => file.split('/')[0]))].toSorted(),
    );
    for (const name of ['sandbox', 'e2e', 'bench', 'docs', 'deploy', '.git', '.signalbox']) {
      expect(letThrough).not.toContain(name);
    }
  });

  test('tests, generated code and secrets stay outside', () => {
    for (const pattern of [
      '**/*.test.ts',
      '**/*.test.tsx',
      'prisma/generated',
      '**/.env*',
      '**/*.key',
      '**/node_modules',
    ]) {
      expect(ignore).toContain(pattern);
    }
  });

  test('what is copied imports nothing that stays outside', () => {
    const kept = new Set(
      filesBelow(fromContext).filter(
        (file) => !/\.test\.tsx?$|\/(testing|golden)\//.test(file) && !ignore.includes(file),
      ),
    );
    const sources = [...kept].filter((file) => /\.(tsx?|mjs)$/.test(file));
    const outside = sources.flatMap((file) =>
      [...readText(file).matchAll(/(?:from|import)\s*\(?'((?:@\/|\.{1,2}\/)[^']+)'/g)]
        .flatMap((match) => match[1] ?? [])
        .filter((name) => !name.startsWith('@/prisma/generated'))
        .map((name) =>
          name.startsWith('@/') ? name.slice(2) : path.posix.join(path.posix.dirname(file), name),
        )
        .filter((name) => !['', '.ts', '.tsx', '.mjs', '.js'].some((end) => kept.has(name + end)))
        .map((name) => `${file}: ${name}`),
    );
    expect(sources.length).toBeGreaterThan(200);
    expect(outside).toEqual([]);
  });

  test('what the build reads is in the image that builds', () => {
    const built = new Set(copies(stage('build')).flatMap(({ sources }) => sources));
    const inputs = /const INPUTS = \[([^\]]*)\]/.exec(readText('scripts/build/build.ts'))?.[1] ?? '';
    const names = [...inputs.matchAll(/'([^']+)'/g)].flatMap((match) => match[1] ?? []);
    expect(names.length).toBeGreaterThan(10);
    for (const name of names.filter((file) => file !== 'package-lock.json'))
      expect([...built], name).toContain(name);
  });
});

test('worker and command line import no package that is for development or was taken out', async () => {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['worker/main.ts', 'cli/main.ts'],
    outdir: 'dist',
    write: false,
    metafile: true,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    conditions: ['react-server'],
    tsconfig: path.join(root, 'tsconfig.json'),
    logLevel: 'silent',
  });
  const imports = Object.values(metafile.outputs).flatMap(({ imports: of }) => of.map((one) => one.path));
  const packages = new Set(
    imports
      .filter((name) => !name.startsWith('node:') && name !== 'server-only')
      .map((name) => /^(@[^/]+\/[^/]+|[^/]+)/.exec(name)?.[0] ?? name),
  );
  const removed = (/rm -rf ([^&]+)/.exec(texts(stage('worker-packages'), 'RUN')[0] ?? '')?.[1] ?? '')
    .trim()
    .split(/\s+/);
  expect(removed.length).toBeGreaterThan(10);
  expect(packages.size).toBeGreaterThan(6);
  for (const name of packages) {
    expect(Object.hasOwn(dependencies, name), `${name} is a dependency`).toBe(true);
    expect(Object.hasOwn(devDependencies, name), name).toBe(false);
    expect(removed.filter((gone) => name === gone || name.startsWith(`${gone}/`))).toEqual([]);
  }
});
