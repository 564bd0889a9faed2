/**
 * A part of a world: what one file of its folder describes, kept as state of its own, with the operations that serve it. A
 * new kind of thing is a file in `parts`, and nothing that lists them by hand.
 */
import type { z } from 'zod';
import type { ServiceHandlers } from '../operation.js';
import type { WorldAsset, WorldModel } from './world.js';

/** What a part may refer to while it is built. */
export interface PartSurroundings {
  /** Path of the file, for messages. */
  file: string;
  orgId: string;
  models: ReadonlyMap<string, WorldModel>;
  assets: ReadonlyMap<string, WorldAsset>;
}

/** A part whose file holds `Content`. */
export interface WorldPart<Content, State> {
  /** Name in the world's folder. A world may leave the file out: the part then holds what `build` makes of nothing. */
  readonly file: string;
  readonly schema: z.ZodType<Content>;
  /** Throws `WorldError` for what refers to nothing. */
  build(content: Content | undefined, surroundings: PartSurroundings): State;
  /** By operation id. */
  readonly handlers: ServiceHandlers;
}
