// Made by signalbox generate from manifest 9c5d3aee08fdecc2254371ab04daee2f; do not edit.
/* eslint-disable */
import {
  part,
  type CallOptions,
  type Changed,
  type EventSource,
  type ResourceClient
} from '@signalbox/client'

/** Keys with which programs call in the name of an account */
export interface ApiKey {
  /** UUIDv7 unless the resource says otherwise */
  id: string
  /** Grows by one with each change; send it back, or `If-Match`, to be safe */
  version: number
  /** ISO 8601 */
  createdAt: string
  /** ISO 8601 */
  updatedAt: string
  name: string
  /** The account in whose name it calls */
  userId: string
  /** What the account’s rights are narrowed to; without it the key may what the account may */
  permissions: string[] | null
  /** ISO 8601 */
  expiresAt: string | null
  /** The key itself in the answer to its creation, ever after its beginning */
  key: string | null
  /** To a minute */
  lastUsedAt: string | null
}

/** What `create` takes. */
export interface ApiKeyCreate {
  name: string
  /** The account in whose name it calls */
  userId: string
  /** What the account’s rights are narrowed to; without it the key may what the account may */
  permissions?: string[] | null
  /** ISO 8601 */
  expiresAt?: string | null
}

/** What `update` takes. */
export interface ApiKeyUpdate extends ApiKeyCreate {
  /** Grows by one with each change; send it back, or `If-Match`, to be safe */
  version?: number
}

/** What `patch` takes. */
export interface ApiKeyPatch {
  name?: string
  permissions?: string[] | null
  /** ISO 8601 */
  expiresAt?: string | null
  /** Grows by one with each change; send it back, or `If-Match`, to be safe */
  version?: number
}

export interface ApiKeyEvents {
  'api-key-changed': Changed<ApiKey>
}

/** Keys with which programs call in the name of an account */
export interface ApiKeys extends ResourceClient<
  ApiKey,
  ApiKey,
  ApiKeyCreate,
  ApiKeyUpdate,
  ApiKeyPatch,
  ApiKeyEvents
> {}

/** Permissions given to, or denied, a person or a role directly; a deny beats every grant */
export interface Grant {
  /** UUIDv7 unless the resource says otherwise */
  id: string
  /** Grows by one with each change; send it back, or `If-Match`, to be safe */
  version: number
  /** ISO 8601 */
  createdAt: string
  /** ISO 8601 */
  updatedAt: string
  subjectType: 'user' | 'role'
  subjectId: string
  permission: string
  effect: 'grant' | 'deny'
  /** `any` record, only one’s `own`, or the id of a scope: those in it and in all below it */
  scope: string
  /** ISO 8601 */
  validFrom: string | null
  /** ISO 8601 */
  validUntil: string | null
}

/** What `create` takes. */
export interface GrantCreate {
  subjectType: 'user' | 'role'
  subjectId: string
  permission: string
  /** @default "grant" */
  effect?: 'grant' | 'deny'
  /**
   * `any` record, only one’s `own`, or the id of a scope: those in it and in all below it
   * @default "any"
   */
  scope?: string
  /** ISO 8601 */
  validFrom?: string | null
  /** ISO 8601 */
  validUntil?: string | null
}

/** What `update` takes. */
export interface GrantUpdate extends GrantCreate {
  /** Grows by one with each change; send it back, or `If-Match`, to be safe */
  version?: number
}

/** What `patch` takes. */
export interface GrantPatch {
  subjectType?: 'user' | 'role'
  subjectId?: string
  permission?: string
  effect?: 'grant' | 'deny'
  /** `any` record, only one’s `own`, or the id of a scope: those in it and in all below it */
  scope?: string
  /** ISO 8601 */
  validFrom?: string | null
  /** ISO 8601 */
  validUntil?: string | null
  /** Grows by one with each change; send it back, or `If-Match`, to be safe */
  version?: number
}

export interface GrantEvents {
  'grant-changed': Changed<Grant>
}

/** Permissions given to, or denied, a person or a role directly; a deny beats every grant */
export interface Grants extends ResourceClient<
  Grant,
  Grant,
  GrantCreate,
  GrantUpdate,
  GrantPatch,
  GrantEvents
> {}

/** Permission keys */
export interface Permission {
  /** UUIDv7 unless the resource says otherwise */
  id: string
  /** Grows by one with each change; send it back, or `If-Match`, to be safe */
  version: number
  /** ISO 8601 */
  createdAt: string
  /** ISO 8601 */
  updatedAt: string
  permissionKey: string
  description: string | null
  /** The plugin that declares it */
  plugin: string | null
}

