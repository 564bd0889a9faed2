import type { components } from '../../enos/generated/types/app-portal.js';
import { callInEdition, operationIn, type Edition } from '../../enos/editions.js';
import { createBatchLoader } from '../read/batch-loader.js';
import { fetchInParts, chunk } from '../chunk.js';
import type { EnosCall } from '../enos-call.js';
import { readList } from '../read/read-list.js';
import type { LoadContext } from '../load-context.js';
import { isNotFound } from '../../enos/errors.js';
import { readAll, readWindow, windowLabel, type PageRules } from '../page-window.js';
import { user } from '../entities/user.js';
import { lifetimeOf } from '../entity/loader.js';
import { entitiesTag } from '../tags.js';
import type { OrganizationRecord, PortalLoaders, UserKey, UserLoaders, UserProfile } from './types.js';

type PageInfo = components['schemas']['PortalPageInfo'];

const PROFILE = 'app-portal.getUserInformation';
const ORGANIZATIONS = 'app-portal.getOrganizationList';
const ASSETS = 'app-portal.getAssetsByOrganization';
const USERS = 'app-portal.getOrganizationUserList';
/** The portal counts pages from 0. No largest page is stated; this is what it takes by default. */
const PAGES: PageRules = { maxPageSize: 1000, firstPage: 0 };

/**
 * The loaders of the Application Portal of one request. What is fetched with a user's token is kept under that user; what
 * the application fetches about users is kept under the application.
 */
export function createPortalLoaders(context: LoadContext): PortalLoaders {
  const { user: caller, settings } = context;
  const { edition } = settings;
  const lifetime = lifetimeOf(settings, user);
  const asUser: LoadContext | undefined = caller && {
    ...context,
    // May be an accessor of a class, which no spread takes along.
    signal: context.signal,
    identity: caller,
    callAs: caller.userToken,
  };
  const grants = createBatchLoader<UserKey, string[]>({
    context,
    kind: 'portal.grantedAssets',
    operation: operationIn(edition, ASSETS),
    keyOf: ({ userId }) => [userId],
    // Kept by the guard, which knows how long a right may outlive its withdrawal.
    lifetime: 0,
    fetch: (keys, call) =>
      fetchInParts(chunk(keys, 1), async (part) => {
        const answers = new Map<UserKey, string[]>();
        for (const key of part) answers.set(key, await assetsOf(key, edition, call));
        return answers;
      }),
  });
  return {
    profile: () => {
      if (!asUser || !caller) return null;
      return readList(asUser, {
        kind: 'portal.profile',
        operation: operationIn(edition, PROFILE),
        orgId: caller.orgId,
        parts: [],
        lifetime,
        label: caller.userId,
        fetch: async (call) => {
          const { data } = await callInEdition(edition, PROFILE, (operation) => call(operation, {}));
          return toProfile(data, caller.userId);
        },
      });
    },
    organizations: () => {
      if (!asUser || !caller) return null;
      return readList<OrganizationRecord[]>(asUser, {
        kind: 'portal.organizations',
        operation: ORGANIZATIONS,
        orgId: caller.orgId,
        parts: [],
        lifetime,
        label: caller.userId,
        fetch: async (call) => {
          const { data } = await call(ORGANIZATIONS, {});
          return data.organizations.map(({ id, name }) => ({ orgId: id, name: textOf(name) }));
        },
      });
    },
    grantedAssets: (key) => grants.load(key),
  };
}

/** The loaders of users of one request. */
export function createUserLoaders(context: LoadContext): UserLoaders {
  const { edition } = context.settings;
  return {
    list: (orgId, window) =>
      readList(context, {
        kind: 'users.list',
        operation: operationIn(edition, USERS),
        orgId,
        parts: [window.offset, window.limit],
        lifetime: lifetimeOf(context.settings, user),
        tags: [entitiesTag(user.type, orgId)],
        label: windowLabel(window),
        fetch: async (call) => {
          const slice = await readWindow(window, PAGES, async (pagination) => {
            const body = { orgId, pagination };
            const { data } = await callInEdition(edition, USERS, (operation) => call(operation, { body }));
            return { items: data.users, info: infoOf(data.pagination) };
          });
          return { ...slice, items: slice.items.map((raw) => toProfile(raw, raw.userId)) };
        },
      }),
  };
}

async function assetsOf({ orgId, userId }: UserKey, edition: Edition, call: EnosCall): Promise<string[]> {
  try {
    const { items } = await readAll(PAGES, async (pagination) => {
      const body = { orgId, userId, pagination };
      const { data } = await callInEdition(edition, ASSETS, (operation) => call(operation, { body }));
      return { items: data.assets, info: infoOf(data.pagination) };
    });
    return items.map(({ id }) => id);
  } catch (error) {
    // The user is unknown, or no member of the organization.
    if (isNotFound(error)) return [];
    throw error;
  }
}

/** The total under the name that pages are read by. */
function infoOf(info: PageInfo | null | undefined): { totalSize: number } | undefined {
  return info ? { totalSize: Number(info.totalElements) } : undefined;
}

function toProfile(raw: Readonly<Record<string, unknown>>, userId: string): UserProfile {
  return {
    userId,
    name: textOf(raw['name']) ?? userId,
    nickName: textOf(raw['nickName']),
    description: textOf(raw['description']),
    email: textOf(raw['email']),
    phone: phoneOf(textOf(raw['phoneArea']), textOf(raw['phone'])),
    company: textOf(raw['company']),
    department: textOf(raw['department']),
    position: textOf(raw['position']),
  };
}

function phoneOf(area: string | null, phone: string | null): string | null {
  return phone !== null && area !== null ? `+${area.replace(/^\+/, '')} ${phone}` : phone;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
