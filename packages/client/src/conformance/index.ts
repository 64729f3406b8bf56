export { type PortSubject, portConformance } from './port.ts'
export { portsOverTransports, type Site } from './ports-over-transports.ts'
