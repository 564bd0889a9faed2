/** What a read under way holds, and for how long. */
import { SingleFlight, type Flight, type Outcome } from '../../src/loading/read/single-flight.js';

const outcome: Outcome = { value: 'value', storedAt: 1, freshUntil: 2, tags: [], stale: false };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function started(run: (flight: Flight) => Promise<void> = () => Promise.resolve()): Flight {
  return new SingleFlight().start(['key'], { position: '', at: 0 }, async (flight) => {
    flight.outcomes.set('key', outcome);
    await run(flight);
  });
}

describe('a read that is over', () => {
  it('holds what it brought until everybody has taken his part, and nothing after', async () => {
    const flight = started();
    flight.join(10);
    flight.join(20);
    await flight.done;
    await turn();
    flight.leave(10);
    expect(flight.outcomes.get('key')).toBe(outcome);
    await turn();
    expect(flight.outcomes.get('key')).toBe(outcome);
    flight.leave(20);
    // Whoever leaves takes his part at once.
    expect(flight.outcomes.get('key')).toBe(outcome);
    await turn();
    expect(flight.outcomes.size).toBe(0);
  });

  it('holds nothing where nobody waits for it any more, and it went on for those who come later', async () => {
    let finish: () => void = () => undefined;
    const flight = started(() => new Promise<void>((resolve) => (finish = resolve)));
    flight.noteStale('key', { ...outcome, stale: true });
    flight.join(10);
    flight.goOn();
    await turn();
    flight.leave(10);
    await turn();
    expect(flight.signal.aborted).toBe(false);
    expect(flight.outcomes.size).toBe(1);
    finish();
    await flight.done;
    await turn();
    expect([flight.outcomes.size, flight.stale.size]).toEqual([0, 0]);
  });

  it('holds what it has while it is under way, though one has left', async () => {
    let finish: () => void = () => undefined;
    const flight = started(() => new Promise<void>((resolve) => (finish = resolve)));
    flight.join(10);
    flight.join(20);
    await turn();
    flight.leave(10);
    await turn();
    expect(flight.outcomes.size).toBe(1);
    finish();
    await flight.done;
    flight.leave(20);
  });
});
