import type { Loki } from './server';

const ns = 1_000_000n;
const pods = ['blue-5c876f7f6c-2p7jg', 'blue-5c876f7f6c-9tmpx', 'green-5bbd88c497-2znzn'];
const levels = ['debug', 'info', 'warn', 'error'];

/** When the captured queries end, in milliseconds, and two hours before. */
export const capturedEnd = 1_795_243_169_466;
const capturedStart = capturedEnd - 2 * 3_600_000;

function line(at: number, level: string): string {
  const error = level === 'error';
  const duration = error ? 100 + (at % 1900) : at % 100;
  const path = ['/v1/apps', '/v1/health', '/v1/deploys', '/v1/users/me'][at % 4] ?? '/';
  const status = error ? 500 + (at % 2) : 200;
  return JSON.stringify({
    level,
    message: error ? `upstream timeout after ${duration}ms calling postgres` : `GET ${path} ${status}`,
    trace_id: at.toString(16).padStart(32, 'e5'),
    duration_ms: duration,
    status,
    method: 'GET',
    path,
    http: { route: path, status_code: status },
  });
}

/** Pushes a stand-in for the service of the captures: three pods, four levels, some lines that are not JSON. */
export function pushCapturedService(loki: Loki): void {
  const streams = pods.flatMap((pod) => levels.map((level) => ({ pod: `architect-api-${pod}`, level })));
  let count = 0;
  for (let at = capturedStart; at < capturedEnd; at += 1237, count += 1) {
    const stream = streams[count % streams.length];
    if (stream === undefined) continue;
    const labels = { app: 'architect-api', namespace: 'architect-production', ...stream };
    const panic = stream.level === 'info' && count % 60 < 12;
    const text = panic ? `panic: runtime error: plain text line, not JSON ${count}` : line(at, stream.level);
    const timeNs = BigInt(at) * ns + BigInt(count);
    loki.push(labels, [{ timeNs, line: text }]);
    if (stream.pod !== `architect-api-${pods[0]}`)
      loki.push(labels, [{ timeNs: timeNs + 1n, line: line(at, stream.level) }]);
  }
}
