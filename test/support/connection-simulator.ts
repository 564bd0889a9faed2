/** A simulator over a small world whose ids are those of the Connection Service's examples in the contract. */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { startSimulator } from '../../src/simulator/server.js';
import { loadWorld } from '../../src/simulator/world/load.js';
import { EnosClient, signature } from './enos-client.js';
import type { EnosReply } from './enos-client.js';
import { contractErrors, contractOperation } from './enos-contract.js';
import { TINY_KEYS } from './tiny-simulator.js';
import { TINY_NOW } from './tiny-world.js';

const FOLDER = fileURLToPath(new URL('../worlds/connection', import.meta.url));
const ORG = 'o16700000000001';

/** A part of a multipart body: text, or a file with its name. */
export type Part = [name: string, text: string] | [name: string, bytes: Buffer, filename: string];

/** What a call sends. */
export interface Sent {
  query?: Record<string, string | undefined>;
  body?: unknown;
  form?: Part[];
  headers?: Record<string, string>;
  /** In place of the contract's. */
  method?: string;
  action?: string;
}

/** A running simulator. Close it after each test. */
export interface ConnectionSimulator {
  /** Moves its clock: all lives by it. */
  clock: { now: number };
  /** What it logged about faults of its own. */
  faults: string[];
  /** Calls an operation, and fails if the reply is not as the contract says. */
  call(operationId: string, sent?: Sent): Promise<EnosReply>;
  /** `data` of a call that has to succeed. */
  data<T>(operationId: string, sent?: Sent): Promise<T>;
  /** Code of a reply. */
  code(operationId: string, sent?: Sent): Promise<unknown>;
  /** The bare reply, for downloads. */
  fetch(operationId: string, sent?: Sent): Promise<Response>;
  close(): Promise<void>;
}

/** Starts one on a free port. Searches show writes after two seconds, unless `writeLag` says otherwise. */
export async function startConnection(writeLag?: number): Promise<ConnectionSimulator> {
  const clock = { now: TINY_NOW };
  const faults: string[] = [];
  const simulator = await startSimulator({
    world: await loadWorld(FOLDER, { now: () => clock.now }),
    credentials: TINY_KEYS,
    now: () => clock.now,
    log: (line) => faults.push(line),
    // Tests let months pass.
    tokenLifetime: 1e9,
    ...(writeLag === undefined ? {} : { writeLag }),
  });
  const client = new EnosClient(simulator.url, TINY_KEYS, ORG);

  const fetchReply = async (operationId: string, sent: Sent = {}): Promise<Response> => {
    const { method, path, action } = contractOperation(operationId);
    const parameters = new URLSearchParams();
    const query = { orgId: ORG, action: sent.action ?? action, ...sent.query };
    for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, value);
    const url = `${simulator.url}${path}?${parameters.toString()}`;
    const accessToken = await client.accessToken();
    const timestamp = String(clock.now);
    const text = sent.body === undefined ? undefined : JSON.stringify(sent.body);
    const verb = sent.method ?? method;
    const body = sent.form === undefined ? text : formOf(sent.form);
    return fetch(url, {
      method: verb,
      ...(body === undefined || verb === 'GET' ? {} : { body }),
      headers: {
        ...(text === undefined ? {} : { 'content-type': 'application/json' }),
        'apim-accesstoken': accessToken,
        'apim-timestamp': timestamp,
        'apim-signature': signature({
          url,
          ...(text === undefined ? {} : { body: text }),
          accessToken,
          timestamp,
          secretKey: TINY_KEYS.secretKey,
        }),
        ...sent.headers,
      },
    });
  };
  const call = async (operationId: string, sent?: Sent): Promise<EnosReply> => {
    const response = await fetchReply(operationId, sent);
    const body = (await response.json()) as Record<string, unknown>;
    if (operationId !== 'downloadFile') expect(contractErrors(operationId, body)).toBeNull();
    return { status: response.status, body };
  };
  return {
    clock,
    faults,
    call,
    data: async <T>(operationId: string, sent?: Sent) => {
      const { body } = await call(operationId, sent);
      expect(body).toMatchObject({ code: 0 });
      return body.data as T;
    },
    code: async (operationId, sent) => (await call(operationId, sent)).body.code,
    fetch: fetchReply,
    close: () => simulator.close(),
  };
}

function formOf(parts: readonly Part[]): FormData {
  const form = new FormData();
  for (const [name, content, filename] of parts) {
    if (filename === undefined) form.append(name, String(content));
    else form.append(name, new Blob([new Uint8Array(content as Buffer)]), filename);
  }
  return form;
}

/** Parts of a firmware with its right signature. */
export function firmwareForm(metadata: Record<string, unknown>, content = 'firmware'): Part[] {
  const bytes = Buffer.from(content);
  const sign = createHash('md5').update(bytes).digest('hex');
  const whole = { signMethod: 'md5', sign, enableVerification: false, ...metadata };
  return [
    ['metadata', JSON.stringify(whole)],
    ['file', bytes, 'firmware.bin'],
  ];
}
