/** What the request asks, and which document it means: by its text, or known in advance by an id or a hash. */
import { recovering, whenThere, type PipelineRequest, type Step, type StepParts } from '../request.js';
import { readParameters, type Parameters } from './parameters.js';

/** The step. What is not in order goes on without parameters, for Apollo to say what is wrong. */
export function findDocument({ documents, errors }: Pick<StepParts, 'documents' | 'errors'>): Step {
  return (request) => {
    const asked = readParameters(request.state.req, request.body);
    request.asked = request.parameters = asked;
    if (!asked || !documents) return undefined;
    return recovering(
      () => whenThere(documents.textOf(asked, request.caller), (text) => take(request, asked, text)),
      (error) => errors.refusal(request, error),
    );
  };
}

/** The parameters with the text that their document stands for; what named it has served its purpose. */
function take(request: PipelineRequest, asked: Parameters, query: string | undefined): undefined {
  if (query === asked.query && asked.extensions?.['persistedQuery'] === undefined) return undefined;
  const given = Object.entries(asked.extensions ?? {});
  const extensions = Object.fromEntries(given.filter(([name]) => name !== 'persistedQuery'));
  const hasMore = Object.keys(extensions).length > 0;
  request.parameters = { ...asked, query, extensions: hasMore ? extensions : undefined };
  return undefined;
}
