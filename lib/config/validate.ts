import { LineCounter, parseDocument } from 'yaml';
import { pathOf } from '@/lib/core/path';
import { type Explained, explain } from './explain';
import { keyPositionOf, positionOf } from './position';
import type { ConfigProblem } from './problem';
import { checkReferences } from './references';
import { Config } from './schema';

export type Validated = { config: Config; problems: [] } | { config: null; problems: ConfigProblem[] };

/**
 * Checks the text of a signalbox.yaml: YAML, shape, then references and sanity. Each problem names file, line,
 * column, what is wrong and what would be right; sorted by place. Reads no other file.
 */
export function validateConfig(text: string, file: string): Validated {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    strict: true,
    version: '1.2',
  });
  // The errors after the first mostly follow from it.
  const broken = document.errors.slice(0, 1).map((error) => {
    const { line, col } = lines.linePos(error.pos[0]);
    return {
      file,
      line: Math.max(1, line),
      column: Math.max(1, col),
      path: '',
      message: `not valid YAML: ${firstLine(error.message)}.`,
      hint: 'Check indentation, quotes and colons here.',
    };
  });
  if (broken.length > 0) return { config: null, problems: broken };

  const place = ({ path, key, message, hint }: Explained): ConfigProblem => ({
    file,
    ...(key === undefined ? positionOf(document, lines, path) : keyPositionOf(document, lines, path, key)),
    path: pathOf(path),
    message,
    hint,
  });
  let raw: unknown;
  try {
    // Aliases multiply: a small file must not become a huge document.
    raw = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      config: null,
      problems: [
        place({ path: [], message: `not usable YAML: ${firstLine(reason)}.`, hint: 'Use fewer aliases.' }),
      ],
    };
  }
  const parsed = Config.safeParse(raw ?? {});
  const found = parsed.success
    ? checkReferences(parsed.data)
    : explain(Config, raw ?? {}, parsed.error.issues);
  if (parsed.success && found.length === 0) return { config: parsed.data, problems: [] };
  const problems = found.map(place);
  return { config: null, problems: problems.sort((a, b) => a.line - b.line || a.column - b.column) };
}

const firstLine = (text: string): string =>
  (text.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '').replace(/[.:]$/, '');
