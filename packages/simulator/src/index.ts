export type { Action, Envelope } from './action.ts'
export { type SimulateOptions, type SimulationResult, simulate } from './run.ts'
