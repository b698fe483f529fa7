import { defineService } from '@signalbox/plugin'
import { Type } from 'typebox'

const token = Type.String({ maxLength: 4096 })

/** What a successful log-in or refresh answers; the snake_case twins are for clients of the second document. */
export const signedIn = Type.Object({
  accessToken: token,
  token,
  refreshToken: token,
  expiresIn: Type.Integer({ description: 'Seconds until the access token runs out' }),
  user: Type.Unknown(),
  access_token: token,
  refresh_token: token,
  token_type: Type.Literal('bearer')
})

const listedSession = Type.Object({
  id: Type.String(),
  createdAt: Type.String({ format: 'date-time' }),
  lastUsedAt: Type.String({ format: 'date-time', description: 'The last refresh, or the log-in' }),
  expiresAt: Type.String({ format: 'date-time' }),
  address: Type.Union([Type.String(), Type.Null()]),
  userAgent: Type.Union([Type.String(), Type.Null()]),
  current: Type.Boolean({ description: 'Whether it is the one that asks' })
})

/** Signing in and out. */
export const auth = defineService({
  path: 'auth',
  description: 'Signing in and out',
  methods: {
    login: {
      description: 'Signs in with a password',
      on: 'collection',
      permission: 'public',
      input: Type.Object({
        email: Type.Optional(Type.String({ maxLength: 254 })),
        username: Type.Optional(Type.String({ maxLength: 254 })),
        password: Type.String({ minLength: 1, maxLength: 200 }),
        rememberMe: Type.Optional(Type.Boolean({ description: 'A refresh token for 30 days instead of 1' }))
      }),
      output: signedIn
    },
    refresh: {
      description: 'Exchanges a refresh token for new tokens',
      on: 'collection',
      permission: 'public',
      input: Type.Object({ refreshToken: token }),
      output: signedIn
    },
    logout: {
      description: 'Ends the session',
      on: 'collection',
      permission: 'signed-in',
      output: Type.Object({ success: Type.Literal(true) })
    },
    logoutEverywhere: {
      description: 'Ends all of one’s sessions, or all others',
      on: 'collection',
      permission: 'signed-in',
      input: Type.Object({
        others: Type.Optional(Type.Boolean({ description: 'Keep the session that asks' }))
      }),
      output: Type.Object({ success: Type.Literal(true) })
    },
    sessions: {
      description: 'One’s own sessions, the last used first',
      on: 'collection',
      http: 'GET',
      permission: 'signed-in',
      output: Type.Array(listedSession)
    },
    endSession: {
      description: 'Ends one of one’s own sessions',
      on: 'collection',
      permission: 'signed-in',
      input: Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }),
      output: Type.Object({ success: Type.Literal(true) })
    },
    me: {
      description: 'The signed-in user',
      on: 'collection',
      http: 'GET',
      permission: 'signed-in',
      output: Type.Unknown()
    },
    verify: {
      description: 'Tells whether an access token is good: the one given, else the request’s own',
      on: 'collection',
      permission: 'public',
      input: Type.Object({ token: Type.Optional(token) }),
      output: Type.Object({
        valid: Type.Boolean(),
        user: Type.Unknown(),
        exp: Type.Union([Type.Integer(), Type.Null()])
      })
    },
    changePassword: {
      description: 'Changes one’s password and ends one’s other sessions',
      on: 'collection',
      permission: 'signed-in',
      input: Type.Object({
        currentPassword: Type.String({ minLength: 1, maxLength: 200 }),
        newPassword: Type.String({ minLength: 8, maxLength: 200 })
      }),
      output: Type.Object({ success: Type.Literal(true) })
    }
  },
  events: {
    'auth:expiring': Type.Object({ expiresAt: Type.String({ format: 'date-time' }) })
  }
})
