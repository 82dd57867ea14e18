/** Moves the point of decimal text: `99.95` by -2 is `0.9995`, exactly. No sign, no exponent. */
export function shiftPoint(text: string, by: number): string {
  const [whole = '', fraction = ''] = text.split('.');
  const wanted = whole.length + by;
  const ahead = Math.max(0, -wanted);
  const digits = `${'0'.repeat(ahead)}${whole}${fraction}`;
  const point = wanted + ahead;
  return plainDecimal(`${digits.slice(0, point).padEnd(point, '0')}.${digits.slice(point)}`);
}

/** The shortest text of the same decimal: no zeros in front or behind, no point without digits. */
export function plainDecimal(text: string): string {
  const [whole = '', fraction = ''] = text.split('.');
  const left = whole.replace(/^0+(?=\d)/, '') || '0';
  const right = fraction.replace(/0+$/, '');
  return right === '' ? left : `${left}.${right}`;
}
