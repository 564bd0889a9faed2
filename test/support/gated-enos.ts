/** A client of EnOS whose calls stay open until the test answers them. */
import type { CallOptions, EnosClient, Reply } from '../../src/enos/client.js';
import type { Arguments, OperationId } from '../../src/enos/operation.js';

/** One open call. */
export interface OpenCall {
  operation: OperationId;
  args: { query?: Record<string, unknown>; body?: Record<string, unknown> };
  options: CallOptions | undefined;
  /** Answers with the envelope. */
  answer(body: Record<string, unknown>): void;
  refuse(error: Error): void;
}

/** The client, and its calls in the order they were made. */
export interface GatedEnos extends EnosClient {
  calls: OpenCall[];
  /** Resolves with the call of the given index once it was made. */
  called(index: number): Promise<OpenCall>;
}

/** Makes one. */
export function gatedEnos(): GatedEnos {
  const calls: OpenCall[] = [];
  return {
    gateway: 'http://gated.example',
    calls,
    called: async (index) => {
      for (let turn = 0; turn < 1_000; turn += 1) {
        const call = calls[index];
        if (call !== undefined) return call;
        await new Promise((resolve) => setImmediate(resolve));
      }
      throw new Error(`call ${index} was never made`);
    },
    call: <Id extends OperationId>(operation: Id, args: Arguments<Id>, options?: CallOptions) =>
      new Promise<Reply<Id>>((resolve, reject) => {
        calls.push({
          operation,
          args: args as OpenCall['args'],
          options,
          answer: (body) => {
            const reply: unknown = { data: body['data'], body, requestId: body['requestId'] ?? null };
            resolve(reply as Reply<Id>);
          },
          refuse: reject,
        });
      }),
    credentialsAccepted: () => true,
    connect: async () => undefined,
    close: async () => undefined,
  };
}
