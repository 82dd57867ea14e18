/** What Prometheus's text format calls the kind of a series. */
export type SeriesKind = 'counter' | 'gauge' | 'histogram' | 'summary' | 'untyped';

export type KnownSeries = { name: string; kind: SeriesKind; help: string };

/**
 * What is known of the series that rules ask for, from the text that the programs serve at `/metrics`. Empty without
 * such text: then only names tell.
 */
export type SeriesBook = {
  /** The family that a name belongs to: `x_bucket`, `x_sum` and `x_count` belong to the histogram x. */
  find: (name: string) => KnownSeries | null;
  /** Names of the labels that a series has of its own, besides those of its target; null when unknown. */
  labels: (name: string) => readonly string[] | null;
  /** A program whose series are known has none of this name: same first word, another name. */
  isMissing: (name: string) => boolean;
};

const kinds = new Set<string>(['counter', 'gauge', 'histogram', 'summary']);
const isKind = (text: string): text is SeriesKind => kinds.has(text);

/** Labels of postgres_exporter: series of these two are divided in many rules, and never match as they are. */
const wellKnown = new Map<string, readonly string[]>([
  ['pg_stat_activity_count', ['datname', 'state']],
  ['pg_settings_max_connections', []],
]);

const firstWord = (name: string): string => name.split('_')[0] ?? name;

/** Reads `/metrics` in the text format, and bare lists of names with their labels. Other lines are passed over. */
export function readSeriesBook(texts: readonly string[]): SeriesBook {
  const families = new Map<string, KnownSeries>();
  const labels = new Map<string, readonly string[]>(wellKnown);
  const samples = new Set<string>();
  const family = (name: string): KnownSeries => {
    const known = families.get(name) ?? { name, kind: 'untyped', help: '' };
    families.set(name, known);
    return known;
  };
  for (const line of texts.flatMap((text) => text.split('\n'))) {
    const about = /^#\s*(TYPE|HELP)\s+([A-Za-z_:][\w:]*)\s*(.*)$/.exec(line.trim());
    const sample = /^([A-Za-z_:][\w:]*)\s*(?:\{(.*?)\})?(?:\s|$)[^#]*(?:#\s*(.*))?$/.exec(line.trim());
    if (about !== null) {
      const [, word, name = '', rest = ''] = about;
      const kind = rest.trim();
      if (word === 'HELP') family(name).help = rest;
      else if (isKind(kind)) family(name).kind = kind;
    } else if (sample?.[1] !== undefined) {
      const [, name, inside = '', note] = sample;
      samples.add(name);
      const own = [...inside.matchAll(/(?:^|,)\s*(\w+)/g)].flatMap((match) => match[1] ?? []);
      labels.set(name, [...new Set([...(labels.get(name) ?? []), ...own])]);
      if (own.includes('quantile')) family(name).kind = 'summary';
      if (note !== undefined && ownerOf(name, families) === null) family(name).help = note;
    }
  }
  for (const name of samples) if (ownerOf(name, families) === null) family(name);
  const words = new Set([...families.keys(), ...samples].map(firstWord));
  return {
    find: (name) => ownerOf(name, families),
    labels: (name) => labels.get(name) ?? null,
    isMissing: (name) =>
      words.has(firstWord(name)) &&
      !name.includes(':') &&
      !samples.has(name) &&
      ownerOf(name, families) === null,
  };
}

/** OpenMetrics declares a counter without its `_total`. */
function ownerOf(name: string, families: ReadonlyMap<string, KnownSeries>): KnownSeries | null {
  const own = families.get(name);
  if (own !== undefined) return own;
  const [, stem = '', part] = /^(.+)_(bucket|sum|count|total)$/.exec(name) ?? [];
  const whole = families.get(stem);
  if (whole === undefined) return null;
  const fits =
    part === 'total'
      ? whole.kind === 'counter'
      : // A list of names says no kinds, and names a histogram once.
        whole.kind === 'histogram' ||
        whole.kind === 'untyped' ||
        (whole.kind === 'summary' && part !== 'bucket');
  return fits ? whole : null;
}

/** What is known where nobody said anything. */
export const emptyBook: SeriesBook = readSeriesBook([]);
