import { type ClassValue, clsx } from 'clsx';
import { createTailwindMerge } from 'tailwind-merge';
import { classKinds, includedKinds } from './class-kinds';

const merge = createTailwindMerge(() => ({
  cacheSize: 500,
  theme: {},
  classGroups: classKinds,
  conflictingClassGroups: includedKinds,
  conflictingClassGroupModifiers: {},
  orderSensitiveModifiers: ['before', 'after', 'placeholder', '*', 'marker', 'file'],
}));

/** Joins class names; a later one wins over an earlier of the same kind. */
export const cx = (...values: ClassValue[]): string => merge(clsx(values));
