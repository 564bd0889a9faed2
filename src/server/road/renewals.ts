/**
 * Kept answers that are asked for often are made anew shortly before they end, behind one that is sent: whoever asks after
 * the end finds bytes again, and need not wait for EnOS.
 */
import type { Logger } from 'pino';
import type { Answers } from '../answers/answers.js';
import { renderAnswer } from '../answers/rendered.js';
import type { RenderedAnswer } from '../answers/rendered.js';
import type { MaybePromise } from '../hooks.js';
import type { ServerContext, Work } from '../options.js';
import type { Parameters } from './parameters.js';
import type { ShortRoad } from './short-road.js';

/** Makes kept answers anew. */
export interface Renewals {
  /**
   * Begins to make one anew, unless too many are under way; the next request may then. `asked` and `makeContext` are of the
   * request that found it due, whose equals are all who find it. Whatever fails, the answer there is lives to its end.
   */
  begin(
    key: string,
    kept: RenderedAnswer,
    asked: Parameters | undefined,
    makeContext: (work: Work) => MaybePromise<ServerContext>,
  ): void;
}

/** Nobody waits for them, so that they must not crowd out those who wait. */
const MAX_UNDER_WAY = 16;

/** Makes them. */
export function createRenewals(
  answers: Answers,
  shortRoad: Pick<ShortRoad, 'take'>,
  logger: Logger,
): Renewals {
  let underWay = 0;

  const renew = async (
    key: string,
    { about, mediaType }: RenderedAnswer,
    asked: Parameters | undefined,
    makeContext: (work: Work) => MaybePromise<ServerContext>,
  ): Promise<void> => {
    const bound =
      asked &&
      shortRoad.take({ ...asked, query: about.text, extensions: undefined }, asked, mediaType)?.bound;
    if (!bound) return;
    const context = await makeContext(new Renewal());
    const answer = renderAnswer(await bound.execute({ context }), context, mediaType, about);
    if (answer) answers.keep(key, answer);
  };

  return {
    begin: (key, kept, asked, makeContext) => {
      if (underWay >= MAX_UNDER_WAY) return;
      kept.isRenewed = true;
      underWay += 1;
      renew(key, kept, asked, makeContext)
        .catch((err: unknown) => logger.debug({ err }, 'a kept answer was not made anew'))
        .finally(() => (underWay -= 1));
    },
  };
}

/** Work that nobody waits for: the calls' own time-outs end it. */
class Renewal implements Work {
  readonly renews = true;
  private made: AbortSignal | undefined;

  get signal(): AbortSignal {
    return (this.made ??= new AbortController().signal);
  }
}
