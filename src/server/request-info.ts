/** What the graph's context is made from, read from a request when it is asked for. */
import type { IncomingMessage } from 'node:http';
import type { Caller } from './hooks.js';
import type { RequestInfo, Work } from './options.js';
import type { RequestState } from './request-state.js';

/** The facts about one request, for the context function. */
export class GraphRequest<C extends Caller> implements RequestInfo<C> {
  constructor(
    private readonly state: RequestState,
    readonly caller: C,
    private readonly explainAllowed: boolean,
    /** Whose signal ends the work: the request's, or that of the execution that others wait for too. */
    private readonly work: Work = state,
  ) {}

  get req(): IncomingMessage {
    return this.state.req;
  }

  get signal(): AbortSignal {
    return this.work.signal;
  }

  get deadline(): number {
    const { deadline } = this.state;
    if (deadline === undefined) throw new Error('the deadline must begin before the operation');
    return deadline;
  }

  get renews(): boolean {
    return this.work.renews === true;
  }

  get requestId(): string {
    return this.state.requestId;
  }

  get acceptLanguage(): string | undefined {
    return this.state.req.headers['accept-language'];
  }

  get explain(): boolean {
    return this.explainAllowed && this.state.req.headers['x-enos-explain'] === '1';
  }
}
