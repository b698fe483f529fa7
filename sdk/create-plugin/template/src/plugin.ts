import { definePlugin } from '@signalbox/plugin'
import { config } from './config.ts'
import { Doors } from './Doors.ts'
import { migrations } from './migrations.ts'
import { doors } from './resources/doors.ts'

/** Doors that lock themselves again. */
export const gatehouse = definePlugin({
  name: 'signalbox-plugin-gatehouse',
  version: '0.1.0',
  platform: '^1.0.0',
  config,
  resources: [doors],
  migrations,
  start: (ctx) => Doors.start(ctx),
  register(ctx) {
    ctx.handle(doors, { unlock: ({ id }) => ctx.started.unlock(id) })
  }
})
