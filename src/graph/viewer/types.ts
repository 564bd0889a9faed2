/** Who asks, and the people and organizations around him. */
import { GraphQLID, GraphQLString } from 'graphql';
import type { UserProfile } from '../../loading/portal/types.js';
import { connectionType } from '../lists/connection-type.js';
import type { GraphIdentity, ViewerFacts } from '../context.js';
import { Field, ObjectType, registerEnumType } from '../decorators.js';
import { DateTime } from '../scalars/scalars.js';

/** What a viewer is. */
export enum ViewerKind {
  USER = 'USER',
  API_KEY = 'API_KEY',
  SERVICE = 'SERVICE',
}

registerEnumType(ViewerKind, {
  name: 'ViewerKind',
  description: 'What kind of caller asks.',
  valuesConfig: {
    USER: { description: 'A person who is signed in.' },
    API_KEY: { description: 'A program with an API key of its own.' },
    SERVICE: { description: 'Nobody is told apart: the application itself.' },
  },
});

/** A user. Its fields are read from a `UserProfile`. */
@ObjectType({
  simpleResolvers: true,
  description:
    'A user, from getUserInformation and getOrganizationUserList of the Application Portal, or from the claims of his token.',
})
export class User implements UserProfile {
  @Field(() => GraphQLID, { description: 'Id of the user.' })
  userId!: string;

  @Field(() => GraphQLString, { description: 'Account, or the name that his token gives.' })
  name!: string;

  @Field(() => GraphQLString, { nullable: true, description: 'Name that he goes by.' })
  nickName!: string | null;

  @Field(() => GraphQLString, { nullable: true, description: 'What is noted about him.' })
  description!: string | null;

  @Field(() => GraphQLString, { nullable: true, description: 'E-mail address.' })
  email!: string | null;

  @Field(() => GraphQLString, { nullable: true, description: 'Telephone number with its dialling code.' })
  phone!: string | null;

  @Field(() => GraphQLString, { nullable: true, description: 'Company; EnOS 3.0 and later.' })
  company!: string | null;

  @Field(() => GraphQLString, { nullable: true, description: 'Department; EnOS 3.0 and later.' })
  department!: string | null;

  @Field(() => GraphQLString, { nullable: true, description: 'Position; EnOS 3.0 and later.' })
  position!: string | null;
}

/** Page of users. */
export const UserConnection = connectionType('User', 'users', () => User);

/** An organization. */
@ObjectType({ simpleResolvers: true, description: 'An organization (OU) of EnOS.' })
export class Organization {
  @Field(() => GraphQLID, { description: 'Id of the organization, as `orgId` arguments take it.' })
  orgId!: string;

  @Field(() => GraphQLString, { nullable: true, description: 'Its name, where it is known.' })
  name!: string | null;
}

/** The caller. */
@ObjectType({ simpleResolvers: true, description: 'Who asks, and what he may do.' })
export class Viewer {
  constructor(
    { id, orgId }: GraphIdentity,
    readonly facts: ViewerFacts,
    rights: readonly string[],
  ) {
    this.id = id;
    this.kind = facts.kind as ViewerKind;
    this.organization = { orgId, name: facts.orgName };
    this.roles = [...facts.roles];
    this.rights = [...rights];
    this.expiresAt = facts.expiresAt;
  }

  @Field(() => GraphQLID, { description: 'Stable id of the caller: what the logs of the server show.' })
  id: string;

  @Field(() => ViewerKind, { description: 'What kind of caller it is.' })
  kind: ViewerKind;

  @Field(() => Organization, { description: 'Organization that is asked about where a query names none.' })
  organization: Organization;

  @Field(() => [GraphQLString], { description: 'Roles that the settings may map to rights.' })
  roles: string[];

  @Field(() => [GraphQLString], {
    description: 'Rights, such as `alerts:read`: those that this schema can do something with.',
  })
  rights: string[];

  @Field(() => DateTime, {
    nullable: true,
    description: 'When the credential ends; null where it does not say.',
  })
  expiresAt: number | null;
}
