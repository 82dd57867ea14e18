import 'server-only';
import { createHash } from 'node:crypto';
import type { HttpSource, Registry } from '@/lib/config/sources';
import { readSecret } from '@/lib/core/env';
import { isDigest } from '@/lib/core/image';
import { now } from '@/lib/core/time';
import { parseJson, type SourceAnswer, sourceFetch } from '../http';
import { mayAsk, parseChallenge } from './challenge';
import { firstError, RegistryError, refusal, toRegistryError } from './registry-error';
import { manifestTypes, TokenAnswer } from './schema';

export const registryName = ({ host }: Registry): string => `The registry ${host}`;

/** What a tag or a digest stands for. */
export type Manifest = { digest: string; mediaType: string };
export type ManifestRef = { repository: string; reference: string };

/**
 * The digest that a tag stands for now, or that a digest is still there: one HEAD, and a GET where the registry does
 * not name the digest or says that there is none. The whole answer takes no longer than the registry's time-out.
 * Throws RegistryError, and the signal's own reason when the caller aborted.
 */
export async function resolveManifest(
  registry: Registry,
  ref: ManifestRef,
  signal?: AbortSignal,
): Promise<Manifest> {
  const name = registryName(registry);
  const timeout = AbortSignal.timeout(registry.timeout * 1000);
  const talk = new Talk(registry, signal === undefined ? timeout : AbortSignal.any([signal, timeout]));
  try {
    return await talk.manifest(ref);
  } catch (error) {
    signal?.throwIfAborted();
    throw toRegistryError(timeout.aborted ? timeout.reason : error, name, registry.timeout);
  }
}

/** Whether the registry lets us in at all. Throws RegistryError. */
export async function pingRegistry(registry: Registry): Promise<void> {
  const name = registryName(registry);
  try {
    const answer = await new Talk(registry, AbortSignal.timeout(registry.timeout * 1000)).ask('/v2/', null);
    if (answer.status !== 200) throw refusal(name, answer, now().getTime());
  } catch (error) {
    throw toRegistryError(error, name, registry.timeout);
  }
}

/** One conversation: what let us in once is used until its end. */
class Talk {
  readonly #registry: Registry;
  readonly #source: HttpSource;
  readonly #name: string;
  readonly #signal: AbortSignal;
  #authorization: string | null = null;

  constructor(registry: Registry, signal: AbortSignal) {
    this.#registry = registry;
    this.#name = registryName(registry);
    this.#signal = signal;
    this.#source = sourceOf(registry, registry.url ?? `https://${registry.host}`);
    if (registry.bearerToken !== undefined) {
      this.#authorization = `Bearer ${readSecret(registry.bearerToken)}`;
    }
  }

