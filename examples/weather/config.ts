import { type Static, Type } from 'typebox'

/** What a deployment says about its weather stations. */
export const weatherConfig = Type.Object({
  intervalSeconds: Type.Integer({
    default: 60,
    minimum: 1,
    description: 'How often every station is asked, in seconds'
  }),
  timeoutSeconds: Type.Integer({
    default: 5,
    minimum: 1,
    description: 'How long a station may take to answer, in seconds'
  })
})

export type WeatherConfig = Static<typeof weatherConfig>
