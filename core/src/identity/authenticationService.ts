import { defineService } from '@signalbox/plugin'
import { Type } from 'typebox'

/** Feathers' own authentication service, for stock Feathers clients. */
export const authentication = defineService({
  path: 'authentication',
  description: 'Feathers’ own way of signing in',
  methods: {
    create: {
      description: 'Signs in with the strategy `local`, or checks an access token with `jwt`',
      on: 'collection',
      route: '',
      permission: 'public',
      input: Type.Object({
        strategy: Type.Enum(['local', 'jwt']),
        email: Type.Optional(Type.String({ maxLength: 254 })),
        username: Type.Optional(Type.String({ maxLength: 254 })),
        password: Type.Optional(Type.String({ maxLength: 200 })),
        accessToken: Type.Optional(Type.String({ maxLength: 4096 }))
      }),
      output: Type.Object(
        { accessToken: Type.String(), user: Type.Unknown() },
        { additionalProperties: true }
      )
    }
  }
})
