/** A calendar month as its reports name it: `2026-11`. */
export const monthForm = /^(\d{4})-(0[1-9]|1[0-2])$/;

/** `November 2026`. Throws RangeError for text that is no month. */
export const monthName = (month: string): string =>
  new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    Date.parse(`${month}-15T12:00:00Z`),
  );

/** `2026-11-21 17:05` in a zone; the zone is named by who asks. */
export function dateTimeText(zone: string, at: number): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at * 1000);
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.find((part) => part.type === type)?.value ?? '';
  return `${of('year')}-${of('month')}-${of('day')} ${of('hour')}:${of('minute')}`;
}

const decimalsOf = (text: string): number => text.split('.')[1]?.length ?? 0;

/** A service level in per cent, one digit finer than its target and cut off: 99.9496 is not shown as a met 99.95. */
export function levelText(sli: number, target: string): string {
  const places = Math.max(3, decimalsOf(target) + 1);
  const scale = 10 ** places;
  // Binary fractions lie a little beside decimal ones: 0.9995 x 100 must not become 99.949.
  const cut = Math.floor(sli * 100 * scale + 1e-6) / scale;
  return (sli < 1 && cut >= 100 ? (100 * scale - 1) / scale : cut).toFixed(places);
}

/** A share as per cent with as many digits as it deserves. */
export function shareText(share: number): string {
  const percent = Math.abs(share) * 100;
  const places = percent === 0 ? 0 : percent < 10 ? 2 : 1;
  return `${share < 0 ? '−' : ''}${percent !== 0 && percent < 0.01 ? '<0.01' : percent.toFixed(places)} %`;
}

/** How much of a span is known, cut off: only what is known whole is 100 %. */
export function coverageText(coverage: number): string {
  if (coverage > 0 && coverage < 0.001) return '<0.1 %';
  const cut = Math.floor(coverage * 1000 + 1e-6) / 10;
  return `${cut === 0 || cut === 100 ? cut : cut.toFixed(1)} %`;
}

/** Minutes of an amount of time, two decimals at most: 21.6, 22.32, 20.16. */
export const minutesText = (seconds: number): string =>
  `${seconds < 0 ? '−' : ''}${Number((Math.abs(seconds) / 60).toFixed(2))} min`;

/** Failures with grouped digits; what was estimated keeps one decimal while it is small. */
export const failuresText = (failures: number): string =>
  `${failures < 0 ? '−' : ''}${Math.abs(failures).toLocaleString('en-GB', {
    maximumFractionDigits: Number.isInteger(failures) || Math.abs(failures) >= 100 ? 0 : 1,
  })}`;

/** `a`, `a and b`, `a, b and c`. */
export const listText = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;

/** The name of a line; the earlier part of an edited objective says so. */
export const lineName = ({ name, isEarlier }: { name: string; isEarlier: boolean }): string =>
  isEarlier ? `${name} (before it was edited)` : name;