/** What `create` takes. */
export interface PermissionCreate {
  permissionKey: string
  description?: string | null
}

/** What `update` takes. */
export interface PermissionUpdate extends PermissionCreate {
  /** Grows by one with each change; send it back, or `If-Match`, to be safe */
  version?: number
}

/** What `patch` takes. */
export interface PermissionPatch {
  permissionKey?: string
  description?: string | null
  /** Grows by one with each change; send it back, or `If-Match`, to be safe */
  version?: number
}

export interface PermissionExplainInput {
  /** Default: the caller */
  userId?: string
  permission: string
  resource?: string
  /** One record */
  id?: string
}

export interface PermissionExplainOutput {
  /** For the record, or, where none is named, for any at all */
  allowed: boolean
  everywhere: boolean
  own: boolean
  /** Scopes in which it is held */
  nodes: string[]
  /** Scopes in which it is not */
  denied: string[]
  by: {
    /** `role operator`, `grant 0192…` or `everyone` */
    source: string
    permission: string
    effect: 'grant' | 'deny'
    scope: string
  } | null
}

export interface PermissionEvents {
  'permission-changed': Changed<Permission>
}

/** Permission keys */
export interface Permissions extends ResourceClient<
  Permission,
  Permission,
  PermissionCreate,
  PermissionUpdate,
  PermissionPatch,
  PermissionEvents
> {
  /** Whether somebody holds a permission, where, and which grant or deny decides it */
  explain(input: PermissionExplainInput, options?: CallOptions): Promise<PermissionExplainOutput>
}

/** Named sets of permissions */
export interface Role {
  /** UUIDv7 unless the resource says otherwise */
  id: string
  /** Grows by one with each change; send it back, or `If-Match`, to be safe */
  version: number
  /** ISO 8601 */
  createdAt: string
  /** ISO 8601 */
  updatedAt: string
  label: string
  description: string | null
  /** Permission keys; `cameras:*` is all of a resource */
  permissions: string[]
}

/** What `create` takes. */
export interface RoleCreate {
  id?: string | null
  label: string
  description?: string | null
  /** @default [] */
  permissions?: string[]
}

/** What `update` takes. */
export interface RoleUpdate extends RoleCreate {
  /** Grows by one with each change; send it back, or `If-Match`, to be safe */
  version?: number
}

/** What `patch` takes. */
export interface RolePatch {
  id?: string | null
  label?: string
  description?: string | null
  permissions?: string[]
  /** Grows by one with each change; send it back, or `If-Match`, to be safe */
  version?: number
}

export interface RoleEvents {
  'role-changed': Changed<Role>
}

/** Named sets of permissions */
export interface Roles extends ResourceClient<Role, Role, RoleCreate, RoleUpdate, RolePatch, RoleEvents> {}

/** People who may sign in */
export interface User {
  /** UUIDv7 unless the resource says otherwise */
  id: string
  /** Grows by one with each change; send it back, or `If-Match`, to be safe */
  version: number
  /** ISO 8601 */
  createdAt: string
  /** ISO 8601 */
  updatedAt: string
  email: string
  username: string | null
  firstName: string | null
  lastName: string | null
  /** The id of a role */
  role: string | null
  status: 'active' | 'suspended' | 'archived'
}

/** What `create` takes. */
export interface UserCreate {
  email: string
  username?: string | null
  /** Write only */
  password?: string | null
  firstName?: string | null
  lastName?: string | null
  /** The id of a role */
  role?: string | null
  /** @default "active" */
  status?: 'active' | 'suspended' | 'archived'
}

/** What `update` takes. */
export interface UserUpdate extends UserCreate {
  /** Grows by one with each change; send it back, or `If-Match`, to be safe */
  version?: number
}

/** What `patch` takes. */
export interface UserPatch {
  email?: string
  username?: string | null
  /** Write only */
  password?: string | null
  firstName?: string | null
  lastName?: string | null
  /** The id of a role */
  role?: string | null
  status?: 'active' | 'suspended' | 'archived'
  /** Grows by one with each change; send it back, or `If-Match`, to be safe */
  version?: number
}

export interface UserEvents {
  'user-changed': Changed<User>
}

/** People who may sign in */
export interface Users extends ResourceClient<User, User, UserCreate, UserUpdate, UserPatch, UserEvents> {
  /** Signs the user out everywhere */
  endSessions(id: string, options?: CallOptions): Promise<{ success: true }>
}

export interface AuthChangePasswordInput {
  currentPassword: string
  newPassword: string
}

export interface AuthEndSessionInput {
  id: string
}

