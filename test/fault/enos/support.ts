/** What the tests of faults share: a scripted gateway, clients of it, and the calls they make. */
import type { EnosClientOptions } from '../../../src/enos/client-options.js';
import type { CallOptions, ObservableEnosClient } from '../../../src/enos/client.js';
import { createEnosClient } from '../../../src/enos/create-client.js';
import { EnosError } from '../../../src/enos/errors.js';
import { FakeGateway } from '../../support/fake-gateway.js';

/** Long enough to be no reason for anything. */
export const NEVER = 60_000;

/** A gateway and the clients that were made for it. */
export class Scene {
  readonly #clients: ObservableEnosClient[] = [];

  private constructor(readonly gateway: FakeGateway) {}

  static async start(): Promise<Scene> {
    return new Scene(await FakeGateway.start());
  }

  client({ timeouts, ...options }: Partial<EnosClientOptions> = {}): ObservableEnosClient {
    const client = createEnosClient({
      url: this.gateway.url,
      accessKey: 'access-key',
      secretKey: 'secret-key',
      timeouts: { connect: NEVER, headers: NEVER, idle: NEVER, total: NEVER, ...timeouts },
      ...options,
    });
    this.#clients.push(client);
    return client;
  }

  async stop(): Promise<void> {
    const closing = this.#clients.splice(0).map((client) => client.close());
    await this.gateway.stop();
    await Promise.all(closing);
  }
}

/** A read of the asset service. */
export const read = (client: ObservableEnosClient, options?: CallOptions) =>
  client.call('asset.getAsset', { query: { orgId: 'o1', assetId: 'a1' } }, options);

/** A read of another service. */
export const readModel = (client: ObservableEnosClient, options?: CallOptions) =>
  client.call('model.getThingModel', { query: { orgId: 'o1', modelId: 'm1' } }, options);

/** A write to the asset service. */
export const write = (client: ObservableEnosClient, options?: CallOptions) =>
  client.call(
    'asset.updateAsset',
    { query: { orgId: 'o1', isPatchUpdate: true }, body: { asset: { assetId: 'a1' } } },
    options,
  );

/** The error of a call that must fail. */
export async function failed(call: Promise<unknown>): Promise<EnosError> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EnosError);
  return error as EnosError;
}

/** What the client says of one service. */
export const stateOf = (client: ObservableEnosClient, service: string) =>
  client.state().services.find((state) => state.service === service);

/** Resolves when the condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}
