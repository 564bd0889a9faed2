import { dueAt, isNearEnd } from '../../src/loading/read/refresh-policy.js';

const entry = { storedAt: 1_000, freshUntil: 101_000 };

test('a value is due in the last tenth of its lifetime, whenever that began', () => {
  expect(dueAt(entry)).toBe(91_000);
  expect(dueAt({ storedAt: 0, freshUntil: 2_000 })).toBe(1_800);
});

test('a value is near its end in the last fifth, and from then on', () => {
  expect([80_999, 81_000, 91_000, 101_000, 200_000].map((now) => isNearEnd(entry, now))).toEqual([
    false,
    true,
    true,
    true,
    true,
  ]);
});
