/**
 * Loads a world folder (docs/worlds.md): reads its YAML files, checks them, and links them to one `World`.
 */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PARTS } from '../parts/index.js';
import { buildSeries } from '../series/build.js';
import { buildAlerts } from './alerts.js';
import { buildAssets, idsOf } from './assets.js';
import type { AssetBook } from './assets.js';
import { buildModels } from './models.js';
import type { PartSurroundings, WorldPart } from './part.js';
import { PartStates } from './part-states.js';
import { buildPolicies } from './policies.js';
import { buildPortal, emptyPortal } from './portal.js';
import { alertFileSchema } from './schema/alert.js';
import { assetFileSchema, treeFileSchema } from './schema/asset.js';
import { modelFileSchema } from './schema/model.js';
import { portalFileSchema } from './schema/portal.js';
import type { WorldFile } from './schema/world.js';
import { policyFileSchema, seriesFileSchema, worldFileSchema } from './schema/world.js';
import { buildTrees } from './trees.js';
import type { World } from './world.js';
import { readYaml, WorldError } from './yaml.js';
import type { z } from 'zod';

/** How to load a world. */
export interface WorldOptions {
  /** Organization to serve the world as; the folder's own without it. */
  orgId?: string;
  /** Unix milliseconds. Alerts count back from it, and no measurement is newer than it. */
  now(): number;
  /** Folder of the CSV files, over the world's environment variable and default. */
  dataDir?: string;
}

const PACKAGE_ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Folder of the world that comes with the package. */
export const bundledWorldFolder = join(PACKAGE_ROOT, 'src/simulator/worlds/bundled');

/** Reads the folder; a `WorldError` names the file, the path in it and what was expected. */
export async function loadWorld(folder: string, options: WorldOptions): Promise<World> {
  const file = (name: string): string => join(folder, name);
  const meta = await readYaml(file('world.yaml'), worldFileSchema);
  const orgId = options.orgId ?? meta.orgId;
  const modelFiles = await readAll(folder, 'models', modelFileSchema);
  const assetFiles = await readAll(folder, 'assets', assetFileSchema);
  const treeFile = await readYaml(file('trees.yaml'), treeFileSchema);
  const alertFile = await readYaml(file('alerts.yaml'), alertFileSchema);
  const policyFile = await readYaml(file('policies.yaml'), policyFileSchema);
  const seriesFiles = await readAll(folder, 'series', seriesFileSchema);
  const partFiles = await readParts(folder);
  const users = file('users.yaml');
  const portalFile = existsSync(users) ? await readYaml(users, portalFileSchema) : null;

  /** Everything but the series, which do not change: they are computed, or lie in files of measurements. */
  const buildAt = (now: number): { book: AssetBook; world: Omit<World, 'series'> } => {
    const models = buildModels(
      modelFiles.flatMap((one) => one.content.models.map((spec) => ({ file: one.file, spec }))),
      orgId,
    );
    const book = buildAssets(assetFiles, models, orgId);
    const { trees, treeIds } = buildTrees(file('trees.yaml'), treeFile.trees, book, orgId);
    // EnOS shows the local times of alerts to the second.
    const second = Math.floor(now / 1000) * 1000;
    const alerts = buildAlerts(alertFile, {
      file: file('alerts.yaml'),
      orgId,
      now: second,
      models,
      book,
      treeIds,
    });
    const portal = portalFile === null ? emptyPortal(orgId) : buildPortal(users, portalFile, book, orgId);
    const around = {
      orgId,
      models,
      assets: book.assets,
      idsOf: (slug: string) => idsOf(book, slug),
      name: (slug: string, assetId: string) => void book.bySlug.set(slug, assetId),
      trees,
      now: second,
    };
    const world = {
      name: meta.name,
      orgId,
      limits: meta.limits,
      models,
      assets: book.assets,
      trees,
      ...alerts,
      ...buildPolicies(file('policies.yaml'), policyFile, models),
      deletionJobs: new Map(),
      deletedLatest: new Map(),
      deletedMetadata: new Map(),
      parts: buildParts(partFiles, around),
      portal,
    };
    return { book, world };
  };
  const { book, world } = buildAt(options.now());
  const series = await buildSeries(seriesFiles, {
    models: world.models,
    book,
    now: () => options.now(),
    csvRoot: () => csvRoot(file('world.yaml'), meta, options),
  });
  return { ...world, series, rebase: (now) => ({ ...buildAt(now).world, series }) };
}

interface PartFile {
  file: string;
  /** Undefined where the world leaves the file out. */
  content: unknown;
}

type AnyPart = WorldPart<unknown, unknown>;

async function readParts(folder: string): Promise<Map<object, PartFile>> {
  const files = new Map<object, PartFile>();
  for (const part of PARTS as readonly AnyPart[]) {
    const file = join(folder, part.file);
    files.set(part, { file, content: existsSync(file) ? await readYaml(file, part.schema) : undefined });
  }
  return files;
}

function buildParts(
  files: ReadonlyMap<object, PartFile>,
  around: Omit<PartSurroundings, 'file' | 'stateOf'>,
): PartStates {
  const states = new PartStates();
  const stateOf: PartSurroundings['stateOf'] = (part) => {
    const source = files.get(part);
    if (source === undefined) throw new Error(`${part.file} is of no part of worlds`);
    // Each part is built of what its own schema has read.
    if (!states.has(part)) {
      states.set(part, part.build(source.content as never, { ...around, file: source.file, stateOf }));
    }
    return states.of(part);
  };
  for (const part of PARTS as readonly AnyPart[]) stateOf(part);
  return states;
}

/** Every `*.yaml` of a sub-folder, by name, so that two starts see the same order. */
async function readAll<T>(
  folder: string,
  part: string,
  schema: z.ZodType<T>,
): Promise<{ file: string; content: T }[]> {
  const directory = join(folder, part);
  if (!existsSync(directory)) throw new WorldError(directory, 'expected this folder with *.yaml files');
  const names = (await readdir(directory)).filter((name) => name.endsWith('.yaml')).sort();
  return Promise.all(
    names.map(async (name) => {
      const file = join(directory, name);
      return { file, content: await readYaml(file, schema) };
    }),
  );
}

function csvRoot(file: string, { csvRoot: spec }: WorldFile, { dataDir }: WorldOptions): string {
  if (dataDir !== undefined) return dataDir;
  if (!spec) throw new WorldError(file, 'expected csvRoot, because series are read from CSV files');
  const chosen = process.env[spec.environment];
  const root = chosen ? resolve(chosen) : resolve(PACKAGE_ROOT, spec.default);
  if (!existsSync(root)) {
    throw new WorldError(
      file,
      `no folder ${root} for the CSV files; set ${spec.environment} to where they are`,
    );
  }
  return root;
}
