/** One room as this browser has it: its nodes, its outbox, and the way to be rid of them. */
import { deleteStoredRoom, type InspectedCommand, type StoredRoom } from '@flotilla/browser-node/stored'
import { preview } from '@flotilla/cluster/inspection'
import { useId, useState } from 'react'
import { Dialog } from '../shell/dialog.tsx'
import { phrase } from '../words/phrase.ts'
import { stored as words } from '../words/stored.ts'
import { NodePart } from './node-part.tsx'
import { PreviewText } from './preview-text.tsx'

interface RoomCardProps {
  readonly stored: StoredRoom
  readonly onDeleted: () => void
}

export function RoomCard({ stored, onDeleted }: RoomCardProps) {
  const { room, nodes, outbox, isOpen } = stored
  const heading = useId()
  return (
    <section className="card stored-room" aria-labelledby={heading}>
      <h2 id={heading}>
        {words().room(room)}
        {isOpen && <span className="stored-tag">{words().isOpen}</span>}
      </h2>
      {nodes.map(node => (
        <NodePart key={node.nodeId} node={node} />
      ))}
      {outbox !== undefined && (
        <div className="stored-outbox">
          <h3>{words().outbox}</h3>
          {outbox.waiting.length === 0 && outbox.lost.length === 0 && outbox.refused.length === 0 && (
            <p>{words().outboxEmpty}</p>
          )}
          <Commands about={words().waiting} commands={outbox.waiting} />
          <Commands about={words().lost} commands={outbox.lost} />
          <Commands about={words().refused} commands={outbox.refused} />
          {outbox.problems.map(({ message }) => (
            <p key={message} className="stored-problem">
              {phrase(message)}
            </p>
          ))}
        </div>
      )}
      <Deleting stored={stored} onDeleted={onDeleted} />
    </section>
  )
}

interface CommandsProps {
  readonly about: (commands: number) => string
  readonly commands: readonly InspectedCommand[]
}

const MOST = 20

function Commands({ about, commands }: CommandsProps) {
  if (commands.length === 0) return null
  return (
    <>
      <p>{about(commands.length)}</p>
      <ul>
        {commands.slice(0, MOST).map(({ line, number, data }) => (
          <li key={`${line} ${number}`}>
            <PreviewText preview={preview(data)} />
          </li>
        ))}
        {commands.length > MOST && <li>…</li>}
      </ul>
    </>
  )
}

function Deleting({ stored: { room, outbox, isOpen }, onDeleted }: RoomCardProps) {
  const [isAsking, setAsking] = useState(false)
  const [refusal, setRefusal] = useState<string | undefined>(undefined)
  const text = words()
  const waiting = outbox?.waiting.length ?? 0
  const remove = async (): Promise<void> => {
    try {
      if (await deleteStoredRoom(room)) {
        setAsking(false)
        onDeleted()
      } else setRefusal(text.inUse)
    } catch (error) {
      setRefusal(`${text.notDeleted} ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  if (isOpen) return <p className="stored-foot">{text.cannotDelete}</p>
  return (
    <div className="stored-foot">
      <button
        type="button"
        className="button danger"
        onClick={() => {
          setRefusal(undefined)
          setAsking(true)
        }}
      >
        {text.delete}
      </button>
      <Dialog title={text.confirm(room)} open={isAsking} onClose={() => setAsking(false)}>
        <p>{text.confirmWhat}</p>
        <p>{text.confirmVote}</p>
        {waiting > 0 && <p>{text.confirmWaiting(waiting)}</p>}
        <p role="alert" className="stored-problem">
          {refusal}
        </p>
        <p className="stored-choice">
          <button type="button" className="button" onClick={() => setAsking(false)}>
            {text.cancel}
          </button>
          <button type="button" className="button danger" onClick={() => void remove()}>
            {text.confirmDelete}
          </button>
        </p>
      </Dialog>
    </div>
  )
}
