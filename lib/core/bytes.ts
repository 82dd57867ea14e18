const nb = '\u00a0';
const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** Such as 1.4 GiB. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value.toFixed(value < 10 && unit > 0 ? 1 : 0)}${nb}${units[unit]}`;
}
