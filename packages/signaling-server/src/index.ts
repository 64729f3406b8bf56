export { defaultLimits, type Limits } from './limits.ts'
export { jsonLog, type Log, type LogEvent } from './log.ts'
export type { AllowedOrigins } from './origin.ts'
export { type Health, type SignalingServer, type SignalingServerOptions, signalingServer } from './signaling-server.ts'
