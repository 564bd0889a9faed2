import { cacheKeysOf } from '../../src/loading/read/cache-key.js';
import type { LoadContext } from '../../src/loading/load-context.js';

function keys(gateway: string, identity: string, edition = '2.3') {
  const context = { enos: { gateway }, identity: { id: identity }, settings: { edition } };
  return cacheKeysOf(context as LoadContext);
}

describe('cache keys', () => {
  const key = keys('http://a', 'service');

  it('are JSON arrays with everything that shapes a value', () => {
    expect(JSON.parse(key('asset', 'o1', ['x', 1, null]))).toEqual([
      2,
      'http://a',
      '2.3',
      'service',
      'o1',
      'asset',
      'x',
      1,
      null,
    ]);
  });

  it('differ where anything differs', () => {
    const all = [
      key('asset', 'o1', ['x']),
      keys('http://b', 'service')('asset', 'o1', ['x']),
      keys('http://a', 'other')('asset', 'o1', ['x']),
      keys('http://a', 'service', '2.1')('asset', 'o1', ['x']),
      key('model', 'o1', ['x']),
      key('asset', 'o2', ['x']),
      key('asset', 'o1', ['x', '']),
      key('asset', 'o1', ['x","y']),
      key('asset', 'o1', ['x', 'y']),
      key('asset', 'o1', [['x', 'y']]),
      key('asset', 'o1', [1]),
      key('asset', 'o1', ['1']),
      key('asset', 'o1', [{}]),
      key('asset', 'o1', [[]]),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it('do not depend on how an object was put together', () => {
    expect(key('k', 'o', [{ a: 1, b: { c: 2, d: undefined } }])).toBe(key('k', 'o', [{ b: { c: 2 }, a: 1 }]));
  });
});
