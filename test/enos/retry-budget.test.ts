import { RetryBudget } from '../../src/enos/service/bulkhead.js';

test('ten are there at the start, then one for every ten calls, and no more than ten are saved', () => {
  const budget = new RetryBudget(10);
  const spendAll = () => {
    let spent = 0;
    while (budget.spend()) spent++;
    return spent;
  };
  expect(spendAll()).toBe(10);
  for (let i = 0; i < 9; i++) budget.earn();
  expect(budget.spend()).toBe(false);
  budget.earn();
  expect(spendAll()).toBe(1);
  for (let i = 0; i < 100_000; i++) budget.earn();
  expect(spendAll()).toBe(10);
});

test('of a thousand calls that all fail, a tenth is repeated beyond the ten', () => {
  const budget = new RetryBudget(10);
  let repeated = 0;
  for (let i = 0; i < 1_000; i++) {
    budget.earn();
    while (budget.spend()) repeated++;
  }
  expect(repeated).toBe(109);
});

test('nothing per cent is nothing, from the start', () => {
  const budget = new RetryBudget(0);
  budget.earn();
  expect(budget.spend()).toBe(false);
});
