import fs from 'node:fs';
import path from 'node:path';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { repositoryRoot } from '../setup/root';
import { connectionOf, MigrationAdapterFactory } from './adapter';
import { migrationsFolder, readMigrations } from './migrations';

const SCHEMA = path.join(repositoryRoot, 'prisma', 'schema.prisma');
const NO_FILTER = { externalTables: [], externalEnums: [] };

type Bindings = typeof import('@prisma/schema-engine-wasm/schema_engine_bg');
type Engine = Awaited<ReturnType<Bindings['SchemaEngine']['new']>>;

let loaded: Promise<Bindings> | undefined;

/** One instance per process: the glue keeps state in its module, and a second instance would mix with it. */
async function load(): Promise<Bindings> {
  const glue = import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const bindings: Bindings = await import(glue);
  const bytes = fs.readFileSync(new URL('schema_engine_bg.wasm', glue));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': { ...bindings } });
  bindings.__wbg_set_wasm(instance.exports);
  const start = instance.exports['__wbindgen_start'];
  if (typeof start === 'function') start();
  // Where the engine puts the text of a crash; without it the crash is an unrelated TypeError.
  const panics = { set_message: (text: string) => console.error(`Prisma's schema engine crashed: ${text}`) };
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: panics });
  return bindings;
}

/**
 * Prisma's schema engine as WebAssembly: what `prisma migrate` does, without the native program that would have to
 * be downloaded. Only developers need it (new migrations, drift); applying them does not (apply.ts).
 */
async function withSchemaEngine<T>(url: string, work: (engine: Engine) => Promise<T>): Promise<T> {
  loaded ??= load();
  const bindings = await loaded;
  const factory = bindMigrationAwareSqlAdapterFactory(new MigrationAdapterFactory(connectionOf(url)));
  const engine = await bindings.SchemaEngine.new(
    { datamodels: schemaFiles().map((file) => [file.path, file.content]) },
    () => {},
    factory,
  );
  try {
    return await work(engine);
  } finally {
    engine.free();
  }
}

const schemaFiles = () => [{ path: SCHEMA, content: fs.readFileSync(SCHEMA, 'utf8') }];

/** The migrations on disk in the shape the engine reads. */
function migrationList() {
  const folder = migrationsFolder();
  const lock = path.join(folder, 'migration_lock.toml');
  return {
    baseDir: folder,
    shadowDbInitScript: '',
    lockfile: {
      path: 'migration_lock.toml',
      content: fs.existsSync(lock) ? fs.readFileSync(lock, 'utf8') : null,
    },
    migrationDirectories: readMigrations(folder).map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: sql } },
    })),
  };
}

/**
 * What schema.prisma has that the migrations do not make: '' when they agree, else the SQL that would close the gap.
 * `url` names a database of a server where a shadow database may be created.
 */
export function drift(url: string): Promise<string> {
  return withSchemaEngine(url, async (engine) => {
    const result = await engine.diff({
      from: { tag: 'migrations', ...migrationList() },
      to: { tag: 'schemaDatamodel', files: schemaFiles() },
      script: true,
      exitCode: true,
      filters: NO_FILTER,
    });
    return result.exitCode === 0 ? '' : (result.stdout ?? 'The migrations and schema.prisma differ.');
  });
}

/** Whether Prisma's own tool would find nothing to do in this database: its view of what apply.ts wrote. */
export function diagnose(url: string) {
  return withSchemaEngine(url, (engine) =>
    engine.diagnoseMigrationHistory({
      migrationsList: migrationList(),
      optInToShadowDatabase: false,
      filters: NO_FILTER,
    }),
  );
}

/**
 * Writes the next migration from the difference between the migrations and schema.prisma. The database at `url`
 * must have all migrations applied. Returns the name and the warnings about data that it would lose; undefined
 * when there is no difference.
 */
export function createMigration(
  url: string,
  migrationName: string,
): Promise<{ name: string; warnings: string[] } | undefined> {
  return withSchemaEngine(url, async (engine) => {
    const migrationsList = migrationList();
    const schema = { files: schemaFiles() };
    // It fills a cache in the engine without which the next two calls fail.
    await engine.devDiagnostic({ migrationsList, filters: NO_FILTER });
    const loss = await engine.evaluateDataLoss({ migrationsList, schema, filters: NO_FILTER });
    const made = await engine.createMigration({
      draft: false,
      migrationName,
      migrationsList,
      schema,
      filters: NO_FILTER,
    });
    if (made.migrationScript === null || made.migrationScript.trim() === '-- This is an empty migration.')
      return undefined;
    const folder = path.join(migrationsFolder(), made.generatedMigrationName);
    fs.mkdirSync(folder, { recursive: true });
    fs.writeFileSync(path.join(folder, `migration.${made.extension}`), made.migrationScript);
    const warnings = [...loss.warnings, ...loss.unexecutableSteps].map((step) => step.message);
    return { name: made.generatedMigrationName, warnings };
  });
}
