/**
 * Deleting this browser's node of a board, to join it as another. All tabs of a browser share that node, and its database goes only when
 * none of them has it open. So the tab in which somebody asks tells the others to let go of it, and they load themselves anew when it is done.
 */

/** For so long the others are waited for: one that is asleep does not hear. Milliseconds. */
const PATIENCE_MS = 5_000
const LOOK_EVERY_MS = 100

/** `held`: a tab of this browser does not let go of it. */
export type Forgotten = 'deleted' | 'held'

interface ForgettersRoom {
  readonly room: string
  close(): Promise<void>
}

export class Forgetting {
  readonly #room: ForgettersRoom
  readonly #channel: BroadcastChannel
  #hasLetGo = false

  constructor(room: ForgettersRoom) {
    this.#room = room
    this.#channel = new BroadcastChannel(this.#name)
    this.#channel.onmessage = () => void this.#letGo()
  }

  /** Rejects with a StorageError where the browser does not let it be deleted. What waits to be sent is kept. */
  async forget(): Promise<Forgotten> {
    // What cannot be fetched must not have closed anything.
    const { deleteStoredNodes } = await import('@flotilla/browser-node/stored')
    const forgotten = await navigator.locks.request(this.#name, { ifAvailable: true }, async lock => {
      if (lock === null || this.#hasLetGo) return undefined
      await this.#room.close()
      const end = performance.now() + PATIENCE_MS
      for (;;) {
        // Again and again: one may just be loading.
        this.#channel.postMessage('let go')
        if (await deleteStoredNodes(this.#room.room)) return 'deleted'
        if (performance.now() > end) return 'held'
        await new Promise(resolve => setTimeout(resolve, LOOK_EVERY_MS))
      }
    })
    // Another tab is at it, and has told this one or is about to.
    return forgotten ?? new Promise(() => undefined)
  }

  async #letGo(): Promise<void> {
    if (this.#hasLetGo) return
    this.#hasLetGo = true
    await this.#room.close()
    // Held for as long as the other tab is at it, or lives.
    await navigator.locks.request(this.#name, () => location.reload())
  }

  get #name(): string {
    return `flotilla-board/${this.#room.room}`
  }
}
