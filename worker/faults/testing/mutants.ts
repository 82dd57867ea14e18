import type { Call } from '@/lib/actuators/kubernetes/client';
import { isJsonObject } from '@/sandbox/kubernetes/object';
import type { Mutant } from './schedule';

const FENCE = 'signalbox.dev/fence';

/** A write without the compare-and-swap, and without the fence when `keepsFence` is false. */
function unfenced(call: Call, keepsFence: boolean): Call {
  const { body } = call;
  if (call.method !== 'PATCH' || !isJsonObject(body) || !isJsonObject(body['metadata'])) return call;
  const { resourceVersion: _version, annotations: _annotations, ...metadata } = body['metadata'];
  const kept = keepsFence && _annotations !== undefined ? { annotations: _annotations } : {};
  return { ...call, body: { ...body, metadata: { ...metadata, ...kept } } };
}

/** An object as if nobody had ever left a fence on it. */
function withoutFence(body: unknown): unknown {
  if (!isJsonObject(body) || !isJsonObject(body['metadata'])) return body;
  const { annotations, ...metadata } = body['metadata'];
  if (!isJsonObject(annotations)) return body;
  const { [FENCE]: _fence, ...rest } = annotations;
  return { ...body, metadata: { ...metadata, annotations: rest } };
}

const holdsBack = (pattern: RegExp) => ({
  commits: (statements: readonly string[]) => !statements.some((sql) => pattern.test(sql)),
});

/** The product, broken on purpose at its borders. */
export const mutants = {
  'leaves no fence': { cluster: { call: (call: Call) => unfenced(call, false), answer: withoutFence } },
  'compares no fence': { cluster: { call: (call: Call) => unfenced(call, true), answer: withoutFence } },
  'announces no write': { database: holdsBack(/insert into "public"\."intent"/i) },
  'asks for no lease': { ignoresLease: true },
} satisfies Record<string, Mutant>;

export const mutantNames = [
  'leaves no fence',
  'compares no fence',
  'announces no write',
  'asks for no lease',
] as const satisfies (keyof typeof mutants)[];

/** The same for changes of databases; those that forget do so twice, as nobody would see the end of one that always does. */
export const dataMutants = {
  'compares no start of a session': (): Mutant => ({
    served: (sql) => sql.replaceAll('backend_start = $2::timestamptz', '$2::text IS NOT NULL'),
  }),
  'limits no order in time': (): Mutant => ({
    served: (sql) => sql.replaceAll(/clock_timestamp\(\) < \S+ \+ \S+ \* interval '1 s'/g, '$3 <> $4::text'),
  }),
  'knows no copy of its own': (): Mutant => {
    let left = 2;
    const forgets = (sql: string): boolean => /^SELECT .* FROM "public"."backup_copy"/s.test(sql) && left > 0;
    return {
      database: {
        statement: (sql) => {
          if (!forgets(sql)) return sql.replace(/ON CONFLICT \(change_number\) .* DO NOTHING/, '');
          left -= 1;
          return sql.replace(' WHERE ', ' WHERE false AND ');
        },
      },
    };
  },
};