export interface AuthLoginInput {
  email?: string
  username?: string
  password: string
  /** A refresh token for 30 days instead of 1 */
  rememberMe?: boolean
}

export interface AuthLoginOutput {
  accessToken: string
  token: string
  refreshToken: string
  /** Seconds until the access token runs out */
  expiresIn: number
  user: unknown
  access_token: string
  refresh_token: string
  token_type: 'bearer'
}

export interface AuthLogoutEverywhereInput {
  /** Keep the session that asks */
  others?: boolean
}

export interface AuthRefreshInput {
  refreshToken: string
}

export interface AuthRefreshOutput {
  accessToken: string
  token: string
  refreshToken: string
  /** Seconds until the access token runs out */
  expiresIn: number
  user: unknown
  access_token: string
  refresh_token: string
  token_type: 'bearer'
}

export interface AuthSessionsItem {
  id: string
  /** ISO 8601 */
  createdAt: string
  /** The last refresh, or the log-in */
  lastUsedAt: string
  /** ISO 8601 */
  expiresAt: string
  address: string | null
  userAgent: string | null
  /** Whether it is the one that asks */
  current: boolean
}

export interface AuthVerifyInput {
  token?: string
}

export interface AuthVerifyOutput {
  valid: boolean
  user: unknown
  exp: number | null
}

export interface AuthEvents {
  'auth:expiring': {
    /** ISO 8601 */
    expiresAt: string
  }
}

/** Signing in and out */
export interface Auth extends EventSource<AuthEvents> {
  /** Changes one’s password and ends one’s other sessions */
  changePassword(input: AuthChangePasswordInput, options?: CallOptions): Promise<{ success: true }>
  /** Ends one of one’s own sessions */
  endSession(input: AuthEndSessionInput, options?: CallOptions): Promise<{ success: true }>
  /** Signs in with a password */
  login(input: AuthLoginInput, options?: CallOptions): Promise<AuthLoginOutput>
  /** Ends the session */
  logout(options?: CallOptions): Promise<{ success: true }>
  /** Ends all of one’s sessions, or all others */
  logoutEverywhere(input?: AuthLogoutEverywhereInput, options?: CallOptions): Promise<{ success: true }>
  /** The signed-in user */
  me(options?: CallOptions): Promise<unknown>
  /** Exchanges a refresh token for new tokens */
  refresh(input: AuthRefreshInput, options?: CallOptions): Promise<AuthRefreshOutput>
  /** One’s own sessions, the last used first */
  sessions(options?: CallOptions): Promise<AuthSessionsItem[]>
  /** Tells whether an access token is good: the one given, else the request’s own */
  verify(input?: AuthVerifyInput, options?: CallOptions): Promise<AuthVerifyOutput>
}

export interface AuthenticationCreateInput {
  strategy: 'local' | 'jwt'
  email?: string
  username?: string
  password?: string
  accessToken?: string
}

export interface AuthenticationCreateOutput {
  accessToken: string
  user: unknown
  [key: string]: unknown
}

/** Feathers’ own way of signing in */
export interface Authentication {
  /** Signs in with the strategy `local`, or checks an access token with `jwt` */
  create(input: AuthenticationCreateInput, options?: CallOptions): Promise<AuthenticationCreateOutput>
}

export interface ChangesFindInput {
  /** @default 0 */
  since?: number
  /** @default 100 */
  limit?: number
  /** What could be read at `since`, as it was answered then; empty to be told it */
  epoch?: string
}

export interface ChangesFindOutput {
  changes: {
    seq: number
    resource: string
    recordId: string
    action: 'created' | 'updated' | 'patched' | 'removed'
    actor: string
    /** ISO 8601 */
    at: string
    record: unknown
  }[]
  /** The `since` of the next call */
  next: number
  /** What came after `since` cannot be told: read every list anew */
  reset?: boolean
  /** What can be read now; only where it was asked for */
  epoch?: string
  /** Resources of which something else can be read than at `since`: read their lists anew */
  resetOf?: string[]
}

export interface ChangesHelloEvent {
  /** The last change before this connection */
  seq: number
  /** What can be read, to be sent back with `resume` */
  epoch: string
}

export interface ChangesResetEvent {
  /** Read its lists anew */
  resource?: string
  /** Read every list anew */
  all?: true
  seq: number
  epoch: string
}

export interface ChangesEvents {
  hello: ChangesHelloEvent
  reset: ChangesResetEvent
}

/** The feed of committed changes */
export interface Changes extends EventSource<ChangesEvents> {
  /** The changes after `since` that the caller may read, oldest first */
  find(input?: ChangesFindInput, options?: CallOptions): Promise<ChangesFindOutput>
}

