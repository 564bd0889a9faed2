import { OperationLabels } from '../../../src/server/metrics/operation-labels.js';

const ask = (labels: OperationLabels, name: string, times: number): string => {
  let label = '';
  for (let i = 0; i < times; i += 1) label = labels.of(name);
  return label;
};

test('a name earns its label with its tenth request, and keeps it', () => {
  const labels = new OperationLabels({ max: 2 });
  expect(ask(labels, 'Screen', 9)).toBe('OTHER');
  expect(labels.of('Screen')).toBe('Screen');
  expect(labels.of('Screen')).toBe('Screen');
});

test('there are no more than so many, whoever comes later', () => {
  const labels = new OperationLabels({ max: 2, known: ['Mine'] });
  expect([ask(labels, 'A', 10), ask(labels, 'B', 10), ask(labels, 'C', 50)]).toEqual(['A', 'B', 'OTHER']);
  expect(labels.of('Mine')).toBe('Mine');
});

test('names that do not come again push nobody out who is on the way, unless there are very many', () => {
  const labels = new OperationLabels({ max: 1 });
  ask(labels, 'Screen', 9);
  for (let i = 0; i < 900; i += 1) labels.of(`Random${i}`);
  expect(labels.of('Screen')).toBe('Screen');
});

test('what has no name says so, and very long names get no label', () => {
  const labels = new OperationLabels({ max: 5 });
  expect(labels.of(undefined)).toBe('UNNAMED');
  expect(ask(labels, 'x'.repeat(101), 20)).toBe('OTHER');
});
