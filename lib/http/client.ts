import * as z from 'zod/mini';

/** RFC 9457 problem as our API answers it; the browser's one notion of an error. */
export const Problem = z.object({
  status: z.number(),
  title: z.string(),
  detail: z.string(),
  code: z.string(),
  next: z.optional(z.string()),
  requestId: z.optional(z.string()),
  fields: z._default(z.array(z.object({ path: z.string(), message: z.string() })), []),
});
export type Problem = z.infer<typeof Problem>;

export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

const unreachable: Problem = {
  status: 0,
  title: 'The console cannot be reached',
  detail: 'This browser gets no answer from the console.',
  code: 'offline',
  next: 'Check the network. The page keeps its last values and tries again by itself.',
  fields: [],
};

/** Any thrown thing as a problem that can be shown. */
export function toProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  return {
    status: 0,
    title: 'The page made a mistake',
    detail: error instanceof Error ? error.message : String(error),
    code: 'client',
    next: 'Reload the page. If it stays, report it with the time.',
    fields: [],
  };
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    return Problem.parse(await response.json());
  } catch {
    return {
      status: response.status,
      title: `HTTP ${response.status}`,
      detail: 'The console answered with something this page does not understand.',
      code: 'bad-response',
      next: 'Reload the page: it may be older than the console.',
      fields: [],
    };
  }
}

/** An answer of ours; 304 is one to who asked with a tag. Throws ProblemError. */
export async function ask(url: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { ...init, headers: { accept: 'application/json', ...init.headers } });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ProblemError(unreachable);
  }
  if (!response.ok && response.status !== 304) throw new ProblemError(await problemOf(response));
  return response;
}

/** What an answer says, by its contract. Throws ProblemError. */
export async function parseAnswer<T extends z.core.$ZodType>(
  schema: T,
  url: string,
  response: Response,
): Promise<z.infer<T>> {
  const parsed = z.safeParse(schema, response.status === 204 ? null : await response.json());
  if (parsed.success) return parsed.data;
  throw new ProblemError({
    status: response.status,
    title: 'The answer does not fit this page',
    detail: `The console answered ${url} in a form this page does not know (${parsed.error.issues[0]?.path.join('.')}).`,
    code: 'bad-response',
    next: 'Reload the page: it may be older than the console.',
    fields: [],
  });
}

const call = async <T extends z.core.$ZodType>(schema: T, url: string, init: RequestInit) =>
  parseAnswer(schema, url, await ask(url, init));

/** GET, parsed by the contract. Throws ProblemError. */
export const getJson = <T extends z.core.$ZodType>(schema: T, url: string, signal?: AbortSignal) =>
  call(schema, url, signal ? { signal } : {});

/**
 * A write. `key` makes a repeated click or a retried request the same request (Idempotency-Key); make it
 * once per intention, not per call.
 */
export const sendJson = <T extends z.core.$ZodType>(
  schema: T,
  url: string,
  body: unknown,
  key: string,
  method: 'POST' | 'DELETE' = 'POST',
) =>
  call(schema, url, {
    method,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
  });
