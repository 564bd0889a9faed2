/**
 * Wide operations over the bundled world, whose answers are the same whenever they are asked: ranges lie in the past, and
 * of latest values only the type is compared. Quirks know the aliases `localized`, `assetModelPath`, `assetDescription`,
 * `modelDescription`, `modelTags`, `memberUnit`, `lacking`, `raw`, `hourly`, `treeNodes`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { isObject } from './quirk.js';
import type { Json } from './quirk.js';

/** An operation with its variables. */
export interface WideOperation {
  name: string;
  query: string;
  variables: Json;
  /** Codes of errors that the plain answer has. */
  codes?: string[];
  /** Editions of EnOS that have what it asks for; all where absent. */
  edition?: '2.3';
}

const FROM = '2026-03-10T00:00:00+01:00';
const TO = '2026-03-10T06:00:00+01:00';
const TREE = 'Wf7kQ2Zx';
const TECHNOLOGY = 'Lm3xE8Vd';
const SITE = 'Rk3vTq8M';
/** Within what every edition searches, whenever the tests run. */
const MONTH_AGO = new Date(Date.now() - 30 * 86_400_000).toISOString();
const TURBINES = ['tB4nX9wL', 'k7Pq2VzR', 'hJ6mC3dF'];

const NAMES = `inDefault: name(locale: "default") localized: name(locale: "zh_CN")
  names { default values { locale value } }`;
const DEFINITION = `dataType unit { unitId symbol multiplier }
  dataDefinition { enumValues { value inDefault: name(locale: "default") } boolTexts { true: whenTrue false: whenFalse } maxLength itemType
    structMembers { identifier dataType memberUnit: unit { symbol } required } }`;
const TYPED = `typed { __typename ... on IntValue { int } ... on FloatValue { float } ... on StringValue { string }
  ... on BooleanValue { boolean text } ... on EnumValue { key enumName: name(locale: "default") }
  ... on DateTimeValue { dateTime asText: text } ... on StructValue { fields { identifier value } } ... on ArrayValue { items { __typename } } }`;
const SERIES = `values { timestamp value quality } statistics { count mean }`;
const ALERT = `alertId state assetId modelId pointId deviceStatus ruleId severityId typeId contentId origin occurredAt recoveredAt
  recoverReason value tags { key value } paths { treeId assetIds } maskedBy { treeId alertId }
  severity { severityId name tags { key value } } type { typeId name parent { typeId name } }
  content { contentId name modelId typeId subTypeId subType { name } }
  rule { ruleId name condition isEnabled isRoot triggeringDelay tags { key value } scope { treeId assetId } }
  asset { assetId name } model { modelId name } point { pointId definition { name } }`;

