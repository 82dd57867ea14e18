/** Lines that begin something that a tool or the server says of itself. */
const heads =
  /^(?:pg_\w+: |Command was: |(?:ERROR|FATAL|PANIC|WARNING|NOTICE|HINT|STATEMENT|LOCATION): |LINE \d+: )/;
/** What the server adds of the rows that it was at: a key that is there twice, a line of COPY. */
const ofRows = /^(?:DETAIL|CONTEXT|QUERY): /;
/** A value that an error quotes at its end, or after the word; it may go on in the next lines. */
const quoted = /((?:ERROR|FATAL|WARNING): .*?(?:: | value ))"(?:[^"]*"|.*$)/;

/**
 * What a tool said without what may hold rows of the database: a log is for more people than the data. `isCut`: its
 * beginning is gone, so that it may begin inside of a row.
 */
export function withoutRows(text: string, isCut = false): string {
  let isDropped = isCut;
  const kept = text.split('\n').flatMap((line) => {
    if (ofRows.test(line)) isDropped = true;
    else if (heads.test(line)) isDropped = false;
    if (isDropped) return [];
    const clean = line.replace(quoted, '$1[value]');
    // A quote that does not end in its line goes on in the next one.
    if (clean !== line && (line.match(/"/g)?.length ?? 0) % 2 === 1) isDropped = true;
    return [clean];
  });
  return kept.join('\n');
}
