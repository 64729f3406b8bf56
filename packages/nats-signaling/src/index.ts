export { type NatsSignalingOptions, natsSignaling } from './nats-signaling.ts'
