import { DateTime } from 'luxon';
import { historyWindows, recentWindow, recovery, secondText } from '../../../src/loading/alerts/windows.js';

const DAY = 86_400_000;
const NOW = Date.UTC(2024, 5, 15, 12, 0, 0, 250);

describe('windows of past alerts', () => {
  it('are never longer than three calendar months, on any day', () => {
    const tooLong: string[] = [];
    for (let day = 0; day < 4 * 366; day += 1) {
      const [window] = historyWindows({}, Date.UTC(2023, 0, 1) + day * DAY);
      if (!window) throw new Error('no window');
      const furthest = DateTime.fromMillis(window.from, { zone: 'utc' }).plus({ months: 3 }).toMillis();
      if (window.to > furthest) tooLong.push(secondText(window.from));
    }
    expect(tooLong).toEqual([]);
  });

  it('are one up to now where nothing is said', () => {
    const [only, ...others] = historyWindows({}, NOW);
    expect(others).toEqual([]);
    expect(only?.to).toBeGreaterThanOrEqual(NOW);
    expect(NOW - (only?.from ?? 0)).toBeGreaterThan(88 * DAY);
  });

  it('meet each other, newest first, in whole seconds', () => {
    const from = NOW - 200 * DAY;
    const windows = historyWindows({ occurredFrom: from, occurredTo: NOW }, NOW);
    expect(windows).toHaveLength(3);
    windows.forEach((window, index) => {
      expect(window.from % 1000).toBe(0);
      expect(window.to).toBe(index === 0 ? Math.ceil(NOW / 1000) * 1000 : windows[index - 1]?.from);
    });
    expect(windows.at(-1)?.from).toBe(Math.floor(from / 1000) * 1000);
  });

  it('cover two years, and refuse more, nothing, or what is no time', () => {
    expect(historyWindows({ occurredFrom: NOW - 2 * 365 * DAY }, NOW)).toHaveLength(9);
    expect(() => historyWindows({ occurredFrom: NOW - 3 * 365 * DAY }, NOW)).toThrow(/at most 801 days/);
    expect(() => historyWindows({ occurredFrom: NOW, occurredTo: NOW - DAY }, NOW)).toThrow(/occurredTo/);
    expect(() => historyWindows({ occurredFrom: Number.NaN }, NOW)).toThrow(/calendar/);
  });

  it('reach three months back in event-service, give or take a day', () => {
    const oldest = Date.UTC(2024, 2, 15, 12);
    expect(recentWindow({ occurredFrom: oldest - DAY / 2 }, NOW).from).toBe(oldest - DAY / 2);
    expect(() => recentWindow({ occurredFrom: oldest - 2 * DAY }, NOW)).toThrow(/last 3 months/);
    const endOfMay = Date.UTC(2023, 4, 31);
    expect(() => recentWindow({ occurredFrom: Date.UTC(2023, 1, 28) }, endOfMay)).not.toThrow();
    expect(() => recentWindow({ occurredFrom: Date.UTC(2023, 1, 26) }, endOfMay)).toThrow(/last 3 months/);
  });

  it('come with a recovery window, from the occurrence on until now', () => {
    const occurred = { from: NOW - 250 - 90 * DAY, to: NOW - 250 - 30 * DAY };
    const { from, to } = recovery({}, occurred, NOW);
    expect(from).toBe(occurred.from);
    expect(to).toBeGreaterThan(NOW);
    const asked = recovery({ recoveredFrom: NOW - DAY, recoveredTo: NOW }, occurred, NOW);
    expect([secondText(asked.from), secondText(asked.to)]).toEqual([
      '2024-06-14T12:00:00Z',
      '2024-06-15T12:00:01Z',
    ]);
  });
});
