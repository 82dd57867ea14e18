import { z } from 'zod';
import { type Blob, type Build, buildOf, repositories, tagsOf } from './catalogue';

/** What was done to a registry since it was made; replayed over the catalogue, it gives the same contents again. */
export const Deed = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('build'), repository: z.string(), tag: z.string(), build: z.string() }),
  z.strictObject({ kind: z.literal('point'), repository: z.string(), tag: z.string(), digest: z.string() }),
  z.strictObject({ kind: z.literal('untag'), repository: z.string(), tag: z.string() }),
  z.strictObject({ kind: z.literal('delete'), repository: z.string(), digest: z.string() }),
]);
export type Deed = z.infer<typeof Deed>;

type Repository = { tags: Map<string, string>; manifests: Map<string, Blob>; blobs: Map<string, Blob> };

/** Tags and contents of the repositories. Lookups answer null for what is not there. */
export class RegistryStore {
  readonly deeds: Deed[] = [];
  readonly #repositories = new Map<string, Repository>();

  constructor(deeds: readonly Deed[] = []) {
    for (const name of repositories) {
      const repository: Repository = { tags: new Map(), manifests: new Map(), blobs: new Map() };
      for (const [tag, build] of tagsOf(name) ?? []) push(repository, tag, buildOf(name, build));
      this.#repositories.set(name, repository);
    }
    for (const deed of deeds) this.#do(deed);
  }

  has(repository: string): boolean {
    return this.#repositories.has(repository);
  }

  tags(repository: string): Map<string, string> {
    return new Map(this.#repositories.get(repository)?.tags);
  }

  /** By tag or digest. */
  manifest(repository: string, reference: string): Blob | null {
    const found = this.#repositories.get(repository);
    return found?.manifests.get(found.tags.get(reference) ?? reference) ?? null;
  }

  blob(repository: string, digest: string): Blob | null {
    return this.#repositories.get(repository)?.blobs.get(digest) ?? null;
  }

  /** Pushes another build under a tag, new or not, and answers with its digest; null for an unknown repository. */
  rebuild(repository: string, tag: string): string | null {
    const build = `${tag} again ${this.deeds.length + 1}`;
    return this.#do({ kind: 'build', repository, tag, build }) ? this.#digest(repository, tag) : null;
  }

  /** Lets a tag stand for content that is there; null when it is not. */
  point(repository: string, tag: string, digest: string): string | null {
    return this.#do({ kind: 'point', repository, tag, digest }) ? digest : null;
  }

  untag(repository: string, tag: string): boolean {
    return this.#do({ kind: 'untag', repository, tag });
  }

  /** Deletes content; tags that stood for it go with it. */
  delete(repository: string, digest: string): boolean {
    return this.#do({ kind: 'delete', repository, digest });
  }

  #digest(repository: string, tag: string): string | null {
    return this.#repositories.get(repository)?.tags.get(tag) ?? null;
  }

  #do(deed: Deed): boolean {
    const repository = this.#repositories.get(deed.repository);
    if (repository === undefined || !apply(repository, deed)) return false;
    this.deeds.push(deed);
    return true;
  }
}

function push({ tags, manifests, blobs }: Repository, tag: string, build: Build): void {
  tags.set(tag, build.index.digest);
  for (const one of [build.index, ...build.manifests]) manifests.set(one.digest, one);
  for (const one of build.configs) blobs.set(one.digest, one);
}

function apply(repository: Repository, deed: Deed): boolean {
  const { tags, manifests } = repository;
  switch (deed.kind) {
    case 'build':
      push(repository, deed.tag, buildOf(deed.repository, deed.build));
      return true;
    case 'point':
      if (!manifests.has(deed.digest)) return false;
      tags.set(deed.tag, deed.digest);
      return true;
    case 'untag':
      return tags.delete(deed.tag);
    case 'delete':
      for (const [tag, digest] of [...tags]) if (digest === deed.digest) tags.delete(tag);
      return manifests.delete(deed.digest);
  }
}
