/**
 * Kept answers that are asked for often are made again shortly before they end, behind one that is sent: a client who asks after
 * the end finds bytes again, and need not wait for EnOS.
 */
import type { Work } from '../../options.js';
import { renderAnswer } from '../../response-cache/rendered.js';
import type { RenderedAnswer } from '../../response-cache/rendered.js';
import { parseBody } from '../http/parse.js';
import type { PipelineRequest, StepParts } from '../request.js';
import { contextFor } from './context.js';
import { readParameters } from './parameters.js';

/** Makes kept answers again. */
export interface Renewals {
  /**
   * Begins to make one again, unless too many are under way; the next request may then. `request` found it due: whatever
   * shapes its answer is the same for all who find it. Whatever fails, the answer there is lives to its end.
   */
  begin(request: PipelineRequest, kept: RenderedAnswer): void;
}

/** What renewals are made of. */
export type RenewalParts = Pick<StepParts, 'cache' | 'operations' | 'context' | 'explain' | 'logger'>;

/** No client waits for them, so they must not crowd out those who do. */
const MAX_UNDER_WAY = 16;

/** Makes them. */
export function createRenewals(parts: RenewalParts): Renewals {
  const { cache, operations, logger } = parts;
  let underWay = 0;

  const renew = async (request: PipelineRequest, { about, mediaType }: RenderedAnswer): Promise<void> => {
    const { state, bytes, key } = request;
    const asked = readParameters(state.req, bytes && parseBody(bytes));
    const operation = asked && operations.find(about.text, asked.operationName);
    const bound = operation?.compiled?.bind(asked?.variables);
    if (!bound || key === undefined) return;
    const context = await contextFor(parts, request, new Renewal());
    const answer = renderAnswer(await bound.execute({ context }), context, mediaType, about);
    if (answer) cache.keep(key, answer);
  };

  return {
    begin: (request, kept) => {
      if (underWay >= MAX_UNDER_WAY) return;
      kept.isRenewed = true;
      underWay += 1;
      const work = (): Promise<unknown> =>
        renew(request, kept)
          .catch((err: unknown) => logger.debug({ err }, 'a kept answer was not renewed'))
          .finally(() => (underWay -= 1));
      // Once the answer that is there has been sent.
      setImmediate(() => void work());
    },
  };
}

/** Work that no client waits for: the calls' own time-outs end it. */
class Renewal implements Work {
  readonly renews = true;
  private made: AbortSignal | undefined;

  get signal(): AbortSignal {
    return (this.made ??= new AbortController().signal);
  }
}
