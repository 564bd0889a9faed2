/** `x-enos-explain: plan`: what the operation would cost, in place of its answer. */
import type { IncomingMessage } from 'node:http';

/** Whether the request asks for a plan. */
export function wantsPlan({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers['x-enos-explain'] === 'plan';
}
