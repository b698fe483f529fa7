import { part, type Changed, type CallOptions, type ResourceClient, type Room } from '@signalbox/client'

/** What every record has. */
export interface BaseRecord {
  readonly id: string
  readonly version: number
  readonly createdAt: string
  readonly updatedAt: string
}

export interface User extends BaseRecord {
  email: string
  username: string | null
  firstName: string | null
  lastName: string | null
  role: string | null
  status: 'active' | 'suspended' | 'archived'
}

export interface Role extends BaseRecord {
  label: string
  description: string | null
  permissions: string[]
}

export interface Grant extends BaseRecord {
  subjectType: 'user' | 'role'
  subjectId: string
  permission: string
  effect: 'grant' | 'deny'
  scope: string
  validFrom: string | null
  validUntil: string | null
}

type Body<T> = Partial<Omit<T, keyof BaseRecord>>

/** A resource whose bodies are its own fields, as most are. */
export type PlainResource<R extends BaseRecord, E = {}, Extra = {}> = ResourceClient<
  R,
  R,
  Body<R> & Extra,
  Body<R> & Extra,
  Body<R> & Extra,
  E
>

export interface Users extends PlainResource<User, { 'user-changed': Changed<User> }, { password?: string }> {
  endSessions(id: string, options?: CallOptions): Promise<{ success: true }>
}

export interface CoreServices {
  users: Users
  roles: PlainResource<Role, { 'role-changed': Changed<Role> }, { id?: string }>
  grants: PlainResource<Grant, { 'grant-changed': Changed<Grant> }>
  auth: {
    sessions(options?: CallOptions): Promise<{ id: string; current: boolean }[]>
    verify(input?: { token?: string }, options?: CallOptions): Promise<{ valid: boolean }>
  }
  settings: {
    find(options?: CallOptions): Promise<Record<string, unknown>>
    patch(input: Record<string, unknown>, options?: CallOptions): Promise<Record<string, unknown>>
    on(event: 'settings-changed', listener: (payload: { key: string }) => void): () => void
  }
  changes: {
    find(
      input?: { since?: number; limit?: number; epoch?: string },
      options?: CallOptions
    ): Promise<{ changes: { seq: number; resource: string; recordId: string }[]; next: number }>
  }
}

/** The core, as `signalbox generate` would write it for the tests’ needs. */
export const core = part<CoreServices>({
  users: {
    path: 'users',
    singular: 'user',
    sort: {},
    methods: { endSessions: 'POST /users/:id/end-sessions' }
  },
  roles: { path: 'roles', singular: 'role', sort: { label: 1 } },
  grants: { path: 'grants', singular: 'grant', sort: {} },
  auth: { path: 'auth', methods: { sessions: 'GET /auth/sessions', verify: 'POST /auth/verify (input)' } },
  settings: {
    path: 'settings',
    methods: { find: 'GET /settings', patch: 'PATCH /settings (input)' },
    events: ['settings-changed']
  },
  changes: { path: 'changes', methods: { find: 'GET /changes (input)' }, events: ['hello', 'reset'] }
})

export interface Camera extends BaseRecord {
  name: string
  protocol: 'rtsp' | 'rtmp' | 'http' | 'onvif' | 'file' | 'test'
  streams: { main: string; sub?: string } | null
  username: string | null
  tags: string[]
  location: string | null
  model: string | null
  enabled: boolean
}

export interface Cameras extends PlainResource<Camera, { 'camera-changed': Changed<Camera> }> {
  test(id: string, options?: CallOptions): Promise<{ success: boolean }>
}

export interface Job extends BaseRecord {
  name: string
  cameraId: string
  enabled: boolean
  segmentDuration: number
}

export interface JobDetail extends Job {
  runtime: { running: boolean; state: string }
}

interface JobEvents {
  'job-changed': Changed<Job>
  'job:started': { jobId: string; jobName: string; pid: number }
  'job:stopped': { jobId: string; jobName: string; status: string }
  'job:log': { jobId: string; line: string }
}

export interface Jobs extends ResourceClient<Job, JobDetail, Body<Job>, Body<Job>, Body<Job>, JobEvents> {
  start(id: string, options?: CallOptions): Promise<JobDetail>
  stop(id: string, options?: CallOptions): Promise<JobDetail>
  logs(
    id: string,
    input?: { limit?: number },
    options?: CallOptions
  ): Promise<{ jobId: string; lines: string[] }>
  history(id: string, input?: { limit?: number }, options?: CallOptions): Promise<{ id: string }[]>
  followLogs(id: string): Room<Pick<JobEvents, 'job:log'>>
}

export interface RecorderServices {
  cameras: Cameras
  jobs: Jobs
}

export interface RecorderCommands {
  'subscribe:logs': { input: string; output: { room: string } }
  'unsubscribe:logs': { input: string; output: { room: string } }
}

/** The recorder, as `signalbox generate` would write it for the tests’ needs. */
export const recorderPart = part<RecorderServices, RecorderCommands>({
  cameras: {
    path: 'cameras',
    singular: 'camera',
    sort: { name: 1 },
    methods: { test: 'POST /cameras/:id/test' }
  },
  jobs: {
    path: 'jobs',
    singular: 'job',
    sort: { name: 1 },
    methods: {
      start: 'POST /jobs/:id/start',
      stop: 'POST /jobs/:id/stop',
      logs: 'GET /jobs/:id/logs (input)',
      history: 'GET /jobs/:id/history (input)'
    },
    events: ['job:started', 'job:stopped', 'job:log'],
    rooms: {
      followLogs: { join: 'subscribe:logs', leave: 'unsubscribe:logs', events: ['job:log'], key: 'jobId' }
    }
  }
})

export interface Lamp extends BaseRecord {
  name: string
  siteId: string | null
  ownerId: string | null
  watts: number | null
  height: number | null
  lit: boolean
  tags: string[]
  hungAt: string | null
}

export interface Lamps extends PlainResource<
  Lamp,
  { 'lamp-changed': Changed<Lamp>; blinked: { name: string } }
> {
  blink(id: string, options?: CallOptions): Promise<{ name: string }>
}

/** The lamps of `test/contract/estate.ts`. */
export const estatePart = part<{ lamps: Lamps }>({
  lamps: {
    path: 'lamps',
    singular: 'lamp',
    sort: {},
    methods: { blink: 'POST /lamps/:id/blink' },
    events: ['blinked']
  }
})

export interface Part extends BaseRecord {
  name: string
  quantity: number | null
  price: number | null
  inStock: boolean
  tags: string[]
  seenAt: string | null
}

/** The spare parts of `test/contract/parts.ts`. */
export const shelfPart = part<{ parts: PlainResource<Part, { 'part-changed': Changed<Part> }> }>({
  parts: { path: 'parts', singular: 'part', sort: { name: 1 } }
})
