import 'server-only';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/**
 * The metrics of one process. They hang on globalThis because the web process loads modules more than once
 * (instrumentation and routes are separate instances), and each would count for itself.
 */
declare global {
  var signalboxRegistry: Registry | undefined;
}

export function registry(): Registry {
  if (globalThis.signalboxRegistry === undefined) {
    globalThis.signalboxRegistry = new Registry();
    collectDefaultMetrics({ register: globalThis.signalboxRegistry });
  }
  return globalThis.signalboxRegistry;
}

type Described<Label extends string> = {
  name: `signalbox_${string}`;
  help: string;
  labels?: readonly Label[];
};

const known = <Metric>(name: string, kind: new (...given: never[]) => Metric): Metric | undefined => {
  const metric = registry().getSingleMetric(name);
  return metric instanceof kind ? metric : undefined;
};

/** The counter of that name, made when it is first asked for. Label values must be few and bounded. */
export function counter<Label extends string = never>({
  name,
  help,
  labels = [],
}: Described<Label>): Counter<Label> {
  return (
    known(name, Counter<Label>) ?? new Counter({ name, help, labelNames: labels, registers: [registry()] })
  );
}

/** `collect` sets the values anew whenever the metrics are read. */
export function gauge<Label extends string = never>(
  { name, help, labels = [] }: Described<Label>,
  collect?: (gauge: Gauge<Label>) => void,
): Gauge<Label> {
  return (
    known(name, Gauge<Label>) ??
    new Gauge({
      name,
      help,
      labelNames: labels,
      registers: [registry()],
      ...(collect === undefined
        ? {}
        : {
            collect() {
              collect(this);
            },
          }),
    })
  );
}

/** `buckets` in the unit of the name, which is seconds. */
export function histogram<Label extends string = never>(
  { name, help, labels = [] }: Described<Label>,
  buckets: number[] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
): Histogram<Label> {
  return (
    known(name, Histogram<Label>) ??
    new Histogram({ name, help, labelNames: labels, buckets, registers: [registry()] })
  );
}