const OWN: WideOperation[] = [
  {
    name: 'assets by id, with an unknown one',
    query: `query ($ids: [ID!]!) { assetsById(assetIds: $ids) { assetId orgId name ${NAMES}
      assetModelPath: modelIdPath assetDescription: description timezone attributes tags { key value }
      attributeValues { attributeId value ${TYPED} } model { modelId name } trees { treeId name ${NAMES} tags { key value } root { asset { assetId name } } } } }`,
    variables: { ids: [...TURBINES, 'nO0tH3re', SITE, 'mE5tQ1aZ', 'Es7aTe0R', 'wS8tM4sT'] },
    codes: ['NOT_FOUND'],
  },
  {
    name: 'one asset',
    query: `{ asset(assetId: "${SITE}") { assetId name ${NAMES} assetModelPath: modelIdPath assetDescription: description
      attributes tags { key value } timezone treeNodes: nodes { asset { name } tree { treeId name } parent { asset { assetId } } } } }`,
    variables: {},
  },
  {
    name: 'searches of assets',
    query: `{ byName: assets(first: 7, offset: 3, filter: { name: { contains: "WT", locale: "default" } }) { totalCount pageInfo { hasNextPage }
        nodes { assetId name assetModelPath: modelIdPath tags { key value } attributes } }
      byModel: assets(last: 5, filter: { rootModelIds: ["Wind_Turbine"], treeId: "${TREE}" }) { totalCount nodes { assetId ${NAMES} } }
      none: assets(first: 5, filter: { name: { contains: "no such name" } }) { totalCount nodes { assetId } } }`,
    variables: {},
  },
  {
    name: 'models',
    query: `{ thingModels(first: 4, offset: 1) { totalCount pageInfo { hasNextPage } nodes { modelId name ${NAMES} modelDescription: description category modelTags: tags { key value } } }
      some: thingModels(filter: { tags: [{ key: "domain", equals: "wind" }] }) { totalCount nodes { modelId } }
      thingModel(modelId: "DF_Turbine") { modelId ${NAMES} modelDescription: description category modelTags: tags { key value } modelIdPath
        parents { modelId } parent { modelId } children { modelId }
        attributes { attributeId ${NAMES} description isRequired defaultValue tags { key value } standardElementId ${DEFINITION} }
        measurepoints { pointId ${NAMES} description signalType hasQuality standardElementId tags { key value } storage ${DEFINITION} }
        services { serviceId ${NAMES} description inputs { identifier ${DEFINITION} } outputs { identifier ${DEFINITION} } }
        events { eventId level outputs { identifier ${DEFINITION} } } } }`,
    variables: {},
  },
  {
    name: 'heirs of a model',
    query: `{ thingModel(modelId: "Wind_Turbine") { children { modelId modelDescription: description category modelTags: tags { key value } } } }`,
    variables: {},
  },
  {
    name: 'trees',
    query: `query ($tree: ID!) { assetTrees { totalCount nodes { treeId name ${NAMES} tags { key value } root { asset { assetId name } } } }
      assetTree(treeId: $tree) { name ${NAMES} root { asset { assetId name ${NAMES} assetDescription: description } children { totalCount nodes { asset { assetId name } } } }
        node(assetId: "${TURBINES[0]}") { parent { asset { assetId } } ancestors { asset { assetId name assetModelPath: modelIdPath } } path { asset { assetId } }
          children { totalCount nodes { asset { assetId } } } }
        top: node(assetId: "Es7aTe0R") { parent { asset { assetId } } ancestors { asset { assetId } } descendants(first: 9, offset: 4) { totalCount nodes { asset { assetId name attributes } } } } } }`,
    variables: { tree: TECHNOLOGY },
  },
  {
    name: 'children with everything',
    query: `{ asset(assetId: "${SITE}") { children(treeId: "${TREE}", first: 9) { totalCount nodes { assetId name timezone
      assetDescription: description attributes model { modelId } trees { treeId name ${NAMES} tags { key value } } alerts(first: 2) { totalCount nodes { alertId name: content { name } } }
      points(pointIds: ["activePower", "runState", "running", "phaseCurrents", "statusText"]) { pointId latest { value ${TYPED} quality } storage } } } } }`,
    variables: {},
  },
  {
    name: 'series of several turbines',
    query: `query ($ids: [ID!]!, $from: DateTime!, $to: DateTime!) { assetsById(assetIds: $ids) { assetId
      power: point(pointId: "activePower") { raw: series(from: $from, to: $to, limit: 50) { ${SERIES} unit { symbol } }
        hourly: series(from: $from, to: $to, interval: "PT1H", aggregate: MAX) { ${SERIES} } }
      lacking: point(pointId: "windDirection") { latest { value } raw: series(from: $from, to: $to, limit: 5) { ${SERIES} } hourly: series(from: $from, to: $to, interval: "PT1H") { ${SERIES} } }
      speed: point(pointId: "generatorSpeed") { tens: series(from: $from, to: $to, interval: "PT30M", aggregate: AVG) { ${SERIES} } }
      energy: point(pointId: "energyProduced") { perHour: series(from: $from, to: $to, interval: "PT1H", aggregate: SUM) { ${SERIES} } energyToday { value } }
      state: point(pointId: "runState") { changes: stateChanges(from: $from, to: $to) { timestamp value ${TYPED} }
        durations: stateDurations(from: $from, to: $to) { state milliseconds ${TYPED} } plain: series(from: $from, to: $to, limit: 20) { ${SERIES} } }
      flag: point(pointId: "running") { plain: series(from: $from, to: $to, limit: 20) { values { timestamp value ${TYPED} } } }
      text: point(pointId: "statusText") { plain: series(from: $from, to: $to, limit: 20) { values { timestamp value ${TYPED} } } }
      struct: point(pointId: "phaseCurrents") { plain: series(from: $from, to: $to, limit: 20) { values { timestamp value ${TYPED} } } } } }`,
    variables: { ids: TURBINES, from: FROM, to: TO },
  },
  {
    name: 'a series under no storage policy',
    query: `query ($from: DateTime!, $to: DateTime!) { asset(assetId: "${TURBINES[0]}") {
      loose: point(pointId: "vibrationRaw") { plain: series(from: $from, to: $to, limit: 20) { ${SERIES} } } } }`,
    variables: { from: FROM, to: TO },
    edition: '2.3',
  },
  {
    name: 'open alerts',
    query: `{ alerts(first: 40) { totalCount nodes { ${ALERT} } }
      none: alerts(filter: { assetIds: ["nO0tH3re"] }) { totalCount nodes { alertId } }
      some: alerts(filter: { severityIds: ["major"], modelIds: ["DF_Turbine"], tags: [{ key: "ack", equals: "no" }] }, first: 3, offset: 1) { totalCount nodes { alertId } }
      bySeverity: alertSummary(groupBy: SEVERITY) { value count severity { severityId name } } byAsset: alertSummary(groupBy: ASSET) { value count asset { assetId } } }`,
    variables: {},
    codes: ['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND'],
  },
  {
    name: 'filters of trees, models and alerts',
    query: `{ trees: assetTrees(filter: { name: { contains: "region", locale: "en_US" }, tags: [{ key: "purpose", equals: "operations" }] }) { totalCount nodes { treeId } }
      treesById: assetTrees(filter: { treeIds: ["${TECHNOLOGY}", "${TREE}"], tags: [{ key: "purpose" }] }) { totalCount nodes { treeId } }
      models: thingModels(filter: { scope: ORGANIZATION, tags: [{ key: "domain", exists: true }, { key: "level", equals: "device" }], measurepointTags: [{ key: "chart", equals: "line" }] }) { totalCount nodes { modelId } }
      assets(filter: { tags: [{ key: "country", in: ["dk", "us"] }, { key: "priority" }], name: { contains: "ridge", locale: "en_US" }, modelIds: ["Wind_Site"] }) { totalCount nodes { assetId } }
      below: asset(assetId: "${SITE}") { children(treeId: "${TREE}", first: 2, filter: { modelIds: ["DF_Turbine"], name: { contains: "WT-1" }, attributes: [{ attributeId: "hubHeight", equals: 95 }] }) { totalCount nodes { assetId } } }
      open: alerts(filter: { occurredFrom: "2020-01-01T00:00:00Z", scope: { treeId: "${TREE}", fromAssetId: "${SITE}", includeMasked: true }, contentIds: ["generator-hot"], ruleIds: ["generator-hot"], typeIds: ["overheating"], pointIds: ["generatorTemperature"], tags: [{ key: "ack", in: ["no"] }] }) { totalCount nodes { alertId } }
      storm: alerts(state: HISTORY, filter: { occurredFrom: "${MONTH_AGO}", severityIds: ["critical"], modelIds: ["DF_Turbine"], typeIds: ["equipment"], ruleIds: ["turbine-fault"] }, first: 3) { nodes { alertId } }
      tagged: alerts(state: HISTORY, filter: { tags: [{ key: "ack", exists: false }], assetIds: ["${TURBINES[0]}"] }, first: 3) { nodes { alertId } }
      counted: alertSummary(groupBy: TYPE, filter: { assetIds: ["${TURBINES[0]}", "${TURBINES[1]}"], severityIds: ["major"] }) { value count } }`,
    variables: {},
  },
  {
    name: 'past alerts',
    query: `{ alerts(state: HISTORY, first: 20, offset: 5) { totalCount nodes { ${ALERT} } }
      asset(assetId: "${TURBINES[1]}") { alerts(state: HISTORY, first: 5) { totalCount nodes { ${ALERT} } } }
      assetTree(treeId: "${TECHNOLOGY}") { alerts(state: HISTORY, first: 5) { totalCount nodes { ${ALERT} } } open: alerts(first: 5) { totalCount nodes { ${ALERT} } } } }`,
    variables: {},
  },
];

/** The examples that GraphiQL shows. */
function examples(): WideOperation[] {
  const folder = 'schema/operations';
  return readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .map((file) => {
      const name = file.replace(/\.graphql$/, '');
      return {
        name: `example ${name}`,
        query: readFileSync(`${folder}/${file}`, 'utf8'),
        variables: JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8')) as Json,
      };
    });
}

/** All operations that every quirk is tried with, of an edition. */
export function operationsOf(edition: string): WideOperation[] {
  return [...examples(), ...OWN].filter((operation) => (operation.edition ?? edition) === edition);
}

/** A copy of an answer in which values that move are replaced by their types. */
export function withoutVolatile(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(withoutVolatile);
  if (!isObject(answer)) return answer;
  return Object.fromEntries(
    Object.entries(answer).map(([key, value]) => [
      key,
      key === 'latest' || key === 'energyToday' ? typesOf(value) : withoutVolatile(value),
    ]),
  );
}

function typesOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(typesOf);
  if (!isObject(value)) return value === null ? null : typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, typesOf(item)]));
}
