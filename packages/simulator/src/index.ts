export type { Action, Envelope } from './action.ts'
export { simulate, type SimulateOptions, type SimulationResult } from './run.ts'
