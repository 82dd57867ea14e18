const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const DECIMAL = ['k', 'M', 'G', 'T', 'P', 'E'];

/** A Kubernetes quantity ("250m", "1Gi", "2") in thousandths of its unit; 0n for what cannot be read. */
export function parseQuantity(text: string): bigint {
  const parts = /^(\d+)(?:\.(\d+))?(m|[kMGTPE]|[KMGTPE]i)?$/.exec(text.trim());
  if (!parts) return 0n;
  const [, whole = '0', fraction = '', suffix = ''] = parts;
  const scale = BigInt(10) ** BigInt(fraction.length);
  return (BigInt(whole + fraction) * milliFactor(suffix)) / scale;
}

/** The shortest exact way to write an amount: bytes with binary suffixes, everything else plain or in `m`. */
export function formatQuantity(milli: bigint, binary: boolean): string {
  if (milli % 1000n !== 0n) return `${milli}m`;
  let amount = milli / 1000n;
  if (!binary || amount === 0n) return String(amount);
  let suffix = '';
  for (const next of BINARY) {
    if (amount % 1024n !== 0n) break;
    amount /= 1024n;
    suffix = next;
  }
  return `${amount}${suffix}`;
}

function milliFactor(suffix: string): bigint {
  if (suffix === 'm') return 1n;
  const binary = BINARY.indexOf(suffix);
  if (binary >= 0) return 1000n * 1024n ** BigInt(binary + 1);
  return 1000n * 1000n ** BigInt(DECIMAL.indexOf(suffix) + 1);
}
