/** The runner of steps, and the order of the pipeline as a request meets it. */
import { runSteps } from '../../../src/server/pipeline/request.js';
import type { Step } from '../../../src/server/pipeline/request.js';
import { startGraphServer } from '../../support/graph-server.js';
import { makeRequest } from '../../support/pipeline-request.js';

const answer = { status: 200, headers: [], body: 'answered' };

describe('steps', () => {
  test('run in their order until one answers, at once where none waits', () => {
    const seen: string[] = [];
    const step =
      (name: string, given?: typeof answer): Step =>
      () => {
        seen.push(name);
        return given;
      };
    const steps = [step('first'), step('second', answer), step('third')];
    expect(runSteps(steps, makeRequest())).toBe(answer);
    expect(seen).toEqual(['first', 'second']);
  });

  test('one that waits is awaited, and those behind it only begin then', async () => {
    const seen: string[] = [];
    const steps: Step[] = [
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        seen.push('slow');
        return undefined;
      },
      () => {
        seen.push('last');
        return answer;
      },
    ];
    const run = runSteps(steps, makeRequest());
    expect(seen).toEqual([]);
    expect(await run).toBe(answer);
    expect(seen).toEqual(['slow', 'last']);
  });

  test('what a step throws or rejects with ends the list', async () => {
    const failing = new Error('failed');
    const never: Step = () => {
      throw new Error('not reached');
    };
    const throwing: Step = () => {
      throw failing;
    };
    expect(() => runSteps([throwing, never], makeRequest())).toThrow(failing);
    await expect(runSteps([() => Promise.reject(failing), never], makeRequest())).rejects.toBe(failing);
  });
});

test('hooks are asked in their order: shed, identify, documents, context, admission', async () => {
  const seen: string[] = [];
  const note = <T>(name: string, value: T): T => {
    seen.push(name);
    return value;
  };
  const server = await startGraphServer({
    shed: () => note('shed', undefined),
    identify: () => note('identify', { id: 'a', partition: 'a' }),
    documents: { textOf: ({ query }) => note('documents', query) },
    context: () => note('context', {}),
    admission: { admit: () => note('admission', { release: () => undefined }) },
  });
  try {
    for (let time = 0; time < 2; time += 1) {
      seen.length = 0;
      expect((await server.ask('{ hello }')).status).toBe(200);
      expect(seen).toEqual(['shed', 'identify', 'documents', 'context', 'admission']);
    }
  } finally {
    await server.close();
  }
});

test('what a step fails with is logged whole and shown as nothing but the fact', async () => {
  const server = await startGraphServer({
    shed: () => {
      throw new Error('hunter2');
    },
  });
  try {
    const { status, body } = await server.ask('{ hello }');
    expect(status).toBe(500);
    expect(body.errors).toEqual([
      { message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR' } },
    ]);
    expect(JSON.stringify(server.logs)).toContain('hunter2');
  } finally {
    await server.close();
  }
});
