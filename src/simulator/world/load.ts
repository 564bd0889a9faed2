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
import { buildAssets } from './assets.js';
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
  const models = buildModels(
    modelFiles.flatMap((one) => one.content.models.map((spec) => ({ file: one.file, spec }))),
    orgId,
  );
  const book = buildAssets(await readAll(folder, 'assets', assetFileSchema), models, orgId);
  const treeFile = await readYaml(file('trees.yaml'), treeFileSchema);
  const { trees, treeIds } = buildTrees(file('trees.yaml'), treeFile.trees, book, orgId);
  const alertFile = await readYaml(file('alerts.yaml'), alertFileSchema);
  // EnOS shows the local times of alerts to the second.
  const alertsAt = (now: number): ReturnType<typeof buildAlerts> =>
    buildAlerts(alertFile, {
      file: file('alerts.yaml'),
      orgId,
      now: Math.floor(now / 1000) * 1000,
      models,
      book,
      treeIds,
    });
  const policyFile = await readYaml(file('policies.yaml'), policyFileSchema);
  const seriesFiles = await readAll(folder, 'series', seriesFileSchema);
  const series = await buildSeries(seriesFiles, {
    models,
    book,
    now: () => options.now(),
    csvRoot: () => csvRoot(file('world.yaml'), meta, options),
  });
  const world: World = {
    name: meta.name,
    orgId,
    models,
    assets: book.assets,
    trees,
    ...alertsAt(options.now()),
    ...buildPolicies(file('policies.yaml'), policyFile, models),
    series,
    parts: await loadParts(folder, { orgId, models, assets: book.assets }),
    portal: existsSync(file('users.yaml'))
      ? buildPortal(file('users.yaml'), await readYaml(file('users.yaml'), portalFileSchema), book, orgId)
      : emptyPortal(orgId),
    rebase: (now) => void Object.assign(world, alertsAt(now)),
  };
  return world;
}

async function loadParts(folder: string, surroundings: Omit<PartSurroundings, 'file'>): Promise<PartStates> {
  const states = new PartStates();
  // Each part is built of what its own schema has read.
  for (const part of PARTS as readonly WorldPart<unknown, unknown>[]) {
    const file = join(folder, part.file);
    const content = existsSync(file) ? await readYaml(file, part.schema) : undefined;
    states.set(part, part.build(content, { ...surroundings, file }));
  }
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
