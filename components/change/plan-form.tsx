'use client';

import { CheckField, SelectField, TextArea, TextField } from '@/components/ui/field';
import { TypedName } from '@/components/ui/typed-name';
import type { RequestPlan } from '@/lib/change/contract';
import { inOrder } from '@/lib/change/plan-from';
import { strategyProblem, type TrafficKind } from '@/lib/change/strategies';
import { needsTypedName } from '@/lib/change/typed-name';
import type { DatabaseOption } from './data-fields';
import { KindFields } from './plan-fields';
import { kindLabels } from './plan-kinds';
import { RegionsField } from './regions-field';
import type { StrategyTimes } from './strategy-field';

type Place = {
  environment: string;
  region: string;
  traffic: TrafficKind | null;
  databases?: readonly DatabaseOption[];
};
export type PlanOptions = {
  services: {
    id: string;
    name: string;
    placements: Place[];
    /** It says how it migrates its database. */
    canMigrate?: boolean;
    /** It says how it is put into maintenance. */
    canMaintain?: boolean;
  }[];
  environments: { id: string; name: string }[];
  strategies: StrategyTimes;
};
export type PlanText = {
  reason: string;
  ticket: string;
  runWhenApproved: boolean;
  /** Of a change that is hard to undo: the name of its service. */
  confirmedName?: string;
};

type PlanFormProps = {
  options: PlanOptions;
  value: RequestPlan;
  onChange: (value: RequestPlan) => void;
  text: PlanText;
  onText: (text: PlanText) => void;
  reasonMinLength: number | null;
  fieldError: string | null;
};

/** At another place: a revision is of one workload only, and so are the regions and the way that were chosen. */
function movedTo(value: RequestPlan, place: Place): RequestPlan {
  const { environment, region } = place;
  switch (value.kind) {
    case 'deploy': {
      const { regions: _, strategy, migration, maintenance, ...rest } = value;
      const can = strategy !== undefined && strategyProblem(strategy, place.traffic) === null;
      const way = {
        strategy,
        ...(migration === undefined ? {} : { migration }),
        ...(maintenance === undefined ? {} : { maintenance }),
      };
      return { ...rest, environment, region, ...(can ? way : {}) };
    }
    case 'rollback': {
      const { regions: _, replicaSet: __, lastKnownGood: ___, ...rest } = value;
      return { ...rest, environment, region, ...(place.traffic === null ? { lastKnownGood: true } : {}) };
    }
    case 'shift': {
      const { regions: _, ...rest } = value;
      return { ...rest, environment, region };
    }
    case 'backup':
      return { ...value, environment, region, database: place.databases?.[0]?.id ?? '' };
    case 'restore':
      // A copy is of one database only.
      return {
        ...value,
        environment,
        region,
        database: place.databases?.[0]?.id ?? '',
        copy: '',
      };
    case 'end-session':
      // A session is of one server only.
      return {
        ...value,
        environment,
        region,
        database: place.databases?.[0]?.id ?? '',
        pid: 0,
        startedAt: '',
      };
    default:
      return { ...value, environment, region };
  }
}

/** A place with one database leaves nothing to choose. */
export function withOnlyDatabase(value: RequestPlan, { services }: PlanOptions): RequestPlan {
  if ((value.kind !== 'backup' && value.kind !== 'restore') || value.database !== '') return value;
  const place = services
    .find(({ id }) => id === value.service)
    ?.placements.find((one) => one.environment === value.environment && one.region === value.region);
  const [only, second] = place?.databases ?? [];
  return only === undefined || second !== undefined ? value : { ...value, database: only.id };
}

/** With a pair the version before is on the other colour; without one it is a revision, and the record knows which. */
export function withWayBack(value: RequestPlan, { services }: PlanOptions): RequestPlan {
  if (value.kind !== 'rollback' || value.lastKnownGood !== true) return value;
  const place = services
    .find(({ id }) => id === value.service)
    ?.placements.find((one) => one.environment === value.environment && one.region === value.region);
  const { lastKnownGood: _, ...rest } = value;
  return place == null || place.traffic === null ? value : rest;
}

/** A version is of one service only, and so are its migration and its maintenance mode. */
function ofService(value: RequestPlan, service: string): RequestPlan {
  if (value.kind !== 'deploy') return { ...value, service };
  const { migration: _, maintenance: __, ...rest } = value;
  return { ...rest, service, version: '' };
}

/** Of several regions in an order; the others are of one. */
const isWaved = (
  value: RequestPlan,
): value is Extract<RequestPlan, { kind: 'deploy' | 'rollback' | 'shift' }> =>
  value.kind === 'shift' ||
  (value.kind === 'deploy' && value.strategy !== undefined && value.strategy !== 'rolling') ||
  (value.kind === 'rollback' && value.replicaSet === undefined && value.lastKnownGood !== true);

