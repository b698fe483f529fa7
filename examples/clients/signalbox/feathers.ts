// Made by signalbox generate from manifest 9c5d3aee08fdecc2254371ab04daee2f; do not edit.
/* eslint-disable */
import type { FeathersParams, FeathersResource } from '@signalbox/client'
import type {
  ApiKey,
  ApiKeyCreate,
  ApiKeyPatch,
  ApiKeyUpdate,
  AuthChangePasswordInput,
  AuthEndSessionInput,
  AuthLoginInput,
  AuthLoginOutput,
  AuthLogoutEverywhereInput,
  AuthRefreshInput,
  AuthRefreshOutput,
  AuthSessionsItem,
  AuthVerifyInput,
  AuthVerifyOutput,
  AuthenticationCreateInput,
  AuthenticationCreateOutput,
  ChangesFindInput,
  ChangesFindOutput,
  Grant,
  GrantCreate,
  GrantPatch,
  GrantUpdate,
  HealthFindOutput,
  MetricsFindOutput,
  Permission,
  PermissionCreate,
  PermissionExplainInput,
  PermissionExplainOutput,
  PermissionPatch,
  PermissionUpdate,
  Role,
  RoleCreate,
  RolePatch,
  RoleUpdate,
  StatusFindOutput,
  User,
  UserCreate,
  UserPatch,
  UserUpdate
} from './core.js'
import type {
  Camera,
  CameraCreate,
  CameraPatch,
  CameraTestOutput,
  CameraUpdate,
  Job,
  JobCreate,
  JobDetail,
  JobHistoryInput,
  JobHistoryItem,
  JobLogsInput,
  JobLogsOutput,
  JobPatch,
  JobUpdate
} from './recorder.js'

/** The services of Signalbox 0.1.0, by path, for `feathers<ServiceTypes>()`. */
export interface ServiceTypes {
  /** Keys with which programs call in the name of an account */
  'api-keys': FeathersResource<ApiKey, ApiKey, ApiKeyCreate, ApiKeyUpdate, ApiKeyPatch>
  /** Permissions given to, or denied, a person or a role directly; a deny beats every grant */
  grants: FeathersResource<Grant, Grant, GrantCreate, GrantUpdate, GrantPatch>
  /** Permission keys */
  permissions: FeathersResource<
    Permission,
    Permission,
    PermissionCreate,
    PermissionUpdate,
    PermissionPatch
  > & {
    /** Whether somebody holds a permission, where, and which grant or deny decides it */
    explain(data: PermissionExplainInput, params?: FeathersParams): Promise<PermissionExplainOutput>
  }
  /** Named sets of permissions */
  roles: FeathersResource<Role, Role, RoleCreate, RoleUpdate, RolePatch>
  /** People who may sign in */
  users: FeathersResource<User, User, UserCreate, UserUpdate, UserPatch> & {
    /** Signs the user out everywhere */
    endSessions(data: { id: string }, params?: FeathersParams): Promise<{ success: true }>
  }
  /** Signing in and out */
  auth: {
    /** Changes one’s password and ends one’s other sessions */
    changePassword(data: AuthChangePasswordInput, params?: FeathersParams): Promise<{ success: true }>
    /** Ends one of one’s own sessions */
    endSession(data: AuthEndSessionInput, params?: FeathersParams): Promise<{ success: true }>
    /** Signs in with a password */
    login(data: AuthLoginInput, params?: FeathersParams): Promise<AuthLoginOutput>
    /** Ends the session */
    logout(data: {}, params?: FeathersParams): Promise<{ success: true }>
    /** Ends all of one’s sessions, or all others */
    logoutEverywhere(data: AuthLogoutEverywhereInput, params?: FeathersParams): Promise<{ success: true }>
    /** The signed-in user */
    me(data: {}, params?: FeathersParams): Promise<unknown>
    /** Exchanges a refresh token for new tokens */
    refresh(data: AuthRefreshInput, params?: FeathersParams): Promise<AuthRefreshOutput>
    /** One’s own sessions, the last used first */
    sessions(data: {}, params?: FeathersParams): Promise<AuthSessionsItem[]>
    /** Tells whether an access token is good: the one given, else the request’s own */
    verify(data: AuthVerifyInput, params?: FeathersParams): Promise<AuthVerifyOutput>
  }
  /** Feathers’ own way of signing in */
  authentication: {
    /** Signs in with the strategy `local`, or checks an access token with `jwt` */
    create(data: AuthenticationCreateInput, params?: FeathersParams): Promise<AuthenticationCreateOutput>
  }
  /** The feed of committed changes */
  changes: {
    /** The changes after `since` that the caller may read, oldest first */
    find(params?: FeathersParams<ChangesFindInput>): Promise<ChangesFindOutput>
  }
  /** Whether the platform is well */
  health: {
    /** Always 200 while the process lives */
    find(params?: FeathersParams): Promise<HealthFindOutput>
    /** 200 when requests are answered in full, else 503 */
    ready(data: {}, params?: FeathersParams): Promise<{ ready: boolean }>
  }
  /** What the platform measures of itself */
  metrics: {
    /** Every metric with its samples; as text for Prometheus at /metrics */
    find(params?: FeathersParams): Promise<MetricsFindOutput>
  }
  /** Values that an administrator changes while the platform runs */
  settings: {
    /** Every setting and its value, by key */
    find(params?: FeathersParams): Promise<{ [key: string]: unknown }>
    /** Sets the ones named, all or none */
    patch(
      id: null,
      data: { [key: string]: unknown },
      params?: FeathersParams
    ): Promise<{ [key: string]: unknown }>
  }
  /** What the platform and its plugins are doing */
  status: {
    /** The platform’s state, with what plugins report at the top level */
    find(params?: FeathersParams): Promise<StatusFindOutput>
  }
  /** Cameras: where their picture comes from */
  cameras: FeathersResource<Camera, Camera, CameraCreate, CameraUpdate, CameraPatch> & {
    /** Looks at what the camera sends; one that cannot be reached is an answer, not an error */
    test(data: { id: string }, params?: FeathersParams): Promise<CameraTestOutput>
  }
  /** Recording jobs: what is done with a camera’s picture, when, and where the files go */
  jobs: FeathersResource<Job, JobDetail, JobCreate, JobUpdate, JobPatch> & {
    /** The job’s runs, newest first */
    history(data: { id: string } & JobHistoryInput, params?: FeathersParams): Promise<JobHistoryItem[]>
    /** The newest lines of the job’s log, oldest of them first */
    logs(data: { id: string } & JobLogsInput, params?: FeathersParams): Promise<JobLogsOutput>
    /** Starts the job; 409 where it runs already */
    start(data: { id: string }, params?: FeathersParams): Promise<JobDetail>
    /** Stops the job; resolves when its files are in place */
    stop(data: { id: string }, params?: FeathersParams): Promise<JobDetail>
  }
}
