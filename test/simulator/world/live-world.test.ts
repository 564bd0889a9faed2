/** How a world lives: what searches see of a write, what a refused one leaves, what time brings. */
import { LiveWorld } from '../../../src/simulator/world/live-world.js';
import { TINY_NOW, tinyWorld } from '../../support/tiny-world.js';

function start() {
  const clock = { now: TINY_NOW };
  const failures: string[] = [];
  const loaded = tinyWorld();
  const live = new LiveWorld(loaded, {
    now: () => clock.now,
    lag: 2_000,
    log: (line) => failures.push(line),
  });
  const { assets } = live.current;
  const rename = (assetId: string, defaultValue: string): void => {
    const asset = assets.get(assetId);
    if (asset !== undefined) assets.set(assetId, { ...asset, name: { defaultValue, i18nValue: {} } });
  };
  const nameOf = (world: typeof loaded, assetId: string) => world.assets.get(assetId)?.name.defaultValue;
  return { clock, failures, loaded, live, assets, rename, nameOf };
}

it('shows a write at once by key, and to searches when the lag is over', () => {
  const { clock, live, assets, rename, nameOf } = start();
  live.write(() => rename('turbine1', 'First'));
  clock.now += 1_000;
  live.write(() => {
    rename('turbine1', 'Second');
    assets.delete('siteB');
  });
  expect(nameOf(live.current, 'turbine1')).toBe('Second');
  expect(nameOf(live.searched(), 'turbine1')).toBe('turbine1');
  clock.now += 1_000;
  expect(nameOf(live.searched(), 'turbine1')).toBe('First');
  expect(live.searched().assets.has('siteB')).toBe(true);
  clock.now += 1_000;
  expect(nameOf(live.searched(), 'turbine1')).toBe('Second');
  expect(live.searched().assets.has('siteB')).toBe(false);
});

it('shows searches the same within a write, where no change is undone yet', () => {
  const { clock, live, rename, nameOf } = start();
  live.write(() => rename('turbine1', 'First'));
  live.write(() => {
    expect(nameOf(live.searched(), 'turbine1')).toBe('turbine1');
    clock.now += 2_000;
    expect(nameOf(live.searched(), 'turbine1')).toBe('First');
  });
});

it('shows a write to searches when the lag is over, within a later write too', () => {
  const { clock, live, rename, nameOf } = start();
  live.write(() => rename('turbine1', 'First'));
  clock.now += 2_000;
  live.write(() => {
    rename('turbine1', 'Second');
    expect(nameOf(live.searched(), 'turbine1')).toBe('First');
  });
});

it('undoes a refused write where there is no lag at all', () => {
  const loaded = tinyWorld();
  const live = new LiveWorld(loaded, { now: () => TINY_NOW, lag: 0, log: () => undefined });
  const { assets } = live.current;
  expect(() =>
    live.write(() => {
      assets.delete('region');
      assets.delete('siteA');
      throw new Error('refused');
    }),
  ).toThrow('refused');
  expect([...assets]).toEqual([...loaded.assets]);
});

it('keeps to searches the order of what was deleted a moment ago', () => {
  const { live, loaded, assets } = start();
  live.write(() => {
    assets.delete('region');
    assets.delete('siteB');
  });
  expect([...live.searched().assets.keys()]).toEqual([...loaded.assets.keys()]);
});

it('undoes everything that a write has done before it throws', () => {
  const { clock, live, loaded, assets, rename } = start();
  const before = [...assets];
  const happened: string[] = [];
  const write = (): void => {
    rename('turbine1', 'Other');
    assets.delete('region');
    assets.delete('turbine1');
    rename('turbine2', 'Another');
    live.series.write('turbine1', 'activePower', { time: TINY_NOW - 5, value: 7, quality: null });
    live.after(10, () => happened.push('scheduled'));
    throw new Error('refused');
  };
  expect(() => live.write(write)).toThrow('refused');
  clock.now += 10_000;
  live.goOn();
  expect([...assets]).toEqual(before);
  expect([...live.searched().assets]).toEqual(before);
  expect(happened).toEqual([]);
  expect(live.series.latest('turbine1', 'activePower', TINY_NOW)).toEqual(
    loaded.series.latest('turbine1', 'activePower', TINY_NOW),
  );
});

