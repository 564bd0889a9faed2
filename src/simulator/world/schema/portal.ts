/**
 * users.yaml: who may sign in to the Application Portal, and what each may see there. The file may be left out.
 */
import { z } from 'zod';
import { slugSchema } from './common.js';

const orgIdSchema = z.string().regex(/^o\d+$/, 'expected the letter o and digits');
const roleIdSchema = z.string().regex(/^ro\d+$/, 'expected the letters ro and digits');

const userSchema = z.strictObject({
  id: z.string().regex(/^u\d+$/, 'expected the letter u and digits'),
  /** What the user signs in with. */
  account: z.string().min(1),
  password: z.string().min(1),
  /** A session that is there from the start, with the world's organization chosen. It ends by logging out only. */
  token: z
    .string()
    .regex(/^APP_PORTAL_S_[A-Za-z0-9]{32}$/, 'expected APP_PORTAL_S_ and 32 letters or digits')
    .optional(),
  nickName: z.string().default(''),
  description: z.string().default(''),
  email: z.string().default(''),
  phoneArea: z.string().default(''),
  phone: z.string().default(''),
  company: z.string().optional(),
  department: z.string().optional(),
  position: z.string().optional(),
  created: z.iso.datetime({ offset: true }).default('2021-05-04T06:00:00Z'),
  /** Organizations beside the world's own. */
  organizations: z.array(orgIdSchema).default([]),
  roles: z.array(roleIdSchema).default([]),
  /** Identifiers of permission points. */
  permissions: z.array(z.string()).default([]),
  /** Slugs of assets and ranges that the user may access, or `all`. */
  assets: z.union([z.literal('all'), z.array(slugSchema)]).default([]),
});

/** users.yaml */
export const portalFileSchema = z.strictObject({
  /** Name of the world's own organization. */
  organization: z.string().min(1),
  /** Further organizations that users belong to. There is nothing in them. */
  organizations: z.array(z.strictObject({ id: orgIdSchema, name: z.string().min(1) })).default([]),
  roles: z.array(z.strictObject({ id: roleIdSchema, name: z.string().min(1) })).default([]),
  permissions: z
    .array(z.strictObject({ identifier: z.string().min(1), name: z.string().min(1) }))
    .default([]),
  users: z.array(userSchema).default([]),
});

export type PortalFile = z.infer<typeof portalFileSchema>;
