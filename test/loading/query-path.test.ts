/** What following fields costs others: nothing, once nobody asks any more. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { QueryPaths } from '../../src/loading/query-path.js';

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
  let disabled = 0;
  const { prototype } = AsyncLocalStorage;
  const original = Object.getOwnPropertyDescriptor(prototype, 'disable')?.value as () => void;
  prototype.disable = function (this: AsyncLocalStorage<unknown>) {
    disabled += 1;
    original.call(this);
  };
  const [one, other] = [new QueryPaths(), new QueryPaths()];
  expect(one.around(path, () => one.current())).toBe('asset.model');
  one.end();
  expect(disabled).toBe(0);
  expect(other.around(path, () => other.current())).toBe('asset.model');
  other.end();
  other.end();
  expect(disabled).toBe(1);
  prototype.disable = original;
  // Whoever comes late does not begin again.
  expect(one.around(path, () => one.current())).toBeUndefined();
});
