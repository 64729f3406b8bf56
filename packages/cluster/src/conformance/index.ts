export * from './case.ts'
export * from './clock.ts'
export * from './storage.ts'
export * from './transport.ts'