/** What is asked for; the plan beside it is computed again as it changes. */
export function PlanForm({
  options,
  value,
  onChange,
  text,
  onText,
  reasonMinLength,
  fieldError,
}: PlanFormProps) {
  const service = options.services.find((each) => each.id === value.service);
  const environments = options.environments.filter((each) =>
    service?.placements.some((placement) => placement.environment === each.id),
  );
  const regions =
    service?.placements.filter((placement) => placement.environment === value.environment) ?? [];
  const chooseService = (id: string) => {
    const next = options.services.find((each) => each.id === id);
    const place =
      next?.placements.find(
        (each) => each.environment === value.environment && each.region === value.region,
      ) ?? next?.placements[0];
    if (place) onChange(ofService(movedTo(value, place), id));
  };
  const chooseEnvironment = (id: string) => {
    const place = service?.placements.find((each) => each.environment === id);
    if (place) onChange(movedTo(value, place));
  };
  const chooseRegion = (id: string) => {
    const place = regions.find((each) => each.region === id);
    if (place) onChange(movedTo(value, place));
  };
  const here = regions.find((each) => each.region === value.region);
  const traffic = here?.traffic ?? null;
  const length = text.reason.trim().length;
  return (
    <form
      className="grid content-start gap-4"
      onSubmit={(event) => event.preventDefault()}
      aria-label={kindLabels[value.kind]}
    >
      <SelectField
        label="Service"
        value={value.service}
        onChange={(event) => chooseService(event.target.value)}
      >
        {options.services.map((each) => (
          <option key={each.id} value={each.id}>
            {each.name}
          </option>
        ))}
      </SelectField>
      <div className={isWaved(value) ? 'grid' : 'grid grid-cols-2 gap-3'}>
        <SelectField
          label="Environment"
          value={value.environment}
          onChange={(event) => chooseEnvironment(event.target.value)}
        >
          {environments.map((each) => (
            <option key={each.id} value={each.id}>
              {each.name}
            </option>
          ))}
        </SelectField>
        {isWaved(value) ? null : (
          <SelectField
            label="Region"
            value={value.region}
            onChange={(event) => chooseRegion(event.target.value)}
          >
            {regions.map((each) => (
              <option key={each.region} value={each.region}>
                {each.region}
              </option>
            ))}
          </SelectField>
        )}
      </div>
      {isWaved(value) ? <Waves value={value} places={regions} onChange={onChange} /> : null}
      <KindFields
        value={value}
        onChange={onChange}
        error={fieldError}
        traffic={traffic}
        times={options.strategies}
        canMigrate={service?.canMigrate === true}
        canMaintain={service?.canMaintain === true}
        databases={here?.databases ?? []}
      />
      <TextArea
        label="Reason"
        value={text.reason}
        onChange={(event) => onText({ ...text, reason: event.target.value })}
        hint="Those who sign read this first"
        end={reasonMinLength === null ? null : `${length} characters, ${reasonMinLength} at least`}
      />
      <TextField
        label="Ticket (optional)"
        value={text.ticket}
        onChange={(event) => onText({ ...text, ticket: event.target.value })}
        autoComplete="off"
      />
      {needsTypedName(value.kind) ? (
        <TypedName
          name={value.service}
          value={text.confirmedName ?? ''}
          onChange={(confirmedName) => onText({ ...text, confirmedName })}
        />
      ) : null}
      <CheckField
        label="Run when approved"
        hint="Otherwise you start it yourself after the last sign-off."
        checked={text.runWhenApproved}
        onChange={(event) => onText({ ...text, runWhenApproved: event.target.checked })}
      />
    </form>
  );
}

type WavesProps = {
  value: Extract<RequestPlan, { kind: 'deploy' | 'rollback' | 'shift' }>;
  places: readonly Place[];
  onChange: (value: RequestPlan) => void;
};

/** The regions of a change that has steps, and what becomes of the finished ones. A way back asks no such thing. */
function Waves({ value, places, onChange }: WavesProps) {
  const chosen = value.regions ?? [value.region];
  // A region without a pair has no colours to send requests to.
  const others = places.filter(({ region, traffic }) => traffic !== null && !chosen.includes(region));
  return (
    <RegionsField
      value={chosen}
      others={others.map(({ region }) => region)}
      onChange={(next) => {
        const { regions: _, ...rest } = value;
        onChange({ ...rest, ...inOrder(next, value.region) });
      }}
      onFailure={value.kind === 'rollback' ? null : (value.onFailure ?? 'back-out-all')}
      onOnFailure={(onFailure) => {
        if (value.kind !== 'rollback') onChange({ ...value, onFailure });
      }}
    />
  );
}
