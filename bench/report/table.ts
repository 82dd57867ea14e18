import type { Machine } from './machine';
import { type Measured, rounded, type Sheet } from './sheet';

const head = ['figure', 'value', 'unit', 'goal', 'met', 'what'];

function verdict<Name extends string>(sheet: Sheet<Name>, name: Name, value: number | undefined): string {
  if (value === undefined) return 'not measured';
  if (sheet.goalText(name) === null) return 'no goal';
  return sheet.meets(name, value) ? 'met' : 'NOT MET';
}

/** The table for people: the machine in its first line, then a figure a line. `load` is the one-minute average. */
export function asTable<Name extends string>(
  sheet: Sheet<Name>,
  measured: Measured<Name>,
  machine: Machine,
): string {
  const rows = sheet.names.map((name) => {
    const value = measured[name];
    const { unit, what } = sheet.definition(name);
    const shown = value === undefined ? '–' : String(rounded(value));
    return [name, shown, unit, sheet.goalText(name) ?? '–', verdict(sheet, name, value), what];
  });
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column === 1 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  const first = `${machine.cores} cores (${machine.cpu}), ${machine.memoryGb} GB, load ${machine.load.toFixed(2)} at the start`;
  return [first, '', line(head), ...rows.map(line)].join('\n');
}
