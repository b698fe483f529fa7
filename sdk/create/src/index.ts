export { createDeployment } from './createDeployment.ts'
export { main, type MainOptions } from './main.ts'
export { scaffold, type ScaffoldOptions } from './scaffold.ts'
