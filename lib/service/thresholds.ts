import type { Service } from '@/lib/config/service';
import { type LevelSliId, levelSliIds } from '@/lib/config/sli-guide';
import { levelLimits } from '@/lib/config/sli-limits';
import type { Chart, Levels } from './contract';

type Thresholds = Chart['thresholds'];
type Unit = Chart['unit'];

/** The limits of an indicator that hold for a service in an environment: one table for all pages. */
export function levelsOf(service: Service, id: LevelSliId, environment: string): Levels {
  const { target, warning, critical } = levelLimits(service, id, environment).limits;
  return { target, warning, critical };
}

/** The same as lines of a chart. */
export function levelLines(service: Service, id: LevelSliId, environment: string): Thresholds {
  const { target, warning, critical } = levelsOf(service, id, environment);
  return [
    { value: target, label: 'Target', severity: 'target' },
    { value: warning, label: 'Warning', severity: 'warn' },
    { value: critical, label: 'Critical', severity: 'crit' },
  ];
}

/** The indicator that a gauge of the service is read for; undefined where none is. */
function sliOfGauge({ slis }: Service, gauge: string): LevelSliId | undefined {
  return levelSliIds.find((id) => {
    const own = slis[id];
    return 'gauge' in own && own.gauge !== undefined ? own.gauge === gauge : id === gauge;
  });
}

/** Limits of a gauge that is shown as a share, when an indicator is read from it. */
export function gaugeThresholds(
  service: Service,
  gauge: string,
  unit: Unit,
  environment: string,
): Thresholds {
  const id = unit === 'ratio' ? sliOfGauge(service, gauge) : undefined;
  return id === undefined ? [] : levelLines(service, id, environment);
}
