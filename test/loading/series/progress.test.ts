import { Progress, type RecordsWanted } from '../../../src/loading/series/records/progress.js';

const from = Date.UTC(2024, 5, 14);

function series(to: number): { progress: Progress; taken: number[] } {
  const taken: number[] = [];
  const wanted: RecordsWanted = {
    orgId: 'o1',
    assetId: 'a',
    pointId: 'p',
    source: 'raw',
    from,
    to,
    withQuality: false,
    most: Infinity,
    take: ({ time }) => taken.push(time) > 0,
  };
  return { progress: new Progress(wanted), taken };
}

/** A page that one instant fills, so that no larger one is to be had. */
const filledBy = (time: number) => ({
  samples: [{ time, value: 1, quality: null }],
  came: 10,
  last: time,
  size: 10,
  isLargest: true,
});

test('an instant that fills the largest page is passed over to what lies behind it', () => {
  const { progress, taken } = series(from + 1_000);
  expect(progress.takePage(filledBy(from), from)).toBe(true);
  expect([progress.more, progress.next, taken]).toEqual([true, from + 1, [from]]);
});

test('where it is the last instant of the stretch, no empty stretch is asked for', () => {
  const { progress, taken } = series(from + 1);
  expect(progress.takePage(filledBy(from), from)).toBe(true);
  expect([progress.more, taken]).toEqual([false, [from]]);
});
