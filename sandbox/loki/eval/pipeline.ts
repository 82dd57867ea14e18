import type { Labels } from '../labels';
import type { Stage } from '../logql/ast';
import { passes } from './filters';
import { parseJson, parseLogfmt } from './parsers';
import { Row } from './row';
import { compileTemplate } from './template';

type Step = (row: Row) => boolean;

/** A compiled pipeline: `run` gives the row, or null when a filter dropped the line. */
export type Pipeline = { run: (line: string, base: Labels, metadata: Labels) => Row | null };

function step(stage: Stage): Step {
  switch (stage.kind) {
    case 'line':
      return (row) => stage.test(row.line) !== stage.negative;
    case 'json':
      return always((row) => parseJson(row, stage.fields));
    case 'logfmt':
      return always((row) => parseLogfmt(row, stage.fields, stage.strict));
    case 'filter':
      return (row) => passes(stage.filter, row);
    case 'line-format': {
      const render = compileTemplate(stage.template);
      return always((row) => {
        row.line = render(row);
      });
    }
    case 'label-format':
      return labelFormat(stage.changes);
    case 'drop':
      return always((row) => {
        for (const { name, matcher } of stage.labels) {
          const value = row.get(name);
          if (value !== undefined && (matcher === null || matcher.test(value))) row.remove(name);
        }
      });
    case 'keep':
      return always((row) => {
        const kept = stage.labels.filter(({ name, matcher }) => matcher?.test(row.get(name) ?? '') ?? true);
        const names = new Set(kept.map(({ name }) => name));
        for (const name of row.names()) if (!names.has(name) && !name.startsWith('__')) row.remove(name);
      });
    case 'decolorize':
      return always((row) => {
        row.line = row.line.replace(colour, '');
      });
  }
}

/** ANSI colour sequences; built from a code point because a control character may not stand in a literal. */
const colour = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

const always =
  (act: (row: Row) => void): Step =>
  (row) => {
    act(row);
    return true;
  };

type Change = { name: string; from: string | null; template: string | null };

function labelFormat(changes: readonly Change[]): Step {
  const compiled = changes.map(({ name, from, template }) => ({
    name,
    from,
    render: template === null ? null : compileTemplate(template),
  }));
  return always((row) => {
    for (const { name, from, render } of compiled) {
      const value = render === null ? row.get(from ?? '') : render(row);
      if (from !== null && value !== undefined) row.remove(from);
      if (value !== undefined) row.set(name, value);
    }
  });
}

/** Compiles stages; line filters before the first parser run on the bare line, before a row is made. */
export function compile(stages: readonly Stage[]): Pipeline {
  const firstOther = stages.findIndex((stage) => stage.kind !== 'line');
  const split = firstOther === -1 ? stages.length : firstOther;
  const lines = stages.slice(0, split).filter((stage) => stage.kind === 'line');
  const steps = stages.slice(split).map(step);
  return {
    run(line, base, metadata) {
      for (const filter of lines) if (filter.test(line) === filter.negative) return null;
      const row = new Row(line, base, metadata);
      for (const run of steps) if (!run(row)) return null;
      return row;
    },
  };
}
