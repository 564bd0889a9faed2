/** What following fields costs others: nothing, once nobody asks any more. */
import { QueryPaths } from '../../src/loading/request/query-path.js';
import { countDisabledStorages } from '../support/disabled-storages.js';

const path = { prev: { prev: undefined, key: 'asset' }, key: 'model' };

test('a field is known also after something was awaited, to its own request alone', async () => {
  const [one, other] = [new QueryPaths(), new QueryPaths()];
  const seen = await one.around({ prev: { prev: path, key: 3 }, key: 'name' }, async () => {
    await Promise.resolve();
    return [one.current(), other.current()];
  });
  expect(seen).toEqual(['asset.model.name', undefined]);
  one.end();
  other.end();
});

test('nothing is followed any more when the last one has ended', () => {
  const disabled = countDisabledStorages();
  const [one, other] = [new QueryPaths(), new QueryPaths()];
  expect(one.around(path, () => one.current())).toBe('asset.model');
  one.end();
  expect(disabled.count()).toBe(0);
  expect(other.around(path, () => other.current())).toBe('asset.model');
  other.end();
  other.end();
  expect(disabled.count()).toBe(1);
  disabled.restore();
  // Whoever comes late does not begin again.
  expect(one.around(path, () => one.current())).toBeUndefined();
});
