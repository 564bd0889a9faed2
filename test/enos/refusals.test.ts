/** Pauses after refusals: how long EnOS is left alone, and what counts as another refusal. */
import { Refusals, RefusalsByName } from '../../src/enos/reply/refusals.js';

const NOW = 1_000_000;

test('one refusal is followed by no pause, each further one by a longer pause, up to half a minute', () => {
  const refusals = new Refusals();
  const pauses = Array.from({ length: 8 }, () => {
    refusals.add(NOW);
    return refusals.pauseLeft(NOW);
  });
  expect(pauses).toEqual([0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  expect(refusals.pauseLeft(NOW + 29_000)).toBe(1_000);
  expect(refusals.pauseLeft(NOW - 1)).toBe(0);
  refusals.reset();
  expect(refusals.pauseLeft(NOW)).toBe(0);
});

test('calls that meet the same refused token are one refusal, however many they are', () => {
  const refusals = new RefusalsByName();
  const [first, second] = [{}, {}];
  for (let call = 0; call < 50; call += 1) refusals.add('asset', first, NOW);
  expect(refusals.pauseLeft('asset', NOW)).toBe(0);
  for (let call = 0; call < 50; call += 1) refusals.add('asset', second, NOW);
  expect(refusals.pauseLeft('asset', NOW)).toBe(1_000);
});

test('each operation has pauses of its own, and what was not refused for a while starts afresh', () => {
  const refusals = new RefusalsByName();
  for (let token = 0; token < 3; token += 1) refusals.add('asset', token, NOW);
  expect(refusals.pauseLeft('asset', NOW)).toBe(2_000);
  expect(refusals.pauseLeft('model', NOW)).toBe(0);
  refusals.add('asset', 'later', NOW + 121_000);
  expect(refusals.pauseLeft('asset', NOW + 121_000)).toBe(0);
  refusals.add('asset', 'still later', NOW + 121_000);
  refusals.reset('asset');
  expect(refusals.pauseLeft('asset', NOW + 121_000)).toBe(0);
});
