import type { EnosClient } from '../../enos/client.js';
import type { Tracing } from './tracing.js';

/** A client whose calls take the context of their trace along to EnOS; the client itself where there are no traces. */
export function tracedClient(client: EnosClient, tracing: Tracing | undefined): EnosClient {
  if (!tracing) return client;
  const { traceHeaders } = tracing;
  return {
    gateway: client.gateway,
    ...(client.maxResponseBytes === undefined ? {} : { maxResponseBytes: client.maxResponseBytes }),
    call: (operation, args, options) => client.call(operation, args, { ...options, traceHeaders }),
    credentialsAccepted: () => client.credentialsAccepted(),
    connect: (options) => client.connect(options),
    close: () => client.close(),
  };
}
