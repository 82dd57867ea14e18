/** Pages whose views can be saved, and the parts of their query that make a view. */
export const viewParts = {
  slos: ['state', 'text', 'group', 'closed', 'sort', 'show'],
} as const satisfies Record<string, readonly string[]>;
export type ViewPage = keyof typeof viewParts;
export const viewPages = ['slos'] as const satisfies readonly ViewPage[];

export const VIEW_NAME_MAX = 60;
export const VIEW_QUERY_MAX = 2000;
/** Views of one person on one page. */
export const VIEWS_MAX = 50;
/** Views of others that are listed. */
export const SHARED_MAX = 200;

/**
 * The query of a view in one spelling: parts in their order, empty ones left out. What cannot be part of a view is
 * named instead.
 */
export function canonicalQuery(page: ViewPage, text: string): { query: string } | { problem: string } {
  const given = new URLSearchParams(text);
  const known: readonly string[] = viewParts[page];
  for (const name of given.keys()) {
    if (!known.includes(name)) return { problem: `has the part "${name}", which is no part of a view here` };
    if (given.getAll(name).length > 1) return { problem: `has the part "${name}" twice` };
  }
  const query = new URLSearchParams();
  for (const name of known) {
    const value = given.get(name) ?? '';
    if (value !== '') query.set(name, value);
  }
  const spelled = query.toString();
  if (spelled.length > VIEW_QUERY_MAX) {
    return { problem: `is longer than ${VIEW_QUERY_MAX} characters; narrow it down or unfold groups` };
  }
  return { query: spelled };
}
