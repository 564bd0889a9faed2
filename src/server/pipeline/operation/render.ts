/** The answer of an operation that has run, as it is sent. */
import { newHead } from '../../errors/answer-errors.js';
import type { Answer } from '../../answer.js';
import type { RunResult } from '../../execution/run.js';
import { renderAnswer, resultBytes, showAnswer } from '../../response-cache/rendered.js';
import type { RenderedAnswer } from '../../response-cache/rendered.js';
import type { PipelineRequest, Step, StepParts } from '../request.js';

/** The step. An answer that is the same for all who ask the same is kept, and given to those who wait for it. */
export function render({ errors, cache }: Pick<StepParts, 'errors' | 'cache'>): Step {
  return (request) => {
    const { state, key, flight, about, context, result, mediaType = '' } = request;
    if (key === undefined || !flight || !context) return answerOnce(errors, request, result);
    let rendered: RenderedAnswer | undefined;
    try {
      rendered = renderAnswer(result, context, mediaType, about);
      return rendered ? showAnswer(state, rendered, 'executed', cache) : answerOnce(errors, request, result);
    } finally {
      cache.settle(key, flight, rendered);
    }
  };
}

/** An answer of this request only: errors as the caller may see them, extensions, and the headers of the ticket. */
export function answerOnce(errors: StepParts['errors'], request: PipelineRequest, result: RunResult): Answer {
  const { state, mediaType = '' } = request;
  const { errors: failures } = result;
  const extensions = result.extensions ? { ...result.extensions, ...request.extensions } : request.extensions;
  const headers: string[] = [];
  let status = 200;
  let shown;
  if (failures) {
    const head = newHead();
    errors.log(failures, state.requestId);
    shown = errors.show(failures, head);
    errors.count(state, shown);
    status = head.status ?? 200;
    headers.push(...[...head.headers].flat());
  }
  if (state.ticket?.headers) headers.push(...Object.entries(state.ticket.headers).flat());
  headers.push('Content-Type', mediaType);
  return { status, headers, body: resultBytes(result, shown, extensions) };
}
