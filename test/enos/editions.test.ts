/** Operations that differ between editions: chosen by the contract, in one place, by whoever calls one of them. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  callInEdition,
  isInEdition,
  newestIn,
  operationIn,
  type Edition,
  type SupersededId,
} from '../../src/enos/editions.js';
import { EnosError } from '../../src/enos/errors.js';
import { OPERATIONS } from '../../src/enos/generated/operations.js';
import type { OperationId } from '../../src/enos/operation.js';

const EDITIONS: readonly Edition[] = ['2.1', '2.3'];
const superseded = Object.values(OPERATIONS)
  .filter(({ supersededBy }) => supersededBy !== null)
  .map(({ id }) => id as SupersededId);
const successor = (id: SupersededId): OperationId =>
  `${OPERATIONS[id].service}.${OPERATIONS[id].supersededBy}` as OperationId;

test.each(superseded)('%s: each edition is asked by the newest operation that it has', (id) => {
  const later = successor(id);
  expect(OPERATIONS[later]).toBeDefined();
  for (const edition of EDITIONS)
    expect(operationIn(edition, id)).toBe(isInEdition(edition, later) ? later : id);
});

test('editions compare as numbers of a version', () => {
  expect(isInEdition('2.3', 'app-portal.getOrganizationUserListV22')).toBe(true); // 2.3
  expect(isInEdition('2.1', 'app-portal.getOrganizationUserListV22')).toBe(false);
  expect(isInEdition('2.3', 'app-portal.noticeMessageProduce')).toBe(false); // 2.4.4
  expect(isInEdition('2.1', 'app-portal.getUserInformationV22')).toBe(true); // 2.1
  expect(isInEdition('2.1', 'asset.getAsset')).toBe(true); // ever since
});

describe('where a gateway does not publish the operation of its edition', () => {
  const failure = (kind: 'http' | 'refused', httpStatus: number) =>
    new EnosError({ kind, service: 'x', operation: 'y', message: 'no', httpStatus });

  test('the other one is asked, whichever that is', async () => {
    for (const [edition, order] of [
      ['2.1', ['app-portal.getOrganizationUserList', 'app-portal.getOrganizationUserListV22']],
      ['2.3', ['app-portal.getOrganizationUserListV22', 'app-portal.getOrganizationUserList']],
    ] as const) {
      const asked: string[] = [];
      const answer = await callInEdition(edition, 'app-portal.getOrganizationUserList', async (id) => {
        asked.push(id);
        if (asked.length === 1) throw failure('http', 404);
        return 'users';
      });
      expect([answer, asked]).toEqual(['users', order]);
    }
  });

  test('a refusal of EnOS is an answer, also one that comes with status 404', async () => {
    for (const error of [failure('refused', 404), failure('http', 500)]) {
      let calls = 0;
      const call = callInEdition('2.3', 'app-portal.getUserInformation', async () => {
        calls += 1;
        throw error;
      });
      await expect(call).rejects.toBe(error);
      expect(calls).toBe(1);
    }
  });
});

/** Source files that call EnOS. */
function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(folder, entry.name);
    return entry.isDirectory() ? sources(name) : [name];
  });
}

test('a description names an operation once, and the newest of the edition is asked', () => {
  const later = '2.4' as Edition;
  expect(newestIn('2.1', 'connection.getProduct')).toBe('connection.getProduct');
  expect(newestIn('2.3', 'connection.getProduct')).toBe('connection.getProduct');
  expect(newestIn(later, 'connection.getProduct')).toBe('connection.getProductV24');
  expect(newestIn(later, 'asset.getAsset')).toBe('asset.getAsset');
});

/** What reads by description chooses for all of them. */
const DESCRIPTIONS = 'src/loading/entities/';

describe('in the source', () => {
  const named = ['src/loading', 'src/identity', 'src/graph'].flatMap(sources).flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    const ids = [...text.matchAll(/'([a-z-]+\.[A-Za-z0-9]+)'/g)].map((match) => match[1]!);
    return ids.filter((id) => id in OPERATIONS).map((id) => ({ file, text, id: id as OperationId }));
  });
  const successors = new Set(superseded.map(successor));

  /** Named on purpose, and why. */
  const ARGUED = new Map<OperationId, string>([
    [
      'alert.searchActiveAlerts',
      'alert-service searches within time windows only, so that old open alerts vanish',
    ],
    [
      'alert.searchAlerts',
      'asked only after it was chosen: its arguments differ from those of event-service',
    ],
    ['tsdb-data.getAssetUnformattedData', 'edition 2.1 has no records of points without a storage policy'],
  ]);

  test('some operations of several editions are used', () => {
    expect(named.filter(({ id }) => superseded.some((one) => one === id)).length).toBeGreaterThan(5);
  });

  test('what follows another operation is reached through the choice only', () => {
    const past = named.filter(({ id }) => successors.has(id) && !ARGUED.has(id));
    expect(past.map(({ file, id }) => `${file}: ${id}`)).toEqual([]);
  });

  test('whoever names what another operation follows makes the choice', () => {
    const without = named.filter(
      ({ file, id, text }) =>
        superseded.some((one) => one === id) &&
        !ARGUED.has(id) &&
        !file.startsWith(DESCRIPTIONS) &&
        !text.includes('/enos/editions.js'),
    );
    expect(without.map(({ file, id }) => `${file}: ${id}`)).toEqual([]);
  });

  test('what a later edition brought is asked for where it is known to be there', () => {
    const without = named.filter(
      ({ id, text }) => !isInEdition('2.1', id) && !ARGUED.has(id) && !text.includes('isInEdition('),
    );
    expect(without.map(({ file, id }) => `${file}: ${id}`)).toEqual([]);
  });
});
