import 'server-only';
import { z } from 'zod';

type Schema = z.core.$ZodType;

const ofAll = (schemas: readonly Schema[]): z.ZodType[] => schemas.map(fullSchema);

/**
 * The same schema built of the full zod. Contracts are written with zod/mini to keep browsers' scripts small;
 * the generator of the OpenAPI document reads methods and properties that only the full classes have. Checks
 * and descriptions go along. Throws for a kind that no contract uses yet.
 */
export function fullSchema(schema: Schema): z.ZodType {
  const full = rebuilt(schema);
  const facts = z.globalRegistry.get(schema);
  if (facts !== undefined) z.globalRegistry.add(full, facts);
  return full;
}

function rebuilt(schema: Schema): z.ZodType {
  return composed(schema) ?? wrapped(schema) ?? plain(schema);
}

function composed(schema: Schema): z.ZodType | null {
  if (schema instanceof z.core.$ZodObject) return fullObject(schema);
  if (schema instanceof z.core.$ZodArray) {
    const { def } = schema._zod;
    return new z.ZodArray({ ...def, element: fullSchema(def.element) });
  }
  if (schema instanceof z.core.$ZodTuple) {
    const { def } = schema._zod;
    return new z.ZodTuple({
      ...def,
      items: ofAll(def.items),
      rest: def.rest === null ? null : fullSchema(def.rest),
    });
  }
  if (schema instanceof z.core.$ZodRecord) {
    const { def } = schema._zod;
    return new z.ZodRecord({ ...def, valueType: fullSchema(def.valueType) });
  }
  if (schema instanceof z.core.$ZodDiscriminatedUnion) {
    const { def } = schema._zod;
    return new z.ZodDiscriminatedUnion({ ...def, options: def.options.map(fullSchema) });
  }
  if (schema instanceof z.core.$ZodUnion) {
    const { def } = schema._zod;
    return new z.ZodUnion({ ...def, options: ofAll(def.options) });
  }
  return null;
}

/** Its own function: a query or path schema must stay an object for the generator. */
export function fullObject(schema: z.core.$ZodObject): z.ZodObject {
  const { def } = schema._zod;
  const shape = Object.fromEntries(Object.entries(def.shape).map(([key, part]) => [key, fullSchema(part)]));
  return new z.ZodObject({
    ...def,
    shape,
    ...(def.catchall === undefined ? {} : { catchall: fullSchema(def.catchall) }),
  });
}

function wrapped(schema: Schema): z.ZodType | null {
  if (schema instanceof z.core.$ZodOptional) {
    const { def } = schema._zod;
    return new z.ZodOptional({ ...def, innerType: fullSchema(def.innerType) });
  }
  if (schema instanceof z.core.$ZodNullable) {
    const { def } = schema._zod;
    return new z.ZodNullable({ ...def, innerType: fullSchema(def.innerType) });
  }
  if (schema instanceof z.core.$ZodDefault) {
    const { def } = schema._zod;
    const { defaultValue } = def;
    return new z.ZodDefault({ ...def, innerType: fullSchema(def.innerType), defaultValue });
  }
  return null;
}

function plain(schema: Schema): z.ZodType {
  if (schema instanceof z.core.$ZodStringFormat) return new z.ZodStringFormat(schema._zod.def);
  if (schema instanceof z.core.$ZodString) return new z.ZodString(schema._zod.def);
  if (schema instanceof z.core.$ZodNumberFormat) return new z.ZodNumberFormat(schema._zod.def);
  if (schema instanceof z.core.$ZodNumber) return new z.ZodNumber(schema._zod.def);
  if (schema instanceof z.core.$ZodBoolean) return new z.ZodBoolean(schema._zod.def);
  if (schema instanceof z.core.$ZodLiteral) return new z.ZodLiteral(schema._zod.def);
  if (schema instanceof z.core.$ZodEnum) return new z.ZodEnum(schema._zod.def);
  if (schema instanceof z.core.$ZodUnknown) return new z.ZodUnknown(schema._zod.def);
  if (schema instanceof z.core.$ZodNull) return new z.ZodNull(schema._zod.def);
  if (schema instanceof z.core.$ZodNever) return new z.ZodNever(schema._zod.def);
  if (schema instanceof z.core.$ZodLazy) return z.unknown().describe('Any JSON value');
  throw new Error(`The OpenAPI document cannot show a schema of the kind ${schema._zod.def.type}.`);
}
