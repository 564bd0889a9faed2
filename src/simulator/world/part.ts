/**
 * A part of a world: what one file of its folder describes, kept as state of its own. A new kind of thing is a file in
 * `parts`, and nothing that lists them by hand.
 */
import type { z } from 'zod';
import type { WorldAsset, WorldModel, WorldTree } from './world.js';

/** What a part may refer to while it is built. */
export interface PartSurroundings {
  /** Path of the file, for messages. */
  file: string;
  orgId: string;
  models: ReadonlyMap<string, WorldModel>;
  /** A part that comes with assets of its own adds them. */
  assets: Map<string, WorldAsset>;
  /** Ids of a slug: one for an asset, all for a range; undefined for a slug that names neither. */
  idsOf: (slug: string) => readonly string[] | undefined;
  /** Lets a slug name an asset that a part has added. */
  name: (slug: string, assetId: string) => void;
  trees: ReadonlyMap<string, WorldTree>;
  /** Unix milliseconds from which the file counts back. */
  now: number;
  /** State of another part. Two must not need each other. */
  stateOf: <Content, State>(part: WorldPart<Content, State>) => State;
}

/** A part whose file holds `Content`. */
export interface WorldPart<Content, State> {
  /** Name in the world's folder. A world may leave the file out: the part then holds what `build` makes of nothing. */
  readonly file: string;
  readonly schema: z.ZodType<Content>;
  /**
   * A map, or an object with maps: they are what writes change. Throws `WorldError` for what refers to nothing.
   */
  build(content: Content | undefined, surroundings: PartSurroundings): State;
}
