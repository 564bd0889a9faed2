/** The shortest way: a request that is answered with bytes that are there, or that another request is about to get. */
import type { Answer } from '../answer.js';
import type { Answers } from '../answers/answers.js';
import type { Compression } from '../answers/compression.js';
import type { Flight } from '../answers/flight.js';
import type { AnsweredOperation, RenderedAnswer } from '../answers/rendered.js';
import { showAnswer } from '../answers/show.js';
import type { DocumentRequest, MaybePromise } from '../hooks.js';
import type { RequestState } from '../request-state.js';
import type { Send } from './sender.js';
import type { ShortRoad } from './short-road.js';

/** What it needs of the route around it. */
export interface SharedParts {
  answers: Answers;
  compression: Compression;
  shortRoad: Pick<ShortRoad, 'admitAnswered'>;
  textOf: (state: RequestState, asked: DocumentRequest) => MaybePromise<string | undefined>;
  send: Send;
  /** Lets an answer be kept on its way where that is allowed. */
  keep: (state: RequestState, answer: Answer, asked: DocumentRequest) => void;
  /** Makes a kept answer anew, behind the one that was sent to this request. */
  renew: (state: RequestState, key: string, kept: RenderedAnswer, bytes: Buffer | undefined) => void;
  /** Answers a request that a hook refused. */
  refuse: (state: RequestState, error: unknown) => void;
  fail: (state: RequestState, error: unknown) => void;
  /** Answers a request by itself. */
  operate: (state: RequestState, bytes: Buffer | undefined, key?: string) => void;
}

/** Answers the request if it can, and says whether it does. */
export type SharedRoute = (state: RequestState, key: string, bytes: Buffer | undefined) => boolean;

/** Makes it. Hooks are asked as on every road: `documents`, whose answer may have changed, and `admission`. */
export function sharedRoute(parts: SharedParts): SharedRoute {
  const { answers, shortRoad, textOf, send, keep, renew, refuse, fail, operate } = parts;

  const show = (state: RequestState, rendered: RenderedAnswer, outcome: 'kept' | 'joined'): void => {
    const answer = showAnswer(state, rendered, outcome, parts);
    keep(state, answer, rendered.about.document);
    send(state, answer);
  };

  /** Whether the request still means the document that was answered, and may have the answer. At once if hooks are. */
  const isAllowed = (state: RequestState, about: AnsweredOperation): MaybePromise<boolean> => {
    const admit = (text: string | undefined): MaybePromise<boolean> => {
      if (text !== about.text) return false;
      const admitted = shortRoad.admitAnswered(state, about);
      return admitted instanceof Promise ? admitted.then(() => true) : true;
    };
    const text = textOf(state, about.document);
    return text instanceof Promise ? text.then(admit) : admit(text);
  };

  /** Asks the hooks, then goes on with what was found, or without it where it is another document's. */
  const whenAllowed = (
    state: RequestState,
    about: AnsweredOperation,
    goOn: (isAllowed: boolean) => void,
  ): void => {
    let allowed: MaybePromise<boolean>;
    try {
      allowed = isAllowed(state, about);
    } catch (error) {
      refuse(state, error);
      return;
    }
    if (allowed instanceof Promise) allowed.then(goOn, (error: unknown) => refuse(state, error));
    else goOn(allowed);
  };

  const wait = async (state: RequestState, flight: Flight, bytes: Buffer | undefined): Promise<void> => {
    const answer = await flight.outcome;
    if (state.res.destroyed) return;
    if (answer && answers.isCurrent(answer)) show(state, answer, 'joined');
    // An answer with errors is its own request's: whoever waited for it asks again.
    else operate(state, bytes);
  };

  return (state, key, bytes) => {
    const kept = answers.find(key);
    if (kept) {
      whenAllowed(state, kept.about, (isAllowed) => {
        if (!isAllowed) {
          operate(state, bytes);
          return;
        }
        show(state, kept, 'kept');
        if (answers.isDue(kept)) renew(state, key, kept, bytes);
      });
      return true;
    }
    const flight = answers.underWay(key);
    if (!flight) return false;
    whenAllowed(state, flight.about, (isAllowed) => {
      if (!isAllowed) {
        operate(state, bytes);
        return;
      }
      flight.join(state);
      wait(state, flight, bytes).catch((error: unknown) => fail(state, error));
    });
    return true;
  };
}
