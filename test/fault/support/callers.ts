/** Callers of one server who may see different things, and how their requests travel. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'undici';
import { runApiKeyCommand } from '../../../src/identity/api-keys/command.js';
import type { Answer } from '../../support/graphql-client.js';
import type { Case } from './cases.js';
import type { Json } from './stack.js';

/** Who asks. */
export interface Caller {
  name: string;
  headers: Record<string, string>;
}

/** Callers, and the settings of a server that tells them apart. */
export interface Callers {
  /** The first one sees everything. */
  all: readonly [Caller, ...Caller[]];
  env: Record<string, string>;
  forget(): Promise<void>;
}

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

/**
 * An administrator, a user of one site, a user of another one, a program that may not see series, alerts and models, and
 * one that belongs to another organization.
 */
export async function makeCallers(orgId: string, foreignOrgId: string): Promise<Callers> {
  const folder = await mkdtemp(join(tmpdir(), 'chaos-'));
  const file = join(folder, 'keys.json');
  const keyOf = async (id: string, org: string, rights: string): Promise<Record<string, string>> => {
    const args = ['create', '--file', file, '--id', id, '--org', org, '--rights', rights];
    return { 'x-api-key': (await runApiKeyCommand(args, {})).trim() };
  };
  return {
    all: [
      { name: 'anna', headers: bearer('APP_PORTAL_S_DemoAnnaAdministratorToken000001') },
      { name: 'otto', headers: bearer('APP_PORTAL_S_DemoOttoSiteOperatorToken0000002') },
      { name: 'vera', headers: bearer('APP_PORTAL_S_DemoVeraSolarViewerToken00000003') },
      { name: 'clerk', headers: await keyOf('clerk', orgId, 'assets:read,trees:read,assets:all') },
      { name: 'stranger', headers: await keyOf('stranger', foreignOrgId, 'read,assets:all') },
    ],
    env: {
      AUTH_MODES: 'portal,api-key',
      AUTH_API_KEYS_FILE: file,
      ASSET_RIGHTS: 'portal',
      RATE_LIMIT_REQUESTS: '0',
      RATE_LIMIT_COST: '0',
    },
    forget: () => rm(folder, { recursive: true, force: true }),
  };
}

/** What a caller sees of himself, which is kept under him, and of lists, which are kept by what he may see. */
export const CALLER_CASES: readonly Case[] = [
  {
    name: 'viewer',
    query: `{ viewer { id kind roles rights user { userId name email } assets(first: 20) { totalCount nodes { assetId name } } } }`,
  },
  { name: 'assets', query: `{ assets(first: 10) { totalCount nodes { assetId name model { name } } } }` },
  {
    name: 'summary',
    query: `{ alertSummary(groupBy: ASSET) { count } assetsById(assetIds: ["tB4nX9wL", "Ms8dV4kT", "Hx2wGs6C"]) { name } }`,
  },
];

/** Few connections to one server, over which all callers speak in turns. */
export class Line {
  private readonly pool: Pool;

  constructor(serverUrl: string, connections: number) {
    this.pool = new Pool(serverUrl, { connections });
  }

  /** The same bytes whoever asks: only his credential differs. `repeated`: the answer was made for another request. */
  async ask(caller: Caller, query: string): Promise<Answer<Json> & { repeated: boolean }> {
    const reply = await this.pool.request({
      path: '/graphql',
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json',
        ...caller.headers,
      },
      body: JSON.stringify({ query }),
    });
    const body = (await reply.body.json()) as Omit<Answer<Json>, 'status'>;
    const repeated = reply.headers['x-enos-answer'] !== undefined;
    return { status: reply.statusCode, repeated, ...body, data: body.data ?? null };
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }
}
