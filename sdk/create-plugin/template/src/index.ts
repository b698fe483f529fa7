export { gatehouse } from './plugin.ts'
export { doors } from './resources/doors.ts'
