export * from './createTasks.ts'
export * from './taskMigrations.ts'
export * from './Tasks.ts'
export * from './TaskStore.ts'
