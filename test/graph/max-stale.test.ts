import { parseMaxStale } from '../../src/graph/freshness.js';
import { createGraphContext, type GraphContext } from '../../src/graph/context.js';
import { graphql } from 'graphql';
import { ORG, fakeLoaders, schema } from './fake-loaders.js';

describe('x-enos-max-stale', () => {
  it.each([
    [undefined, undefined],
    ['0', 0],
    ['PT0S', 0],
    ['60', 60_000],
    [' 1.5 ', 1_500],
    ['PT1M', 60_000],
    ['P1D', 86_400_000],
  ])('%s', (header, expected) => expect(parseMaxStale(header)).toBe(expected));

  it.each(['', 'soon', '-1', '1e3', 'P1M', '60, 70'])('refuses "%s", naming itself', (header) => {
    expect(() => parseMaxStale(header)).toThrow('Header x-enos-max-stale: expected seconds');
  });
});

describe('@maxStale', () => {
  async function bounds(source: string, variableValues = {}): Promise<number[]> {
    const told: number[] = [];
    const contextValue: GraphContext = createGraphContext({
      loaders: fakeLoaders().loaders,
      identity: { id: 'me', orgId: ORG },
      limitStale: (bound) => void told.push(bound),
    });
    const { errors } = await graphql({ schema, source, contextValue, variableValues });
    expect(errors).toBeUndefined();
    return told;
  }

  it('tells the loaders before anything is loaded', async () => {
    expect(await bounds('query @maxStale(duration: "PT1M") { asset(assetId: "a1") { name } }')).toEqual([
      60_000,
    ]);
    expect(await bounds('query @maxStale { asset(assetId: "a1") { name } }')).toEqual([0]);
    const withVariable = 'query ($d: Duration) @maxStale(duration: $d) { asset(assetId: "a1") { name } }';
    expect(await bounds(withVariable, { d: 'PT2S' })).toEqual([2_000]);
    expect(await bounds('{ asset(assetId: "a1") { name } }')).toEqual([]);
  });
});