export interface HealthFindOutput {
  status: 'ok' | 'degraded'
  name: string
  version: string
  /** Seconds */
  uptime: number
  /** ISO 8601 */
  startedAt: string
  auth: 'session' | 'open'
  reasons: string[]
}

/** Whether the platform is well */
export interface Health {
  /** Always 200 while the process lives */
  find(options?: CallOptions): Promise<HealthFindOutput>
  /** 200 when requests are answered in full, else 503 */
  ready(options?: CallOptions): Promise<{ ready: boolean }>
}

export interface MetricsFindOutput {
  metrics: {
    name: string
    help: string
    type: 'counter' | 'gauge' | 'histogram'
    samples: {
      suffix?: string
      labels?: { [key: string]: string }
      value: number
    }[]
  }[]
}

/** What the platform measures of itself */
export interface Metrics {
  /** Every metric with its samples; as text for Prometheus at /metrics */
  find(options?: CallOptions): Promise<MetricsFindOutput>
}

export interface SettingsEvents {
  'settings-changed': { key: string }
}

/** Values that an administrator changes while the platform runs */
export interface Settings extends EventSource<SettingsEvents> {
  /** Every setting and its value, by key */
  find(options?: CallOptions): Promise<{ [key: string]: unknown }>
  /** Sets the ones named, all or none */
  patch(input?: { [key: string]: unknown }, options?: CallOptions): Promise<{ [key: string]: unknown }>
}

export interface StatusFindOutput {
  /** Seconds */
  uptime: number
  plugins: { [key: string]: unknown }
  [key: string]: unknown
}

/** What the platform and its plugins are doing */
export interface Status {
  /** The platform’s state, with what plugins report at the top level */
  find(options?: CallOptions): Promise<StatusFindOutput>
}

/** The services of @signalbox/core. */
export interface CoreServices {
  apiKeys: ApiKeys
  grants: Grants
  permissions: Permissions
  roles: Roles
  users: Users
  auth: Auth
  authentication: Authentication
  changes: Changes
  health: Health
  metrics: Metrics
  settings: Settings
  status: Status
}

/** The socket commands of @signalbox/core. */
export interface CoreCommands {
  /** Goes on with a new access token of the same user */
  'auth:refresh': {
    input: { accessToken: string }
    output: {
      /** ISO 8601 */
      expiresAt: string
    }
  }
  /**
   * Tells this socket what it missed: the changes after `since`, oldest first and before anything newer,
   * as the events they would have been. `reset` says what to read anew instead
   */
  resume: {
    input: {
      /** The greatest `seq` that was seen */
      since: number
      /** From `hello`, `reset` or `resumed`: what could be read then */
      epoch?: string
    }
    output: {
      seq: number
      epoch: string
    }
  }
}

/** @signalbox/core 0.1.0, to be given to a client among its `parts`. */
export const core = /* @__PURE__ */ part<CoreServices, CoreCommands>({
  apiKeys: { path: 'api-keys', singular: 'api-key', sort: {} },
  grants: { path: 'grants', singular: 'grant', sort: {} },
  permissions: {
    path: 'permissions',
    singular: 'permission',
    sort: { permissionKey: 1 },
    methods: { explain: 'GET /permissions/explain (input)' }
  },
  roles: { path: 'roles', singular: 'role', sort: { label: 1 } },
  users: {
    path: 'users',
    singular: 'user',
    sort: {},
    methods: { endSessions: 'POST /users/:id/end-sessions' }
  },
  auth: {
    path: 'auth',
    methods: {
      changePassword: 'POST /auth/change-password (input)',
      endSession: 'POST /auth/end-session (input)',
      login: 'POST /auth/login (input)',
      logout: 'POST /auth/logout',
      logoutEverywhere: 'POST /auth/logout-everywhere (input)',
      me: 'GET /auth/me',
      refresh: 'POST /auth/refresh (input)',
      sessions: 'GET /auth/sessions',
      verify: 'POST /auth/verify (input)'
    },
    events: ['auth:expiring']
  },
  authentication: { path: 'authentication', methods: { create: 'POST /authentication (input)' } },
  changes: { path: 'changes', methods: { find: 'GET /changes (input)' }, events: ['hello', 'reset'] },
  health: { path: 'health', methods: { find: 'GET /health', ready: 'GET /health/ready' } },
  metrics: { path: 'metrics', methods: { find: 'GET /metrics' } },
  settings: {
    path: 'settings',
    methods: { find: 'GET /settings', patch: 'PATCH /settings (input)' },
    events: ['settings-changed']
  },
  status: { path: 'status', methods: { find: 'GET /status' } }
})