it('leaves the world that it was made of as it is', () => {
  const { live, loaded, rename } = start();
  live.write(() => rename('turbine1', 'Other'));
  expect(loaded.assets.get('turbine1')?.name.defaultValue).toBe('turbine1');
});

it('lets things happen in the order of their times, each at its time', () => {
  const { clock, failures, live, rename, nameOf } = start();
  const happened: [string, number][] = [];
  const note = (what: string) => (): void => void happened.push([what, live.now() - TINY_NOW]);
  live.write(() => {
    live.after(3_000, note('later'));
    live.after(1_000, () => {
      note('first')();
      rename('turbine1', 'Moved');
      live.after(500, note('after the first'));
    });
    live.after(2_000, () => {
      rename('turbine2', 'Never');
      throw new Error('out of order');
    });
  });
  clock.now += 2_999;
  live.goOn();
  expect(happened).toEqual([
    ['first', 1_000],
    ['after the first', 1_500],
  ]);
  expect(nameOf(live.current, 'turbine2')).toBe('turbine2');
  expect(failures).toEqual([expect.stringContaining('out of order')]);
  // It happened two seconds ago, though it is seen only now.
  clock.now = TINY_NOW + 3_000;
  live.goOn();
  expect(nameOf(live.searched(), 'turbine1')).toBe('Moved');
  expect(happened.at(-1)).toEqual(['later', 3_000]);
});

it('does not hide for ever what was written before the clock was set back', () => {
  const { clock, live, rename, nameOf } = start();
  live.write(() => rename('turbine1', 'Other'));
  clock.now -= 86_400_000;
  expect(nameOf(live.searched(), 'turbine1')).toBe('Other');
});

describe('written series', () => {
  const HOUR = 3_600_000;
  const noon = TINY_NOW;

  it('take uploads among the records that are there, the later of two at one time', () => {
    const { live } = start();
    const write = (time: number, value: number): void =>
      live.write(() => live.series.write('turbine1', 'activePower', { time, value, quality: 0 }));
    write(noon - HOUR / 2, 1);
    write(noon - HOUR, 2);
    write(noon - HOUR, 3);
    const read = [...live.current.series.read('turbine1', 'activePower', noon - 2 * HOUR, noon + 1)];
    expect(read.map(({ time, value }) => [(time - noon) / HOUR, value])).toEqual([
      [-2, 10],
      [-1, 3],
      [-0.5, 1],
      [0, 12],
    ]);
    expect(live.current.series.latest('turbine1', 'activePower', noon - 1)?.value).toBe(1);
  });

  it('keep what came by the offline path out of latest values', () => {
    const { live } = start();
    const sample = { time: noon + 1, value: 9, quality: 0, isOffline: true };
    live.write(() => live.series.write('turbine1', 'activePower', sample));
    expect(live.series.latest('turbine1', 'activePower', noon + 2)?.value).toBe(12);
    expect([...live.series.read('turbine1', 'activePower', noon + 1, noon + 2)]).toHaveLength(1);
  });

  it('lack what was deleted, and take uploads there again', () => {
    const { live } = start();
    live.write(() => live.series.erase('turbine1', 'activePower', noon - 2 * HOUR, noon + 1));
    expect(live.series.latest('turbine1', 'activePower', noon)?.time).toBe(noon - 3 * HOUR);
    expect(live.series.latest('turbine1', 'activePower', noon, noon - HOUR)).toBeNull();
    live.write(() =>
      live.series.write('turbine1', 'activePower', { time: noon - HOUR, value: 5, quality: 0 }),
    );
    expect([...live.series.read('turbine1', 'activePower', noon - 3 * HOUR, noon + 1)]).toHaveLength(2);
  });
});
