import { part, type Room } from '@signalbox/client'
import { defineCommand, definePlugin, defineService, PlatformError } from '@signalbox/plugin'
import { Type } from 'typebox'

const said = Type.Object({ channel: Type.String(), text: Type.String() })

/** A service with rooms: what is said on a channel is told to those who follow it. */
const radio = defineService({
  path: 'radio',
  description: 'Channels',
  methods: {
    say: { description: 'Says it', on: 'collection', permission: 'signed-in', input: said },
    counts: {
      description: 'How often the channel was followed and left',
      on: 'collection',
      http: 'GET',
      permission: 'signed-in',
      input: Type.Object({ channel: Type.String() }),
      output: Type.Object({ joins: Type.Integer(), leaves: Type.Integer() })
    }
  },
  events: { said, announced: said }
})

const follow = defineCommand({
  name: 'radio:follow',
  description: 'Follows a channel',
  reply: 'radio:followed',
  input: Type.String({ minLength: 1 }),
  output: Type.Object({ room: Type.String() })
})

const leave = defineCommand({ ...follow, name: 'radio:leave', description: 'Leaves it', reply: 'radio:left' })

interface RadioEvents {
  said: { channel: string; text: string }
}

interface Radio {
  say(input: RadioEvents['said']): Promise<{ success: true }>
  counts(input: { channel: string }): Promise<{ joins: number; leaves: number }>
  on(event: 'announced' | 'said', listener: (payload: RadioEvents['said']) => void): () => void
  followChannel(channel: string): Room<RadioEvents>
}

interface RadioCommands {
  'radio:follow': { input: string; output: { room: string } }
  'radio:leave': { input: string; output: { room: string } }
}

export const radioPart = part<{ radio: Radio }, RadioCommands>({
  radio: {
    path: 'radio',
    methods: { say: 'POST /radio/say (input)', counts: 'GET /radio/counts (input)' },
    events: ['said', 'announced'],
    rooms: {
      followChannel: { join: 'radio:follow', leave: 'radio:leave', events: ['said'], key: 'channel' }
    }
  }
})

/** `slowly` holds back every answer to a join; channels that are `shut` are refused. */
export const radioStation = {
  slowly: undefined as Promise<void> | undefined,
  shut: new Set<string>(),
  plugin: () =>
    definePlugin({
      name: '@signalbox/radio',
      version: '1.0.0',
      platform: '^1.0.0',
      services: [radio],
      commands: [follow, leave],
      register(ctx) {
        const counts = new Map<string, { joins: number; leaves: number }>()
        const countOf = (channel: string) => {
          const count = counts.get(channel) ?? { joins: 0, leaves: 0 }
          counts.set(channel, count)
          return count
        }
        ctx.handle(radio, {
          say: ({ data }) => {
            ctx.running.emit(radio, 'said', data, { room: data.channel })
            ctx.running.emit(radio, 'announced', data)
          },
          counts: ({ data }) => countOf(data.channel)
        })
        ctx.command(follow, async (channel, connection) => {
          await radioStation.slowly
          if (radioStation.shut.has(channel))
            throw new PlatformError('forbidden', `Nobody may follow ${channel}.`)
          countOf(channel).joins++
          connection.join(channel)
          return { room: channel }
        })
        ctx.command(leave, (channel, connection) => {
          countOf(channel).leaves++
          connection.leave(channel)
          return { room: channel }
        })
      }
    })()
}
