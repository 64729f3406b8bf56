/** In a worker: a node, for the page that has this worker (`node-over-port.ts`). */
import { liveThrough, type PageEvent, tellThisThread } from '@flotilla/browser-node/off-the-page'
import type { LiveRoom, ServedNode, Tell } from './live-node.ts'
import type { Answer, FromNode, MessagesEnd, Question, ToNode } from './messages.ts'
import { toldFailure } from './told-failure.ts'
import { Untold } from './untold.ts'

export function serveNode(
  page: MessagesEnd<FromNode>,
  open: (room: LiveRoom, connections: MessagePort, tell: Tell) => ServedNode,
): void {
  let served: NodeService | undefined
  page.onmessage = ({ data }: MessageEvent<ToNode>) => {
    if (data.kind === 'open') served ??= new NodeService(page, tell => open(data.room, data.connections, tell))
    else served?.hear(data)
  }
  page.postMessage({ kind: 'ready' })
}

class NodeService {
  readonly #page: MessagesEnd<FromNode>
  readonly #node: ServedNode
  readonly #untold = new Untold()
  /** The page is reading. What happens meanwhile is told together. */
  #isReading = false
  #willTell = false

  constructor(page: MessagesEnd<FromNode>, open: (tell: Tell) => ServedNode) {
    this.#page = page
    this.#node = open(told => {
      // A view of a frame would bring the whole frame along.
      this.#untold.add(told.kind === 'observed' ? { ...told, payload: told.payload.slice() } : told)
      this.#tellSoon()
    })
    this.#node.opened.then(
      () => this.#answer({ kind: 'opened' }),
      (error: unknown) => this.#answer({ kind: 'failed', failure: toldFailure(error) }),
    )
  }

  hear(asked: Exclude<ToNode, { readonly kind: 'open' }>): void {
    switch (asked.kind) {
      case 'read':
        this.#isReading = false
        return this.#tellSoon()
      case 'ask': {
        const { id } = asked
        return void this.#answerTo(asked.question).then(answer => this.#answer({ kind: 'answer', id, answer }))
      }
      case 'observe':
        return this.#node.observe(asked.payload, asked.to)
      case 'controls':
        return this.#node.setControls(asked.controls)
      case 'crash':
        return this.#node.crash()
      case 'alive?':
        return this.#page.postMessage({ kind: 'alive' })
      case 'page':
        return this.#livesThrough(asked.event)
      default:
        asked satisfies never
    }
  }

  async #answerTo(question: Question): Promise<Answer> {
    const node = this.#node
    try {
      switch (question.kind) {
        case 'set': {
          const { key, value, timeoutMs } = question
          return { kind: 'written', written: await node.set(key, value, timeoutMs) }
        }
        case 'get': {
          const { key, consistency, timeoutMs } = question
          return { kind: 'value', value: await node.get(key, consistency, timeoutMs) }
        }
        default:
          await node.change(question)
          return { kind: 'changed' }
      }
    } catch (error) {
      return { kind: 'refused', failure: toldFailure(error) }
    }
  }

  #livesThrough(event: PageEvent): void {
    liveThrough(event, this.#node, tellThisThread)
    if (event !== 'closes') return
    const events = this.#untold.take().flatMap(told => (told.kind === 'trace' ? told.event : []))
    this.#node.sayLastWords(events)
  }

  // ---- What the page is told ------------------------------------------------------------------------------------------

  /** After whatever happens in this task: a frame of a node is many events. */
  #tellSoon(): void {
    if (this.#willTell || this.#isReading) return
    this.#willTell = true
    queueMicrotask(() => {
      this.#willTell = false
      if (!this.#isReading) this.#tell()
    })
  }

  #tell(): void {
    const told = this.#untold.take()
    if (told.length === 0) return
    this.#isReading = true
    this.#page.postMessage({ kind: 'told', told })
  }

  /** Whoever has an answer knows what led to it. */
  #answer(answer: FromNode): void {
    this.#tell()
    this.#page.postMessage(answer)
  }
}