  async manifest(ref: ManifestRef): Promise<Manifest> {
    const path = `/v2/${ref.repository}/manifests/${ref.reference}`;
    const head = await this.ask(path, ref.repository, true);
    const told = head.header('docker-content-digest');
    if (head.status === 200 && told !== undefined && isDigest(told)) {
      return this.#checked(ref, { digest: told, mediaType: typeOf(head) });
    }
    // A HEAD has no body to say what is missing, and some servers and proxies do not answer it at all.
    const whole =
      head.status === 200 || head.status === 404 || head.status === 405
        ? await this.ask(path, ref.repository)
        : head;
    if (whole.status === 404) throw this.#gone(ref, whole);
    if (whole.status !== 200) throw refusal(this.#name, whole, now().getTime());
    const digest = `sha256:${createHash('sha256').update(whole.text).digest('hex')}`;
    const claimed = whole.header('docker-content-digest');
    if (claimed !== undefined && isDigest(claimed) && claimed !== digest) {
      throw new RegistryError(
        'bad-response',
        `${this.#name} names ${claimed} for ${ref.repository}, but sends the content of ${digest}.`,
      );
    }
    return this.#checked(ref, { digest, mediaType: typeOf(whole) });
  }

  /** Asks, and where the registry wants to know who asks, tells it and asks again. */
  async ask(path: string, repository: string | null, isHead = false): Promise<SourceAnswer> {
    const first = await this.#send(path, isHead);
    if (first.status !== 401 || this.#registry.bearerToken !== undefined) return first;
    const authorization = await this.#letIn(first.header('www-authenticate'), repository);
    if (authorization === null) return first;
    this.#authorization = authorization;
    return this.#send(path, isHead);
  }

  #send(path: string, isHead: boolean): Promise<SourceAnswer> {
    const headers: Record<string, string> = { accept: manifestTypes.join(', ') };
    if (this.#authorization !== null) headers['authorization'] = this.#authorization;
    return sourceFetch(this.#source, { path, isHead, headers, signal: this.#signal, name: this.#name });
  }

  /** The credentials for a challenge; null when nothing more can be told. */
  async #letIn(header: string | undefined, repository: string | null): Promise<string | null> {
    const challenge = parseChallenge(header);
    const { basicAuth, tokenHosts } = this.#registry;
    if (challenge === null || (challenge.scheme === 'basic' && basicAuth === undefined)) return null;
    if (challenge.scheme === 'basic') return basicOf(basicAuth);
    const { realm, service, scope } = challenge;
    if (!mayAsk(realm, new URL(this.#source.url), tokenHosts)) {
      throw new RegistryError(
        'unauthorised',
        `${this.#name} sends us to ${realm.host} for a token. That host is not listed, so it was not asked: add it to tokenHosts of this registry in signalbox.yaml if it is right.`,
      );
    }
    const wanted = scope ?? (repository === null ? undefined : `repository:${repository}:pull`);
    const basic = basicOf(basicAuth);
    const name = `The token server ${realm.host}`;
    const answer = await sourceFetch(sourceOf(this.#registry, realm.href), {
      // The URL's own path is kept as it is, and a slash at its end is taken for one.
      path: realm.pathname.endsWith('/') ? '/' : '',
      query: { service: service ?? undefined, scope: wanted },
      headers: basic === null ? {} : { authorization: basic },
      signal: this.#signal,
      name,
    });
    if (answer.status !== 200) throw refusal(name, answer, now().getTime());
    const token = TokenAnswer.safeParse(parseJson(answer.text, name)).data;
    if (typeof token === 'string') return `Bearer ${token}`;
    throw new RegistryError('bad-response', `${name} answered without a token.`);
  }

  #checked({ repository, reference }: ManifestRef, found: Manifest): Manifest {
    if (!isDigest(reference) || reference === found.digest) return found;
    throw new RegistryError(
      'bad-response',
      `${this.#name} was asked for ${reference} of ${repository} and answered with ${found.digest}.`,
    );
  }

  #gone({ repository, reference }: ManifestRef, answer: SourceAnswer): RegistryError {
    const said = firstError(answer.text);
    const what =
      said?.code === 'NAME_UNKNOWN'
        ? `has no repository ${repository}`
        : isDigest(reference)
          ? `has no content ${reference} in ${repository}`
          : `has no tag ${reference} in ${repository}`;
    // Only a registry says so in its own words; a 404 of something before it is no proof that the image is gone.
    return said === undefined
      ? new RegistryError('bad-response', `${this.#name} answered HTTP 404 in a form that is no registry's.`)
      : new RegistryError('not-found', `${this.#name} ${what}.`);
  }
}

const typeOf = ({ contentType }: SourceAnswer): string => contentType.split(';')[0]?.trim() ?? '';

function basicOf(basicAuth: Registry['basicAuth']): string | null {
  if (basicAuth === undefined) return null;
  const pair = `${basicAuth.username}:${readSecret(basicAuth.password)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

/** How a host of the registry is reached; credentials are added to single requests, never to all. */
function sourceOf(registry: Registry, url: string): HttpSource {
  const { caFile, clientCertificate, headers, timeout, host } = registry;
  return {
    id: `registry ${host}`,
    url,
    headers: headers ?? {},
    timeout,
    ...(caFile === undefined ? {} : { caFile }),
    ...(clientCertificate === undefined ? {} : { clientCertificate }),
  };
}
