import type { StatusCause } from '../api-error';
import type { Json } from '../store';

/** A cause with its field; the message of the whole error repeats it as `field: message`. */
export type FieldCause = StatusCause & { field: string };

export function invalidValue(field: string, value: Json, why: string): FieldCause {
  return { reason: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(value)}: ${why}`, field };
}

export function requiredValue(field: string, why = ''): FieldCause {
  return { reason: 'FieldValueRequired', message: `Required value${why === '' ? '' : `: ${why}`}`, field };
}
