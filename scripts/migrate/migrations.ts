import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { findUp } from '../setup/root';
import { UserError } from '../setup/user-error';

/** One migration on disk. `checksum` is the SHA-256 of its text in hex, as Prisma stores it. */
export type Migration = { name: string; sql: string; checksum: string };

/** prisma/migrations of the clone, or of the image beside the bundle. */
export function migrationsFolder(): string {
  const wanted = path.join('prisma', 'migrations');
  const root = findUp(wanted, import.meta.dirname) ?? findUp(wanted, process.cwd());
  if (root) return path.join(root, wanted);
  throw new UserError(
    'The folder prisma/migrations was not found beside this program.',
    'Start it from the folder of the clone, or put the migrations into the image.',
  );
}

/** The migrations of this code in the order of their names. Throws UserError when one has no migration.sql. */
export function readMigrations(folder: string = migrationsFolder()): Migration[] {
  const names = fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    // git leaves an empty folder behind when another branch had a migration there.
    .filter((name) => fs.readdirSync(path.join(folder, name)).length > 0)
    .sort();
  return names.map((name) => {
    const file = path.join(folder, name, 'migration.sql');
    if (!fs.existsSync(file)) {
      throw new UserError(
        `The migration ${name} has no migration.sql.`,
        `Write ${file}, or remove the folder.`,
      );
    }
    const sql = fs.readFileSync(file, 'utf8');
    return { name, sql, checksum: crypto.createHash('sha256').update(sql).digest('hex') };
  });
}
