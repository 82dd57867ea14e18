/** A bound in the figure's unit; null for a figure that is printed beside the others and held against nothing. */
export type Goal = { atMost: number } | { atLeast: number } | null;
export type Definition = { unit: string; goal: Goal; what: string };

/** What was measured; a figure that was not asked for, or could not be measured, is absent. */
export type Measured<Name extends string> = Partial<Record<Name, number>>;

type JsonFigure = { value: number | null; unit: string; goal: string | null };

/** The figures of one benchmark, in the order of its table. */
export type Sheet<Name extends string> = {
  names: readonly Name[];
  isFigure: (text: string) => text is Name;
  definition: (name: Name) => Definition;
  meets: (name: Name, value: number) => boolean;
  goalText: (name: Name) => string | null;
  /** The object of `--json`: always every figure; null where nothing was measured. */
  asJson: (measured: Measured<Name>) => Record<string, JsonFigure>;
};

/** More decimals are more than these figures repeat to. */
export const rounded = (value: number): number =>
  Math.abs(value) < 10 ? Math.round(value * 100) / 100 : Math.round(value * 10) / 10;

function goalTextOf(goal: Goal): string | null {
  if (goal === null) return null;
  return 'atMost' in goal ? `<= ${goal.atMost}` : `>= ${goal.atLeast}`;
}

export function sheetOf<Name extends string>(definitions: Readonly<Record<Name, Definition>>): Sheet<Name> {
  const isFigure = (text: string): text is Name => Object.hasOwn(definitions, text);
  const names = Object.keys(definitions).filter(isFigure);
  const goalText = (name: Name) => goalTextOf(definitions[name].goal);
  return {
    names,
    isFigure,
    goalText,
    definition: (name) => definitions[name],
    meets: (name, value) => {
      const { goal } = definitions[name];
      if (goal === null) return true;
      return 'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast;
    },
    asJson: (measured) =>
      Object.fromEntries(
        names.map((name) => {
          const value = measured[name];
          const shown = value === undefined ? null : rounded(value);
          return [name, { value: shown, unit: definitions[name].unit, goal: goalText(name) }];
        }),
      ),
  };
}

/** Wanted figures that miss their goal or were not measured, in the order of the sheet. */
export const missed = <Name extends string>(
  sheet: Sheet<Name>,
  measured: Measured<Name>,
  wanted: ReadonlySet<Name>,
): Name[] =>
  sheet.names.filter((name) => {
    const value = measured[name];
    return wanted.has(name) && (value === undefined || !sheet.meets(name, value));
  });
