/** Which cluster a node belongs to. From the moment it does, it does for good: durably, before it answers a single frame of it. */
import type { Storage, StorageError } from '../storage.ts'
import { asStorageError } from './failure.ts'

export interface BelongingEffects {
  changed(): void
  failed(error: StorageError): void
}

export class Belonging {
  readonly #storage: Storage
  readonly #effects: BelongingEffects
  #durableId: string | undefined
  #adopting = false

  constructor(storage: Storage, effects: BelongingEffects) {
    this.#storage = storage
    this.#effects = effects
    this.#durableId = storage.recovered.identity.clusterId
  }

  /** `undefined` until it has been admitted to one. */
  get clusterId(): string | undefined {
    return this.#durableId
  }

  adopt(clusterId: string): void {
    if (this.#adopting) return
    this.#adopting = true
    this.#storage.setClusterId(clusterId).then(
      () => {
        this.#adopting = false
        this.#durableId = clusterId
        this.#effects.changed()
      },
      (cause: unknown) => {
        this.#adopting = false
        this.#effects.failed(asStorageError(cause))
      },
    )
  }
}
