/** Answers with bytes that are there, or that another request is about to get, before the body is parsed. */
import type { Answer } from '../../answer.js';
import type { MaybePromise } from '../../hooks.js';
import type { SharedExecution } from '../../response-cache/store.js';
import { cacheKey } from '../../response-cache/key.js';
import { type AnsweredOperation, type RenderedAnswer, showAnswer } from '../../response-cache/rendered.js';
import { recovering, whenThere, type PipelineRequest, type Step, type StepParts } from '../request.js';
import { admit } from './limits.js';
import { createRenewals, type RenewalParts } from './renewals.js';

type Parts = RenewalParts & Pick<StepParts, 'documents' | 'admission' | 'errors'>;

/** For a request whose client has gone. */
const NOT_SENT: Answer = { status: 499, headers: [], body: '' };

/** The step. The hooks are asked each time: `documents`, which may have changed its mind, and `admission`. */
export function responseCache(parts: Parts): Step {
  const { cache, documents, admission, errors } = parts;
  const renewals = createRenewals(parts);

  /** Whether the request still means the document that was answered. Throws or rejects where it may not have the answer. */
  const isAllowed = (request: PipelineRequest, about: AnsweredOperation): MaybePromise<boolean> => {
    const { document } = about;
    const text = documents ? documents.textOf(document, request.caller) : document.query;
    return whenThere(text, (found) => {
      if (found !== about.text) return false;
      request.asked = document;
      request.state.noteOperation(about);
      request.state.cost = about.cost;
      return whenThere(admit(admission, request.state, about, true), () => true);
    });
  };

  const show = (request: PipelineRequest, kept: RenderedAnswer): Answer => {
    const answer = showAnswer(request.state, kept, 'kept', cache);
    if (cache.isDue(kept)) renewals.begin(request, kept);
    return answer;
  };

  const wait = async (request: PipelineRequest, flight: SharedExecution): Promise<Answer | undefined> => {
    const { state } = request;
    flight.join(state);
    const answer = await flight.outcome;
    if (state.res.destroyed) return NOT_SENT;
    if (answer && cache.isCurrent(answer)) return showAnswer(state, answer, 'joined', cache);
    // An answer with errors is its own request's: those who waited for it ask again.
    return withoutKey(request);
  };

  return (request) => {
    const { state, caller, mediaType, bytes } = request;
    if (!cache.isOn || mediaType === undefined) return undefined;
    const key = (request.key = cacheKey(state.req, caller.partition, mediaType, bytes));
    if (key === undefined) return undefined;
    const kept = cache.find(key);
    const found = kept ?? cache.underWay(key);
    if (!found) return undefined;
    return whenThere(
      recovering(
        () => isAllowed(request, found.about),
        (error) => errors.refusal(request, error),
      ),
      (allowed) => {
        if (typeof allowed === 'object') return allowed;
        if (!allowed) return withoutKey(request);
        return kept ? show(request, kept) : wait(request, found as SharedExecution);
      },
    );
  };
}

/** The next steps answer this request, by itself. */
function withoutKey(request: PipelineRequest): undefined {
  request.key = undefined;
}
