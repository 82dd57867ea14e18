import type { Catalog } from './catalog';
import type { Evidence } from './contract';

/** What `pg_restore --list` says of a copy. */
export type Toc = {
  database: string | null;
  serverVersion: string | null;
  dumpVersion: string | null;
  tocEntries: number | null;
  /** `TABLE public orders owner` */
  entries: string[];
};

/** `15.18 (Debian 15.18-0+deb12u1)` without its packager. */
const version = (text: string | undefined): string | null => text?.split(' ')[0] ?? null;

/** Reads the list; lines that are no entries are its head. */
export function parseToc(text: string): Toc {
  const head = (name: string): string | undefined =>
    new RegExp(`^;\\s+${name}: (.+)$`, 'm').exec(text)?.[1]?.trim();
  const total = head('TOC Entries');
  return {
    database: head('dbname') ?? null,
    serverVersion: version(head('Dumped from database version')),
    dumpVersion: version(head('Dumped by pg_dump version')),
    tocEntries: total === undefined ? null : Number(total),
    entries: text.split('\n').flatMap((line) => /^\d+; \d+ \d+ (.+)$/.exec(line)?.[1] ?? []),
  };
}

const named = ['TABLE DATA', 'TABLE', 'FOREIGN TABLE', 'VIEW', 'MATERIALIZED VIEW', 'SEQUENCE'];
const counted = ['INDEX', 'CONSTRAINT', 'FK CONSTRAINT'];
/** Kinds that begin with the name of another one, so that they are not taken for it. */
const alike = ['TABLE ATTACH', 'SEQUENCE SET', 'SEQUENCE OWNED BY', 'MATERIALIZED VIEW DATA', 'INDEX ATTACH'];
const kinds = [...named, ...counted, ...alike].sort((left, right) => right.length - left.length);
const kindOf = (entry: string): string => kinds.find((kind) => entry.startsWith(`${kind} `)) ?? 'other';

const some = (entries: readonly string[]): string =>
  entries.length === 0 ? 'none' : `${entries.slice(0, 5).join('; ')}${entries.length > 5 ? '; …' : ''}`;

/** Holds a list against the catalog of the same snapshot (6.2, L2). */
export function compareToc(
  toc: Toc,
  catalog: Catalog,
  versions: { server: string | null; dump: string | null },
): Evidence[] {
  const fact = (what: string, expected: string | null, found: string | null): Evidence => ({
    what,
    expected,
    found: found ?? 'nothing',
    isRight: expected === null ? null : expected === found,
  });
  const listed = new Set(toc.entries);
  const wanted = new Set(catalog.entries);
  const missing = catalog.entries.filter((entry) => !listed.has(entry));
  const strange = toc.entries.filter((entry) => named.includes(kindOf(entry)) && !wanted.has(entry));
  // A table that belongs to an extension has its data in the copy when the extension says so.
  const isExtensionData = (entry: string) => kindOf(entry) === 'TABLE DATA' && catalog.extensions.length > 0;
  const tables = (entries: readonly string[]) => entries.filter((entry) => kindOf(entry) === 'TABLE').length;
  return [
    fact('Database', catalog.database, toc.database),
    fact('Version of the server', versions.server, toc.serverVersion),
    fact('Version of pg_dump', versions.dump, toc.dumpVersion),
    fact('Tables', String(tables(catalog.entries)), String(tables(toc.entries))),
    fact('Entries that are missing', 'none', some(missing)),
    fact('Entries that are strange', 'none', some(strange.filter((entry) => !isExtensionData(entry)))),
    ...counted.map((kind) =>
      fact(
        `Entries ${kind}`,
        String(catalog.counts[kind] ?? 0),
        String(toc.entries.filter((entry) => kindOf(entry) === kind).length),
      ),
    ),
    fact('Entries of the table of contents', null, toc.tocEntries === null ? null : String(toc.tocEntries)),
  ];
}
