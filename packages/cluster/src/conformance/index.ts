export * from './case.ts'
export * from './storage.ts'
