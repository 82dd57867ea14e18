import type * as z from 'zod/mini';
import { ask, parseAnswer } from './client';

/**
 * GET of what is asked for again and again: what did not change is neither sent nor parsed again. `read` makes of an
 * answer what is kept; the same object is returned for as long as the server says that nothing changed.
 */
export function keptJson<T extends z.core.$ZodType, V>(schema: T, read: (answer: z.infer<T>) => V) {
  const kept = new Map<string, { tag: string; value: V }>();
  return async (url: string, signal?: AbortSignal): Promise<V> => {
    const before = kept.get(url);
    const response = await ask(url, {
      ...(signal ? { signal } : {}),
      ...(before ? { headers: { 'if-none-match': before.tag } } : {}),
    });
    if (response.status === 304 && before !== undefined) return before.value;
    const value = read(await parseAnswer(schema, url, response));
    const tag = response.headers.get('etag');
    // One list at a time is looked at; another one takes its place.
    kept.clear();
    if (tag !== null) kept.set(url, { tag, value });
    return value;
  };
}
