/**
 * Who is signed in to the Application Portal: sessions by access token, and the refresh tokens that renew them. Access
 * tokens are opaque; refresh tokens are signed JWTs of the form that EnOS's have (app-portal.yaml, x-enos-auth-flow).
 */
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { sameDigest } from '../gateway/signature.js';
import type { World, WorldUser } from '../world/world.js';

/** A session as its access token opens it. */
export interface PortalSession {
  user: WorldUser;
  /** The chosen organization; null until one is chosen. */
  orgId: string | null;
  /** Unix milliseconds. */
  endsAt: number;
}

/** A renewed or newly bound session. */
export interface PortalTokens {
  accessToken: string;
  refreshToken: string;
  /** Unix milliseconds. */
  refreshTokenExpire: number;
}

const REFRESH_LIFETIME_MS = 30 * 86_400_000;
/** Sessions and refresh tokens that are remembered; the oldest are forgotten. */
const REMEMBERED = 10_000;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Signs users in and out. */
export class PortalSessions {
  private readonly sessions = new Map<string, PortalSession>();
  /** User and organization by id of the refresh token. */
  private readonly refreshable = new Map<string, { userId: string; orgId: string; endsAt: number }>();
  private readonly secret = randomBytes(32);

  /** @param lifetime seconds that a session lives */
  constructor(
    private readonly world: World,
    private readonly lifetime: number,
    private readonly now: () => number,
  ) {
    for (const user of world.portal?.users.values() ?? []) {
      if (user.token === null) continue;
      this.sessions.set(user.token, { user, orgId: world.orgId, endsAt: Infinity });
    }
  }

  /** A session without an organization; null for a wrong account or password. */
  signIn(account: string, password: string): { accessToken: string; user: WorldUser } | null {
    const user = [...(this.world.portal?.users.values() ?? [])].find(({ name }) => name === account);
    if (user === undefined || !sameDigest(user.password, password)) return null;
    return { accessToken: this.open(user, null), user };
  }

  /** The live session of a token. */
  find(accessToken: string): PortalSession | null {
    const session = this.sessions.get(accessToken);
    return session !== undefined && session.endsAt > this.now() ? session : null;
  }

  /** Ends the session; whether there was one. */
  signOut(accessToken: string): boolean {
    return this.sessions.delete(accessToken);
  }

  /** Binds a session to an organization: another access token takes the place of the one that was sent. */
  choose(accessToken: string, session: PortalSession, orgId: string): PortalTokens {
    this.sessions.delete(accessToken);
    return this.grant(session.user, orgId);
  }

  /** New tokens for a refresh token, which is used up; null for one that is not valid any more. */
  refresh(refreshToken: string): (PortalTokens & { user: WorldUser; orgId: string }) | null {
    const id = this.verify(refreshToken);
    const entry = id === null ? undefined : this.refreshable.get(id);
    if (id === null || entry === undefined || entry.endsAt <= this.now()) return null;
    this.refreshable.delete(id);
    const user = this.world.portal?.users.get(entry.userId);
    return user === undefined ? null : { ...this.grant(user, entry.orgId), user, orgId: entry.orgId };
  }

  /** Forgets every refresh token of a user. */
  revokeAll(userId: string): void {
    for (const [id, entry] of this.refreshable) if (entry.userId === userId) this.refreshable.delete(id);
  }

  private grant(user: WorldUser, orgId: string): PortalTokens {
    const accessToken = this.open(user, orgId);
    const endsAt = this.now() + REFRESH_LIFETIME_MS;
    const jti = randomUUID();
    this.refreshable.set(jti, { userId: user.userId, orgId, endsAt });
    forgetOldest(this.refreshable);
    return { accessToken, refreshToken: this.sign(user, orgId, jti, endsAt), refreshTokenExpire: endsAt };
  }

  private open(user: WorldUser, orgId: string | null): string {
    const letters = [...randomBytes(32)].map((byte) => LETTERS.charAt(byte % LETTERS.length));
    const accessToken = `APP_PORTAL_S_${letters.join('')}`;
    this.sessions.set(accessToken, { user, orgId, endsAt: this.now() + this.lifetime * 1000 });
    forgetOldest(this.sessions);
    return accessToken;
  }

  private sign(user: WorldUser, orgId: string, jti: string, endsAt: number): string {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const content = `${part({ alg: 'HS256' })}.${part({
      sub: user.userId,
      userId: user.userId,
      userName: user.name,
      iss: 'APP-PORTAL',
      workingOrganizationId: orgId,
      workingOrganizationName: this.world.portal?.organizations.get(orgId) ?? '',
      iat: Math.floor(this.now() / 1000),
      exp: Math.floor(endsAt / 1000),
      jti,
    })}`;
    return `${content}.${this.digest(content)}`;
  }

  /** Id of a refresh token that this simulator signed. */
  private verify(refreshToken: string): string | null {
    const end = refreshToken.lastIndexOf('.');
    const content = refreshToken.slice(0, end);
    if (end < 0 || !sameDigest(refreshToken.slice(end + 1), this.digest(content))) return null;
    const claims: unknown = JSON.parse(
      Buffer.from(content.split('.')[1] ?? '', 'base64url').toString('utf8'),
    );
    return typeof claims === 'object' && claims !== null && 'jti' in claims ? String(claims.jti) : null;
  }

  private digest(content: string): string {
    return createHmac('sha256', this.secret).update(content).digest('base64url');
  }
}

/** Sessions that a world file fixes are never forgotten. */
function forgetOldest(memory: Map<string, { endsAt: number }>): void {
  if (memory.size <= REMEMBERED) return;
  for (const [key, { endsAt }] of memory) {
    if (endsAt === Infinity) continue;
    memory.delete(key);
    return;
  }
}
