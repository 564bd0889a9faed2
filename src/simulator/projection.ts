/**
 * Projections (query-expression.md, section 7): a parser of paths and the cropping of `data` by them.
 */
import { invalidArgument } from './refusals.js';

/** One step of a path: into a property, into every property, or into every element of an array. */
type Step = { to: 'property'; name: string } | { to: 'any' } | { to: 'elements' };

/** A parsed path. */
export type ProjectionPath = readonly Step[];

/** What to keep at one place of the data; `whole` keeps everything below it. */
interface Keep {
  whole: boolean;
  properties: Map<string, Keep>;
  any: Keep | null;
  elements: Keep | null;
}

const STEP = /^([^.[\]*]+|\*)?((?:\[\*\])*)$/;

/** Parses the paths of a projection; a path that is none is refused with 99400. */
export function parseProjection(paths: readonly string[]): ProjectionPath[] {
  return paths.map(parsePath);
}

function parsePath(path: string): Step[] {
  return path.split('.').flatMap((text) => {
    const [whole, name, brackets = ''] = STEP.exec(text) ?? [];
    if (whole === undefined || whole === '') throw invalidArgument('projection', `cannot read ${path}`);
    const into: Step[] = name === undefined ? [] : [name === '*' ? { to: 'any' } : { to: 'property', name }];
    return [...into, ...Array.from({ length: brackets.length / 3 }, (): Step => ({ to: 'elements' }))];
  });
}

/** Crops `data`. Paths into an array of rows start at each row, and may say so with a leading `[*]`. */
export function crop(data: unknown, paths: readonly ProjectionPath[]): unknown {
  if (!Array.isArray(data)) return cropValue(data, buildTree(paths)) ?? null;
  const tree = buildTree(paths.map((path) => (path[0]?.to === 'elements' ? path.slice(1) : path)));
  return data.map((row) => cropValue(row, tree) ?? {});
}

function buildTree(paths: readonly ProjectionPath[]): Keep {
  const root = keepNothing();
  for (const path of paths) {
    let node = root;
    for (const step of path) node = child(node, step);
    node.whole = true;
  }
  return root;
}

function keepNothing(): Keep {
  return { whole: false, properties: new Map(), any: null, elements: null };
}

function child(node: Keep, step: Step): Keep {
  if (step.to === 'any') return (node.any ??= keepNothing());
  if (step.to === 'elements') return (node.elements ??= keepNothing());
  const next = node.properties.get(step.name) ?? keepNothing();
  node.properties.set(step.name, next);
  return next;
}

/** What is left of a value, or undefined where no path goes through it. */
function cropValue(value: unknown, keep: Keep): unknown {
  if (keep.whole) return value;
  if (Array.isArray(value)) {
    const { elements } = keep;
    // A path through an array needs [*]; without it the array is dropped.
    return elements === null ? undefined : value.map((element) => cropValue(element, elements) ?? {});
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (keep.properties.size === 0 && keep.any === null && keep.elements !== null) return undefined;
  const left: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    const below = merge(keep.properties.get(name) ?? null, keep.any);
    const cropped = below === null ? undefined : cropValue(item, below);
    if (cropped !== undefined) left[name] = cropped;
  }
  return left;
}

/** Both what is kept by name and what is kept by `*` applies to a property. */
function merge(a: Keep | null, b: Keep | null): Keep | null {
  if (a === null || b === null) return a ?? b;
  const properties = new Map(a.properties);
  for (const [name, keep] of b.properties)
    properties.set(name, merge(properties.get(name) ?? null, keep) ?? keep);
  return {
    whole: a.whole || b.whole,
    properties,
    any: merge(a.any, b.any),
    elements: merge(a.elements, b.elements),
  };
}
