/** What resolvers know of the request they serve. */
import type { Right } from '../loading/guard/rights.js';
import type { Loaders } from '../loading/loaders.js';
import type { PathEnd } from '../loading/request/query-path.js';
import type { AnswerSources, FoundValue, SourceLog } from '../loading/request/sources.js';
import { parseAcceptLanguage } from './i18n.js';

/** Who asks, as far as the graph needs to know. */
export interface GraphIdentity {
  /** Opaque and stable. */
  id: string;
  /** Default of every `orgId` argument. */
  orgId: string;
  /** What they may do. Absent: nothing that needs a right of its own. */
  rights?: ReadonlySet<Right>;
  /** What `viewer` shows of them. Absent: callers are not told apart. */
  viewer?: ViewerFacts;
}

/** What is known of a caller without a call. */
export interface ViewerFacts {
  kind: 'USER' | 'API_KEY' | 'SERVICE';
  userId: string | null;
  userName: string | null;
  orgName: string | null;
  roles: readonly string[];
  /** Unix milliseconds. */
  expiresAt: number | null;
  /** Whether the Application Portal knows which assets are theirs. */
  hasGrants: boolean;
}

/** Context of one GraphQL request; resolvers get it as their third argument. */
export interface GraphContext {
  /** Others after each write, so that nothing is taken for read that was read before. */
  loaders: Loaders;
  readonly identity: GraphIdentity;
  /** Wanted languages, best first, from Accept-Language. */
  readonly locales: readonly string[];
  /** Something was written: what comes now is read afresh. */
  forgetReads(): void;
  /** Unix milliseconds. */
  now(): number;
  /** The read that brought a value of the loaders, or the list that holds it; undefined for any other value. */
  partOf?(value: object): FoundValue | undefined;
  /** Bounds how long beyond its lifetime a value may be served to this request; the smallest bound holds. Milliseconds. */
  limitStale?(maxStale: number): void;
  /** What the answer was made of so far; complete once the answer is. */
  sources?(): AnswerSources;
  /** Tells what single objects of the answer are made of; undefined where each is to be made for this request alone. */
  sourceMarks?(): SourceLog | undefined;
  /** Told where the answer shows how long something is ago, which is true of no later answer. */
  showsAge?(): void;
  /** Notes what is worth knowing of the object being made, for the warnings of the answer. The same twice in a row counts once. */
  remark?(what: object): void;
  /** Runs the resolver of a field, where an explanation says which field needed what. */
  aroundField?: ((info: { path: PathEnd }, resolve: () => unknown) => unknown) | undefined;
  /** Called once the answer is complete: its `extensions` that are the same for every caller. */
  answerExtensions?(): Record<string, unknown>;
  /** The same of what is for this request alone. */
  responseExtensions?(): Record<string, unknown>;
}

/** What a context is made from. */
export interface GraphContextOptions {
  loaders: Loaders;
  /** Makes others; absent where nothing is written. */
  makeLoaders?: () => Loaders;
  identity: GraphIdentity;
  /** Header Accept-Language, as it came. */
  acceptLanguage?: string | undefined;
  now?: () => number;
  partOf?: (value: object) => FoundValue | undefined;
  limitStale?: (maxStale: number) => void;
  sources?: () => AnswerSources;
  sourceMarks?: () => SourceLog | undefined;
  showsAge?: () => void;
  remark?: (what: object) => void;
  answerExtensions?: () => Record<string, unknown>;
  aroundField?: GraphContext['aroundField'];
  responseExtensions?: () => Record<string, unknown>;
}

/** Makes the context of one request. */
export function createGraphContext(options: GraphContextOptions): GraphContext {
  const { loaders, makeLoaders, identity, acceptLanguage, now = Date.now, ...rest } = options;
  const context: GraphContext = {
    loaders,
    forgetReads: () => {
      if (makeLoaders) context.loaders = makeLoaders();
    },
    identity,
    locales: parseAcceptLanguage(acceptLanguage),
    now,
    ...rest,
  };
  return context;
}

/** The organization that a field is about: its argument, or the caller's. */
export function orgOf(context: GraphContext, orgId: string | null | undefined): string {
  return orgId ?? context.identity.orgId;
}
