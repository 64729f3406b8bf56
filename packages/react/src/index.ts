export { ClusterProvider, type ClusterProviderProps, useSharedState } from './room.tsx'
export { useClusterStatus, usePeers } from './use-cluster-status.ts'
export { usePresence } from './use-presence.ts'
export { useHistory, useMachine, usePending, useReplicated } from './use-replicated.ts'
