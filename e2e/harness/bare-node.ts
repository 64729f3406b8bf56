/**
 * The floor under a commit: what channels and disks cost between the same tabs when there is no Raft. The leader sends to all and writes; each
 * follower writes, then answers; done when the leader has written and a majority has. Nothing is checked, numbered or kept in order by terms.
 */

/** What travels: one byte of kind, the number of a round or of a question, and the writes themselves. */
const APPEND = 0
const WRITTEN = 1
const ASK = 2
const ANSWER = 3
const HEADER_BYTES = 5
const WRITE_BYTES = 100
/** As many as a node of ours has under way at its disk; what comes meanwhile goes together, in one message and one transaction. */
const MAX_ROUNDS_UNDER_WAY = 2

export class BareNode {
  readonly #database: IDBDatabase
  readonly #channels: RTCDataChannel[] = []
  /** As the leader: by round, how many others have to say that they have written it. */
  readonly #missing = new Map<number, { count: number; readonly done: () => void }>()
  /** As a follower: by question. */
  readonly #asked = new Map<number, () => void>()
  #waiting: (() => void)[] = []
  #underWay = 0
  #numbers = 0
  #key = 0

  static async open(name: string): Promise<BareNode> {
    const opening = indexedDB.open(name)
    opening.onupgradeneeded = () => opening.result.createObjectStore('records')
    return new Promise((resolve, reject) => {
      opening.onsuccess = () => resolve(new BareNode(opening.result))
      opening.onerror = () => reject(opening.error)
    })
  }

  constructor(database: IDBDatabase) {
    this.#database = database
  }

  /** Resolves when it is open. */
  async add(channel: RTCDataChannel): Promise<void> {
    this.#channels.push(channel)
    channel.binaryType = 'arraybuffer'
    channel.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => this.#receive(channel, data)
    if (channel.readyState !== 'open') await new Promise(open => channel.addEventListener('open', open, { once: true }))
  }

  /** At the leader. */
  commit(): Promise<void> {
    return new Promise(done => {
      this.#waiting.push(done)
      this.#begin()
    })
  }

  /** At a follower: has the leader commit it. */
  ask(): Promise<void> {
    return new Promise(done => {
      const [leader] = this.#channels
      const number = this.#numbers++
      this.#asked.set(number, done)
      leader?.send(message(ASK, number, 1))
    })
  }

  close(): void {
    this.#database.close()
    indexedDB.deleteDatabase(this.#database.name)
  }

  async #begin(): Promise<void> {
    if (this.#underWay === MAX_ROUNDS_UNDER_WAY || this.#waiting.length === 0) return
    const taken = this.#waiting
    const round = this.#numbers++
    this.#waiting = []
    this.#underWay++
    const answered = new Promise<void>(done => {
      // Half of the others and the leader are a majority.
      this.#missing.set(round, { count: Math.ceil(this.#channels.length / 2), done })
    })
    const append = message(APPEND, round, taken.length)
    for (const channel of this.#channels) channel.send(append)
    await Promise.all([this.#write(taken.length), answered])
    this.#underWay--
    for (const done of taken) done()
    this.#begin()
  }

  #receive(from: RTCDataChannel, data: ArrayBuffer): void {
    const view = new DataView(data)
    const number = view.getUint32(1)
    switch (view.getUint8(0)) {
      case APPEND:
        return void this.#write((data.byteLength - HEADER_BYTES) / WRITE_BYTES).then(() =>
          from.send(message(WRITTEN, number, 0)),
        )
      case WRITTEN: {
        const missing = this.#missing.get(number)
        if (missing === undefined || --missing.count > 0) return
        this.#missing.delete(number)
        return missing.done()
      }
      case ASK:
        return void this.commit().then(() => from.send(message(ANSWER, number, 0)))
      case ANSWER:
        this.#asked.get(number)?.()
        this.#asked.delete(number)
    }
  }

  #write(writes: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const transaction = this.#database.transaction('records', 'readwrite', { durability: 'strict' })
      transaction.oncomplete = () => resolve()
      transaction.onabort = () => reject(transaction.error)
      const records = transaction.objectStore('records')
      for (let i = 0; i < writes; i++) records.put(new Uint8Array(WRITE_BYTES), this.#key++)
    })
  }
}

function message(kind: number, number: number, writes: number): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(HEADER_BYTES + writes * WRITE_BYTES))
  view.setUint8(0, kind)
  view.setUint32(1, number)
  return view.buffer
}
