import { z } from 'zod';

/** The schemas that may stand at a path of the configuration: several where a union allows more than one shape. */
export function schemasAt(schema: unknown, path: readonly PropertyKey[]): unknown[] {
  let reached = unwrap(schema);
  for (const part of path) reached = reached.flatMap((candidate) => step(candidate, part)).flatMap(unwrap);
  return reached;
}

function step(schema: unknown, part: PropertyKey): unknown[] {
  if (schema instanceof z.ZodObject) {
    const shape: Record<string, unknown> = schema.shape;
    return typeof part === 'string' && Object.hasOwn(shape, part) ? [shape[part]] : [];
  }
  if (schema instanceof z.ZodArray) return [schema.element];
  if (schema instanceof z.ZodRecord) return [schema.valueType];
  return [];
}

function unwrap(schema: unknown): unknown[] {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNullable
  ) {
    return unwrap(schema.def.innerType);
  }
  if (schema instanceof z.ZodPipe) return unwrap(schema.def.in);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option: unknown) => unwrap(option));
  return [schema];
}

/** Keys that the mapping at a path may have. */
export function keysAt(schema: unknown, path: readonly PropertyKey[]): string[] {
  const keys = schemasAt(schema, path).flatMap((candidate) => {
    if (candidate instanceof z.ZodObject) return Object.keys(candidate.shape);
    if (candidate instanceof z.ZodRecord && candidate.keyType instanceof z.ZodEnum) {
      return candidate.keyType.options.map(String);
    }
    return [];
  });
  return [...new Set(keys)];
}

/** What is expected at a path, in words; the schema's own description first. */
export function expectationAt(schema: unknown, path: readonly PropertyKey[]): string {
  const words = schemasAt(schema, path).map(describe);
  return [...new Set(words)].join(', or ');
}

function describe(schema: unknown): string {
  if (!(schema instanceof z.ZodType)) return 'a value';
  if (schema.description !== undefined) return schema.description;
  if (schema instanceof z.ZodString) return 'a text';
  if (schema instanceof z.ZodNumber) return 'a number';
  if (schema instanceof z.ZodBoolean) return 'true or false';
  if (schema instanceof z.ZodEnum) return `one of ${schema.options.map(String).join(', ')}`;
  if (schema instanceof z.ZodLiteral) return [...schema.values].map(String).join(' or ');
  if (schema instanceof z.ZodArray) return 'a list';
  if (schema instanceof z.ZodObject) {
    const needed = Object.entries(schema.shape)
      .filter(([, member]) => member instanceof z.ZodType && !member.safeParse(undefined).success)
      .map(([key]) => key);
    return needed.length === 0 ? 'a mapping' : `a mapping with ${needed.join(', ')}`;
  }
  if (schema instanceof z.ZodRecord) return 'a mapping';
  return 'a value';
}
